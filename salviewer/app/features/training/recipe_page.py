"""The second page of a new training: the network, its start and its recipe."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QWidget,
)

from salviewer.app.features.training.estimating import estimate
from salviewer.app.features.training.recipe_form import RecipeForm
from salviewer.app.features.training.split_choice import SplitChoice
from salviewer.app.features.training.start_choice import StartChoice
from salviewer.app.shell.file_dialogs import ask_file, ask_new_file
from salviewer.app.translation import mark, tr
from salviewer.app.widgets.buttons import button, label, label_for, set_role, with_name
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.layouts import STRETCH, add_items, in_column, in_row
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.availability import imagenet_package, imagenet_weights
from salviewer.models.catalog import DEFAULT_MODEL
from salviewer.training.order import Order
from salviewer.training.recipe import Recipe, load_recipe, recipes_for
from salviewer.training.run_setup import free_name, place_of, recipes_folder, save_recipe, saved_recipes
from salviewer.training.survey import Survey

if TYPE_CHECKING:
    from salviewer.app.features.training.services import TrainingServices

_WIDE = 190
_KIND = mark("Recipes (*.json)")
_NO_IMAGENET = mark(
    "ImageNet's weights are not installed ({package}): start from a model, or choose other initial weights."
)

_ABOUT = {
    "reward": mark(
        "Places drawn from the map earn a reward where people looked. It makes sense for a network that is"
        " trained already, when hitting what is looked at matters more than the map's values: maps get"
        " sharper."
    ),
}
"""Tooltips of recipes."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The user's choices.

    Attributes:
        order, recipe, draw: as in `prepare`.
        resume: folder of a run to continue instead.
    """

    order: Order
    recipe: Recipe
    draw: bool
    resume: Path | None = None


class RecipePage(QWidget):
    """`changed` is emitted when `fault` may have changed; while it is empty, there is a `plan`."""

    changed = Signal()

    def __init__(self, services: TrainingServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fault = ""
        self._services = services
        self._survey: Survey | None = None
        self._timed: tuple[object, ...] | None = None  # what the estimate is for
        recipe = load_recipe(ARCHITECTURES[DEFAULT_MODEL].recipe, DEFAULT_MODEL)
        self.form = RecipeForm(recipe, [(entry.name, entry.title) for entry in services.models.all])
        self.form.changed.connect(self._edited)
        self.form.input_changed.connect(self._show_output)
        self._build()
        services.estimating.done.connect(lambda text: self._say_estimate(text))
        services.estimating.failed.connect(lambda text: self._say_estimate(text, "trouble"))
        services.estimating.busy_changed.connect(lambda _: self._arrange_estimate())
        self._choose_network(DEFAULT_MODEL)

    def _build(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(tr("Name of the run"))
        self.name.textEdited.connect(lambda _: self._edited())
        self.network = Choice(tr("Network"))
        self.network.fill([(row.name, row.title, "") for row in ARCHITECTURES.values()])
        self.network.chosen.connect(self._choose_network)
        self.preset = Choice(tr("Recipe"))
        self.preset.chosen.connect(self._choose_preset)
        self.start = StartChoice()
        self.start.decided.connect(self._choose_start)
        self.device = Choice(tr("Device"))
        self.device.fill(
            [("auto", tr("Automatic"), tr("A graphics card when there is one")), *self._services.devices]
        )
        self.device.chosen.connect(lambda _: self._edited())
        self.split = SplitChoice()
        self.split.decided.connect(self._edited)
        self.seed = QLineEdit("0")
        self.seed.textEdited.connect(lambda _: self._edited())
        self.save = button(
            "saveRecipe", tr("Save recipe…"), tr("Save these values as a recipe file"), self._save
        )
        self.load = button("loadRecipe", tr("Open…"), tr("Load the values from a recipe file"), self._load)
        rows = (
            (tr("&Name"), self.name, "runName", tr("Name of the run's folder")),
            (tr("Net&work"), self.network, "network", tr("The network to train")),
            (tr("&Recipe"), self.preset, "preset", tr("Starting values; you can change each below")),
            (tr("Start &from"), self.start, "startFrom", tr("The weights before the first step")),
            (tr("&Device"), self.device, "trainDevice", tr("The device to train on")),
            (tr("S&plit"), self.split, "split", tr("Which pictures are held out and never trained on")),
            (
                tr("S&eed"),
                self.seed,
                "seed",
                tr("Seed of initial weights, order and augmentation"),
            ),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(4, 1)
        for number, (text, editor, name, tip) in enumerate(rows):
            place = (number % 4, 3 * (number // 4))
            editor.setObjectName(name)
            editor.setToolTip(tip)
            editor.setAccessibleName(text.replace("&", ""))
            editor.setMinimumWidth(_WIDE)
            grid.addWidget(label_for(editor, text), *place)
            grid.addWidget(editor, place[0], place[1] + 1)
        files = in_row(self.load, self.save, STRETCH, spacing=8)
        grid.addLayout(files, 3, 4)
        grid.setColumnMinimumWidth(2, 18)
        scroll = with_name(QScrollArea(), "recipeScroll")
        scroll.setWidget(self.form)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self.guess = button("estimate", tr("&Estimate"), tr("Time a few steps now"), self._estimate)
        self.said = label("", "muted", wrap=True, name="estimateSaid")
        row = in_row(self.guess, (self.said, 1))
        self.trouble = label("", "trouble", wrap=True, name="recipeFault")
        column = in_column(within=self, spacing=10, margins=0)
        line = QFrame()
        line.setProperty("role", "line")
        add_items(column, grid, line, (scroll, 1), self.trouble, row)
        self._arrange_estimate()

    def set_survey(self, survey: Survey) -> None:
        """Set the data to train on."""
        self._survey = survey
        self.split.offer(survey)
        self._fill_presets()
        if not survey.labelled:
            self._choose_preset("unlabelled")
        self._fill_starts()
        self._propose_name()
        self._edited()

    def plan(self) -> Plan:
        """Return the choices.

        Raises:
            ValueError: a choice is wrong, as `fault` says.
        """
        assert self._survey is not None
        order = Order(
            data=self._survey.root,
            model=self._network,
            run=place_of(self.name.text()),
            device=str(self.device.currentData()),
            seed=int(self.seed.text()),
            split=self.split.file,
            start=self.start.start,
        )
        return Plan(order, self.form.recipe(), self.split.draw, self.start.resume)

    @property
    def _network(self) -> str:
        return str(self.network.currentData())

    def _propose_name(self) -> None:
        assert self._survey is not None
        title = ARCHITECTURES[self._network].title.partition(" (")[0]
        name = tr("{title} on {name}", title=title, name=self._survey.root.name)
        self._services.tasks.do(tr("naming the run"), lambda: free_name(name), self._set_name, owner=self)

    def _set_name(self, name: str) -> None:
        if not self.name.isModified():
            self.name.setText(name)
            self._edited()

    def _choose_network(self, network: str) -> None:
        self.network.select(network)
        self._fill_presets()
        self._choose_preset(ARCHITECTURES[network].recipe)
        self._fill_starts()
        if self._survey is not None:
            if not self._survey.labelled:
                self._choose_preset("unlabelled")
            self._propose_name()

    def _fill_presets(self) -> None:
        about = {name: tr(text) for name, text in _ABOUT.items()}
        named = [(name, name, about.get(name, "")) for name in recipes_for(self._network)]

        def fill(saved: tuple[Path, ...]) -> None:
            self.preset.fill([*named, *((str(path), path.stem, str(path)) for path in saved)])

        fill(())
        self._services.tasks.do(tr("listing the recipes"), saved_recipes, fill, owner=self)

    def _choose_preset(self, ref: str) -> None:
        network = self._network
        if ref in recipes_for(network):
            self.preset.select(ref)
            self.form.set_recipe(load_recipe(ref, network))
            return

        def show(recipe: Recipe) -> None:
            self.preset.select(ref)
            self.form.set_recipe(recipe)
            self._show_output()

        self._services.tasks.do(
            tr("reading the recipe"), lambda: load_recipe(ref, network), show, self._complain, self
        )

    def _fill_starts(self) -> None:
        self.start.offer(self._network, self._services.models.all, self._services.runs.all)

    def _choose_start(self) -> None:
        """Show the recipe of a run that is continued."""
        if (root := self.start.resume) is not None:
            network = self._network
            self._services.tasks.do(
                tr("reading the recipe"),
                lambda: load_recipe(str(root / "recipe.json"), network),
                self.form.set_recipe,
                self._complain,
                self,
            )
        self._edited()

    def _show_output(self) -> None:
        """Show the network's output size for the input size."""
        with suppress(ValueError):
            size = self.form.recipe().input_size
            self.form.set_output(ARCHITECTURES[self._network].output_for(size))

    def _edited(self) -> None:
        resuming = self.start.resume is not None
        for widget in (self.form, self.name, self.network, self.preset, self.split, self.seed, self.device):
            widget.setEnabled(not resuming)
        fault = "" if resuming else self._what_is_wrong()
        if self._timed is not None and self._timed != self._what_is_timed():
            self._timed = None
            self._services.estimating.cancel()
            self._say_estimate("")
        if fault != self.fault or fault != self.trouble.text():
            self.fault = fault
            self.trouble.setText(fault)
        self.trouble.setVisible(bool(fault))
        self.guess.setEnabled(not fault and not resuming)
        self.changed.emit()

    def _what_is_wrong(self) -> str:
        if self.form.fault:
            return self.form.fault
        if not self.name.text().strip():
            return tr("The run needs a name.")
        if not self.seed.text().strip().isdecimal():
            return tr("The seed {seed!r} is not a whole number from 0.", seed=self.seed.text())
        recipe = self.form.recipe()
        if recipe.init == "imagenet" and not self.start.start and not imagenet_weights(self._network):
            return tr(_NO_IMAGENET, package=imagenet_package(self._network).replace("_", "-"))
        if self._survey is not None and not self._survey.labelled and not recipe.teacher:
            return tr(
                "Photographs without ground truth need a teacher: choose one, or the recipe `unlabelled`."
            )
        return ""

    def _complain(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()

    def _estimate(self) -> None:
        """Start the estimate, or stop it."""
        if self._services.estimating.busy:
            self._services.estimating.cancel()
            self._say_estimate("")
            return
        assert self._survey is not None
        plan, pictures = self.plan(), self._survey.split[0]
        self._timed = self._what_is_timed()
        self._say_estimate(tr("Timing the first steps…"))
        self._services.estimating.begin(
            lambda tell, stop: estimate(plan.order, plan.recipe, pictures, tell, stop)
        )

    def _what_is_timed(self) -> tuple[object, ...]:
        """Return everything on which the estimate depends."""
        chosen = (self.network, self.start, self.device)
        return (self._survey, self.form.texts(), *(choice.currentData() for choice in chosen))

    def _say_estimate(self, text: str, role: str = "muted") -> None:
        set_role(self.said, role)
        self.said.setText(text)

    def _arrange_estimate(self) -> None:
        busy = self._services.estimating.busy
        self.guess.setText(tr("&Cancel") if busy else tr("&Estimate"))

    def _save(self) -> None:
        if self.form.fault:
            self._complain(self.form.fault)
            return
        recipe = self.form.recipe()

        def saved(path: Path) -> None:
            self._fill_presets()
            self._choose_preset(str(path))

        def save(text: str) -> None:
            path = Path(text)
            self._services.tasks.do(
                tr("saving the recipe"), lambda: save_recipe(path, recipe), saved, self._complain, self
            )

        ask_new_file(
            self, tr("Save the recipe"), tr(_KIND), f"{recipe.name}.json", save, folder=str(recipes_folder())
        )

    def _load(self) -> None:
        ask_file(self, tr("Open a recipe"), tr(_KIND), self._choose_preset, folder=str(recipes_folder()))
