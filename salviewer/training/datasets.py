"""Eye-tracking data sets on disk: which picture belongs to which ground truth, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from salviewer.errors import DataError
from salviewer.first_use import natsort
from salviewer.media.data.archives import unpacked
from salviewer.media.data.names import STIMULUS_SUFFIXES, by_stem
from salviewer.media.data.readers import recognise
from salviewer.media.data.samples import Problem, Sample

__all__ = ["STIMULUS_SUFFIXES", "Dataset", "Problem", "Sample", "open_dataset"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set that was found.

    Attributes:
        root: the folder as given.
        layout: a name in `media.data.readers.READERS`; ``photographs`` have no ground truth.
        samples: in natural order of their names.
        problems: what is skipped, or used in part.
        split_file: the data set's own split, if it brings one.
        parts: the split that its folders make: names by ``train``, ``val`` and ``test``; empty where the
            folders make none.
        taken: what was taken for what, as pairs such as ``("pictures", "Stimuli")``.
    """

    root: Path
    layout: str
    samples: tuple[Sample, ...]
    problems: tuple[Problem, ...]
    split_file: Path | None = None
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken: Sequence[tuple[str, str]] = ()

    @property
    def own_split(self) -> bool:
        """Whether the data set brings a split, in a file or by its folders."""
        return self.split_file is not None or bool(self.parts)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in natural order; one empty name in a data set without."""
        return tuple(natsort.natsorted({sample.category for sample in self.samples}))


def open_dataset(root: Path | str, *, photographs: bool = False, blur: float = 0.0) -> Dataset:
    """Recognise and list a data set; nothing is decoded yet.

    Args:
        root: its folder, a folder that holds it, or a ``.zip`` file, which is unpacked into the cache. The
            layouts are the rows of `media.data.readers.READERS`.
        photographs: take a folder of pictures without ground truth too.
        blur: standard deviation in the pictures' pixels of densities made of fixations; 0 for 3 % of the
            picture's width. It counts where fixations alone are known.

    Raises:
        DataError: the folder is missing or unreadable, has no known layout, or holds no usable pair.
    """
    folder = Path(root)
    try:
        if not folder.exists():
            raise DataError(folder, "there is no such folder")
        place = unpacked(folder)
        if not place.is_dir():
            raise DataError(folder, "it is neither a folder nor a .zip file")
        found = recognise(place, photographs=photographs)
        if found is None:
            pictures = len(by_stem(place, STIMULUS_SUFFIXES))
            raise DataError(
                folder,
                f"it is no data set that is known (`salviewer data --layouts`). {_found(place, pictures)}",
            )
    except OSError as error:
        raise DataError(folder, f"it cannot be read ({error.strerror or error})") from error
    reader, listing = found
    if not listing.samples:
        count = len(listing.problems)
        detail = f"; the first of {count} problems is {listing.problems[0]}" if count else ""
        raise DataError(folder, f"it holds not one picture with a fixation map{detail}")
    samples = natsort.natsorted(listing.samples, key=lambda sample: sample.name)
    if blur:
        samples = [sample if sample.mapped else replace(sample, blur=blur) for sample in samples]
    split = place / "split.json"
    return Dataset(
        folder,
        reader.name,
        tuple(samples),
        tuple(listing.problems),
        split if split.is_file() else None,
        listing.parts,
        tuple(dict.fromkeys(listing.taken)),
    )


def _found(folder: Path, pictures: int) -> str:
    inside = sorted(child.name for child in folder.iterdir() if child.is_dir() and child.name[0] != ".")
    shown = ", ".join(inside[:6]) + (f" and {len(inside) - 6} more" if len(inside) > 6 else "")
    folders = f"the folders {shown}" if inside else "no folder"
    alone = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else "no picture"
    return f"Found were {folders} and {alone}"
