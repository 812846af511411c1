"""The catalogue of models: those that ship, and the user's own. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from salviewer import paths as locations
from salviewer.errors import ModelError
from salviewer.models.architectures import ARCHITECTURES
from salviewer.models.card import CARD_NAME, WEIGHTS_NAME, ModelCard, read_card

DEFAULT_MODEL = "live_net"


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A folder with weights and a card."""

    name: str
    folder: Path
    card: ModelCard

    @property
    def title(self) -> str:
        """The name for display."""
        return self.card.title


def list_models(folder: Path | None = None) -> tuple[ModelEntry, ...]:
    """List the usable models in ``folder`` (default: those that ship, then the user's own), default first.

    Folders without a readable card or without weights are skipped; an unreadable ``folder`` counts as empty.
    """
    if folder is None:
        return *list_models(locations.model_weights()), *list_models(locations.user_models())
    try:
        children = sorted(folder.iterdir())
    except OSError:
        children = []
    entries = []
    for child in children:
        if child.name.startswith("."):
            continue
        try:
            if (child / CARD_NAME).is_file() and (child / WEIGHTS_NAME).is_file():
                entries.append(ModelEntry(child.name, child, read_card(child / CARD_NAME)))
        except (ModelError, OSError):
            continue
    order = list(ARCHITECTURES)
    entries.sort(
        key=lambda entry: (entry.name != DEFAULT_MODEL, order.index(entry.card.architecture), entry.name)
    )
    return tuple(entries)


def damaged_models() -> tuple[ModelError, ...]:
    """List the models, shipped ones and the user's own, whose card cannot be used, with the reason."""
    errors = []
    for folder in (locations.model_weights(), locations.user_models()):
        try:
            children = sorted(folder.iterdir())
        except OSError:
            continue
        for child in children:
            try:
                if not child.name.startswith(".") and (child / CARD_NAME).is_file():
                    read_card(child / CARD_NAME)
            except ModelError as error:
                errors.append(error)
            except OSError:
                continue
    return tuple(errors)


def find_model(ref: str | Path) -> Path:
    """Find the folder or file of a model by name or path.

    Args:
        ref: a name from ``list_models``, a model folder, or a ``.safetensors``, ``.pt`` or ``.pth`` file.

    Raises:
        ModelError: there is no such model.
    """
    shipped = {entry.name: entry.folder for entry in list_models()}
    if str(ref) in shipped:
        return shipped[str(ref)]
    path = Path(ref)
    if path.exists():
        return path
    if path.name == str(ref):  # one of the user's own whose card is damaged: reading it says how
        for folder in (locations.model_weights(), locations.user_models()):
            if (folder / path / CARD_NAME).is_file():
                return folder / path
    known = ", ".join(shipped) or "none are installed"
    raise ModelError(ref, f"there is no model of that name ({known}) and no such file")


def identity(ref: str | Path) -> str:
    """Return an identifier of a model's weights that changes with them. Loads nothing.

    Args:
        ref: as for ``find_model``.

    Raises:
        ModelError: there is no such model, or its card cannot be read.
    """
    path = find_model(ref)
    if (path / CARD_NAME).is_file():
        digest = read_card(path / CARD_NAME).sha256
        if digest:
            return f"{ref} {digest[:12]}"
        path /= WEIGHTS_NAME
    try:
        status = path.stat()
    except OSError as error:
        raise ModelError(ref, f"it cannot be read ({(error.strerror or str(error)).lower()})") from error
    return f"{ref} {status.st_size} {status.st_mtime_ns}"
