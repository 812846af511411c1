"""Training networks of one's own."""

from __future__ import annotations

from salviewer.app.menus.spec import LINE, Menu, Spec


class TrainMenu(Menu):
    """Trainings, and the models that came of them."""

    TITLE = "&Train"
    SPECS = (
        Spec("new_training", "&New…", ("Ctrl+T",), tip="Train a network on eye-tracking data of your own"),
        Spec("trainings", "&Trainings", ("Ctrl+Shift+T",), tip="Runs under way and those that ended"),
        LINE,
        Spec("own_models", "&Models…", tip="Models of your own: use, export, import, delete"),
    )

    def new_training(self) -> None:
        """Choose data and a recipe."""
        self.window.training.show_new()

    def trainings(self) -> None:
        """Look at the runs."""
        self.window.training.show_runs()

    def own_models(self) -> None:
        """Look at the own models."""
        self.window.training.show_models()
