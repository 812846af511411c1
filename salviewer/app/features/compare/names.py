"""List the choices for comparing, and name the two pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salviewer.app.features.compare.second import OtherModel, OtherPicture, People, Rival
from salviewer.app.translation import tr

if TYPE_CHECKING:
    from salviewer.app.state.models import ModelList
    from salviewer.app.state.session import Session

Row = tuple[str, str, str]
"""A row as in `Choice.fill`; the first entry is one of "", "open", "next", "people", "file", "model:NAME" and
"picture"."""


class Names:
    """Titles of models and pictures."""

    def __init__(self, session: Session, models: ModelList) -> None:
        self._session, self._models = session, models

    @property
    def own_model(self) -> str:
        """The title of the model of the map on screen."""
        return self.title(self._session.engine.model)

    def title(self, model: str) -> str:
        """Return the title of a model by its name or path."""
        return self._models.title(model)

    def pair(self, rival: Rival | None, flipped: bool) -> tuple[str, str]:
        """Return the names of A and B; two empty texts without two pictures."""
        loaded = self._session.loaded
        if loaded is None:
            return "", ""
        match rival:
            case OtherPicture(path):
                own, other = loaded.name, path.name
            case OtherModel(model):
                own, other = self.own_model, self.title(model)
            case People():
                own, other = self.own_model, tr("People")
            case _:
                return "", ""
        return (other, own) if flipped else (own, other)

    def choices(self, rival: Rival | None, recorded: bool) -> tuple[list[Row], str]:
        """Return the rows of choices, and the chosen one.

        Args:
            rival: the other picture or model.
            recorded: whether there are recorded fixations on the picture.
        """
        session = self._session
        rows: list[Row] = [("", tr("Nothing"), tr("The picture alone"))]
        if session.loaded is not None:
            rows.append(("open", tr("A picture…"), tr("For example, another design")))
            if len(session.listing.walked) > 1:
                rows.append(("next", tr("The next in the list"), tr("The next open picture")))
            if recorded:
                rows.append(("people", tr("People"), tr("Where people really looked at this picture")))
            for name, title in ((entry.name, entry.title) for entry in self._models.all):
                if name != session.engine.model:
                    rows.append((f"model:{name}", title, tr("Another model on this picture")))
            rows.append(("file", tr("A model of your own…"), tr("A checkpoint file")))
        match rival:
            case OtherPicture(path):
                chosen: Row = ("picture", path.name, str(path))
            case OtherModel(model):
                chosen = (f"model:{model}", self.title(model), model)
            case People():
                chosen = ("people", tr("People"), "")
            case _:
                chosen = rows[0]
        if all(row[0] != chosen[0] for row in rows):
            rows.insert(1, chosen)
        return rows, chosen[0]
