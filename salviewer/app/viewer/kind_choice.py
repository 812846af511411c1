"""What kind of picture it is, and how well the model in use does on pictures of that kind."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from salviewer.app.state.models import ModelList
from salviewer.app.state.picture_kind import PictureKind
from salviewer.app.state.session import Session
from salviewer.app.translation import enumerated, mark, tr
from salviewer.app.widgets.controls import Choice
from salviewer.models.card import ModelCard
from salviewer.models.kind_scores import KINDS, Kind, score_of

TITLES: dict[Kind, str] = {
    "photograph": mark("Photograph"),
    "advertisement": mark("Advertisement"),
    "page": mark("Page"),
}
ABOUT: dict[Kind, str] = {
    "photograph": mark("People, things, places, as a camera sees them"),
    "advertisement": mark("Advertisements, product pictures, posters"),
    "page": mark("Web pages, newsletters, charts, app screens"),
}
FOUND: dict[Kind, str] = {
    "photograph": mark("Automatic: photograph"),
    "advertisement": mark("Automatic: advertisement"),
    "page": mark("Automatic: page"),
}
MANY: dict[Kind, str] = {
    "photograph": mark("photographs"),
    "advertisement": mark("advertisements"),
    "page": mark("pages"),
}
SCORED: dict[Kind, str] = {
    "photograph": mark("On photographs: NSS {nss:.2f}, from {count} pictures it had not seen."),
    "advertisement": mark("On advertisements: NSS {nss:.2f}, from {count} pictures it had not seen."),
    "page": mark("On pages: NSS {nss:.2f}, from {count} pictures it had not seen."),
}
UNSCORED: dict[Kind, str] = {
    "photograph": mark("Not measured on photographs."),
    "advertisement": mark("Not measured on advertisements."),
    "page": mark("Not measured on pages."),
}


class KindChoice(QWidget):
    """Shows the kind of the picture, lets the user choose another, and says what that means for the model."""

    def __init__(
        self, kinds: PictureKind, session: Session, models: ModelList, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._kinds, self._session, self._models = kinds, session, models
        self.kind = Choice(tr("Kind of picture"))
        self.kind.setObjectName("pictureKind")
        self.kind.setToolTip(
            tr("Found by a classifier; it changes no map, only what is said about the model")
        )
        self.kind.chosen.connect(lambda name: kinds.choose(cast("Kind", name) if name in KINDS else None))
        self.about = QLabel()
        self.about.setObjectName("kindScore")
        self.about.setProperty("role", "muted")
        self.about.setWordWrap(True)
        self.about.setToolTip(
            tr(
                "NSS: how far above a map's mean the places lie where people looked, in standard deviations;"
                " 0 is chance"
            )
        )
        name = QLabel(tr("&Kind of picture"))
        name.setBuddy(self.kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (name, self.kind, self.about):
            column.addWidget(widget)
        kinds.changed.connect(self._show)
        session.engine_changed.connect(lambda _: self._show())
        models.changed.connect(lambda _: self._show())
        self._show()

    def _show(self) -> None:
        found, now = self._kinds.found, self._kinds.now
        first = tr(FOUND[found.kind]) if found is not None else tr("Automatic")
        self.kind.fill(
            [("auto", first, tr("As the classifier finds it"))]
            + [(kind, tr(TITLES[kind]), tr(ABOUT[kind])) for kind in KINDS]
        )
        self.kind.select(self._kinds.chosen or "auto")
        model = self._session.engine.model
        card = next((entry.card for entry in self._models.all if entry.name == model), None)
        words = described(card, now) if card is not None else ""
        self.about.setText(words)
        self.about.setVisible(bool(words))


def described(card: ModelCard, kind: Kind | None) -> str:
    """Say what a model was trained on, and how well it does on pictures of a kind; "" if that is unknown."""
    scores = {each: score_of(card, each) for each in KINDS}
    fitted = [tr(MANY[each]) for each, score in scores.items() if score is not None and score.fitted]
    parts = [tr("Trained on {kinds}.", kinds=enumerated(fitted))] if fitted else []
    if kind is not None:
        score = scores[kind]
        if score is None:
            parts.append(tr(UNSCORED[kind]))
        else:
            parts.append(tr(SCORED[kind], nss=score.NSS, count=score.pictures))
    return " ".join(parts)
