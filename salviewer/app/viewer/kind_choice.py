"""What kind of picture it is, and how well the model in use does on pictures of that kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtWidgets import QWidget

from salviewer.app.state.models import ModelList
from salviewer.app.state.picture_kind import PictureKind
from salviewer.app.state.session import Session
from salviewer.app.translation import enumerated, mark, tr
from salviewer.app.widgets.buttons import button, label, label_for
from salviewer.app.widgets.controls import Choice
from salviewer.app.widgets.layouts import in_column
from salviewer.models.card import ModelCard
from salviewer.models.catalog import ModelEntry
from salviewer.models.kind_scores import KINDS, Kind, score_of

CLEAR = 0.03
"""Least difference in NSS for which another model is suggested."""


@dataclass(frozen=True, slots=True)
class KindTexts:
    """What the window says of a kind of picture, in English.

    Attributes:
        title, about: of the entry that chooses it, and its tooltip.
        found: title of the automatic choice that found it.
        many: its pictures, within a sentence.
        scored, unscored: how well a model does on it, with places for ``nss`` and ``count``.
    """

    title: str
    about: str
    found: str
    many: str
    scored: str
    unscored: str


TEXTS: dict[Kind, KindTexts] = {
    "photograph": KindTexts(
        mark("Photograph"),
        mark("People, things, places, as a camera sees them"),
        mark("Automatic: photograph"),
        mark("photographs"),
        mark("On photographs: NSS {nss:.2f}, from {count} pictures it had not seen."),
        mark("Not measured on photographs."),
    ),
    "advertisement": KindTexts(
        mark("Advertisement"),
        mark("Advertisements, product pictures, posters"),
        mark("Automatic: advertisement"),
        mark("advertisements"),
        mark("On advertisements: NSS {nss:.2f}, from {count} pictures it had not seen."),
        mark("Not measured on advertisements."),
    ),
    "page": KindTexts(
        mark("Page"),
        mark("Web pages, newsletters, charts, app screens"),
        mark("Automatic: page"),
        mark("pages"),
        mark("On pages: NSS {nss:.2f}, from {count} pictures it had not seen."),
        mark("Not measured on pages."),
    ),
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
        self.about = label("", "muted", wrap=True, name="kindScore")
        self.about.setToolTip(
            tr(
                "NSS: how far above a map's mean the places lie where people looked, in standard deviations;"
                " 0 is chance"
            )
        )
        self._better = ""
        tip = tr("Use this model: its measured NSS is higher on pictures of this kind")
        self.better = button("betterModel", "", tip, self._use_better)
        name = label_for(self.kind, tr("&Kind of picture"))
        in_column(name, self.kind, self.about, self.better, within=self, spacing=6, margins=0)
        kinds.changed.connect(self._show)
        session.engine_changed.connect(lambda _: self._show())
        models.changed.connect(lambda _: self._show())
        self._show()

    def _show(self) -> None:
        found, now = self._kinds.found, self._kinds.now
        first = tr(TEXTS[found.kind].found) if found is not None else tr("Automatic")
        self.kind.fill(
            [("auto", first, tr("As the classifier finds it"))]
            + [(kind, tr(TEXTS[kind].title), tr(TEXTS[kind].about)) for kind in KINDS]
        )
        self.kind.select(self._kinds.chosen or "auto")
        model = self._session.engine.model
        card = next((entry.card for entry in self._models.all if entry.name == model), None)
        words = described(card, now) if card is not None else ""
        self.about.setText(words)
        self.about.setVisible(bool(words))
        self._offer(better_model(self._models.all, model, now), now)

    def _offer(self, entry: ModelEntry | None, kind: Kind | None) -> None:
        self._better = entry.name if entry is not None else ""
        if entry is not None and kind is not None:
            score = score_of(entry.card, kind)
            nss = score.NSS if score is not None else 0.0
            self.better.setText(tr("Better on these: {model}, NSS {nss:.2f}", model=entry.title, nss=nss))
            self.better.setAccessibleName(self.better.text())
        self.better.setVisible(bool(self._better))

    def _use_better(self) -> None:
        self._session.set_engine(replace(self._session.engine, model=self._better))


def better_model(models: Sequence[ModelEntry], name: str, kind: Kind | None) -> ModelEntry | None:
    """Return the best model for a kind of picture if it is clearly better there than the one named.

    Only models that were scored on as many pictures are compared.
    """
    if kind is None:
        return None
    scores = {entry.name: score for entry in models if (score := score_of(entry.card, kind)) is not None}
    if (own := scores.get(name)) is None:
        return None
    alike = [each for each in models if each.name in scores and scores[each.name].pictures == own.pictures]
    best = max(alike, key=lambda entry: scores[entry.name].NSS)
    return best if scores[best.name].NSS >= own.NSS + CLEAR else None


def described(card: ModelCard, kind: Kind | None) -> str:
    """Say what a model was trained on, and how well it does on pictures of a kind; "" if that is unknown."""
    scores = {each: score_of(card, each) for each in KINDS}
    fitted = [tr(TEXTS[each].many) for each, score in scores.items() if score is not None and score.fitted]
    parts = [tr("Trained on {kinds}.", kinds=enumerated(fitted))] if fitted else []
    if kind is not None:
        score = scores[kind]
        if score is None:
            parts.append(tr(TEXTS[kind].unscored))
        else:
            parts.append(tr(TEXTS[kind].scored, nss=score.NSS, count=score.pictures))
    return " ".join(parts)
