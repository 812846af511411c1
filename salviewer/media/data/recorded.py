"""Pictures with a fixation record: OSIE, FIGRIM, PASCAL-S, Toronto, DUT-OMRON, pysaliency's files, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from salviewer.errors import DataError
from salviewer.media.data.names import (
    IMAGE_FOLDERS,
    STIMULUS_SUFFIXES,
    TABLE_SUFFIXES,
    bases,
    by_stem,
    child,
    file_in,
    folders,
)
from salviewer.media.data.pysaliency_files import (
    FIXATION_KINDS,
    STIMULI_KINDS,
    SUFFIXES,
    kind_of,
    read_stimuli,
)
from salviewer.media.data.records import named_in, read_record
from salviewer.media.data.samples import Listing, Problem, Sample
from salviewer.media.data.tables import is_table, preview

_MOST_TABLES = 20
"""Tables in a folder above a picture that are looked into; more are somebody's results."""

_NEAR = 3
"""Folders above a picture in which its record may lie."""


def osie(base: Path) -> Listing | None:
    """OSIE and the same authors' other sets: ``stimuli/NAME.jpg`` and ``eye/fixations.mat``.

    From the repositories of Xu et al. 2014 and Liang et al. 2015.
    """
    place = child(base, "data") or base
    pictures = child(place, "stimuli", "images")
    if pictures is None:
        return None
    for holder in (place, *(each for name in ("eye", "fix") if (each := child(place, name)))):
        if holder is not None and (record := _file(holder, "fixations.mat")):
            return _listed(base, [pictures], record)
    return None


def figrim(base: Path) -> Listing | None:
    """FIGRIM: ``Targets/CATEGORY/NAME.jpg``, ``Fillers``, and ``allImages_release.mat`` beside or below.

    From the authors' repository (Bylinskii et al. 2015) and pysaliency's reader.
    """
    there = [found for name in ("Targets", "Fillers") if (found := child(base, name))]
    records = [
        record
        for name in ("allImages_release.mat", "allImages_fillers.mat")
        if (record := file_in(base, name))
    ]
    if not there or not records:
        return None
    listings = [_listed(base, there, record, categories=True, quiet=True) for record in records]
    samples = {sample.name: sample for listing in listings for sample in listing.samples}
    taken = [item for listing in listings for item in listing.taken]
    return Listing(list(samples.values()), [], {}, list(dict.fromkeys(taken)))


def pascal_s(base: Path) -> Listing | None:
    """PASCAL-S: ``imgs/pascal/1.jpg`` and ``fixations/pascalFix.mat``, below ``datasets``.

    From the archive's layout as pysaliency's reader has it (Li et al. 2014).
    """
    place = child(base, "datasets") or base
    pictures, record = child(place, "imgs"), file_in(place, "pascalFix.mat")
    inner = child(pictures, "pascal") if pictures is not None else None
    return _listed(base, [inner], record) if inner is not None and record is not None else None


def toronto(base: Path) -> Listing | None:
    """Toronto: ``fixdens/Original Image Set/1.jpg`` and ``fixdens/origfixdata.mat``, or ``fixdens/Raw``.

    From the archive's layout as pysaliency's reader has it (Bruce and Tsotsos 2006).
    """
    place = child(base, "fixdens") or base
    pictures = child(place, "Original Image Set")
    if pictures is None:
        return None
    record = _file(place, "origfixdata.mat") or child(place, "Raw")
    return _listed(base, [pictures], record) if record is not None else None


def dut_omron(base: Path) -> Listing | None:
    """DUT-OMRON: ``DUT-OMRON-image/NAME.jpg`` and ``DUT-OMRON-eye-fixations/mat/NAME.mat``.

    From the archives' layout as pysaliency's reader has it (Yang et al. 2013).
    """
    pictures, eyes = child(base, "DUT-OMRON-image"), child(base, "DUT-OMRON-eye-fixations")
    record = child(eyes, "mat") if eyes is not None else None
    return _listed(base, [pictures], record) if pictures is not None and record is not None else None


def pysaliency(base: Path) -> Listing | None:
    """pysaliency: ``stimuli.hdf5`` and ``fixations.hdf5``; with ``_train``, ``_val`` and ``_test``, parts."""
    files = [item for item in sorted(base.iterdir()) if item.suffix.lower() in SUFFIXES and item.is_file()]
    kinds = {path: kind_of(path) for path in files}
    stimuli = [path for path, kind in kinds.items() if kind in STIMULI_KINDS]
    fixations = [path for path, kind in kinds.items() if kind in FIXATION_KINDS]
    samples: list[Sample] = []
    problems: list[Problem] = []
    parts: dict[str, tuple[str, ...]] = {}
    taken: list[tuple[str, str]] = []
    for holder in stimuli:
        end = holder.stem.lower().removeprefix("stimuli")
        mine = [path for path in fixations if path.stem.lower().removeprefix("fixations") == end]
        record = mine[0] if mine else fixations[0] if len(stimuli) == len(fixations) == 1 else None
        if record is None:
            problems.append(Problem(holder.name, "there are no fixations for it"))
            continue
        known = read_record(record)
        names = []
        for number, path in enumerate(read_stimuli(holder)):
            name = path.stem if len(stimuli) == 1 else f"{end.strip('_')}-{path.stem}"
            if str(number) in known and path.is_file():
                samples.append(Sample(name, "", path, record, None, str(number)))
                names.append(name)
            else:
                gone = (
                    "its file is missing" if not path.is_file() else f"{record.name} has no fixations on it"
                )
                problems.append(Problem(name, gone))
        if part := {"_train": "train", "_val": "val", "_test": "test"}.get(end, ""):
            parts[part] = tuple(names)
        taken += [("pictures", holder.name), ("fixations", record.name)]
    if not samples:
        return None
    return Listing(samples, problems, parts if "train" in parts and len(parts) > 1 else {}, taken)


def tables(base: Path) -> Listing | None:
    """A table of fixations, or one a viewer, with the pictures beside it or in a folder of its own."""
    holder = next(
        (place for place in (base, *folders(base).values()) if any(map(is_table, sorted(place.iterdir())))),
        None,
    )
    if holder is None:
        return None
    found = [path for path in sorted(holder.iterdir()) if is_table(path)]
    record = found[0] if len(found) == 1 else holder
    pictures = child(base, *IMAGE_FOLDERS)
    listing = _listed(base, [pictures or base], record, categories=True, quiet=pictures is None)
    if not listing.samples:
        raise DataError(record, "its pictures are not beside it: none has a name that stands in the table")
    names = {sample.record for sample in listing.samples}
    lacking = [name for name in read_record(record) if name not in names]
    if lacking:
        more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
        problem = Problem(
            f"{lacking[0]}{more}", f"{record.name} has fixations on it, and there is no such picture"
        )
        return Listing(listing.samples, [*listing.problems, problem], {}, listing.taken)
    return listing


def records_near(picture: Path) -> Iterator[Path]:
    """Yield the fixation records that may know a picture, by where it lies; the nearest first.

    Args:
        picture: its file.
    """
    for place in list(picture.parents)[:_NEAR]:
        try:
            for folder in (
                place,
                *(found for name in ("eye", "fix", "fixations") if (found := child(place, name))),
            ):
                for name in ("fixations.mat", "pascalFix.mat", "origfixdata.mat"):
                    if (record := _file(folder, name)) is not None:
                        yield record
            eyes = child(place, "DUT-OMRON-eye-fixations")
            if eyes is not None and (matrices := child(eyes, "mat")) is not None:
                yield matrices
            tables = [path for path in sorted(place.iterdir()) if path.suffix.lower() in TABLE_SUFFIXES]
            if len(tables) <= _MOST_TABLES:
                yield from filter(_names_pictures, tables)
        except (OSError, DataError):
            return  # a folder that may not be looked into ends the way up


def _names_pictures(path: Path) -> bool:
    """Whether a file is a table of fixations with a column for pictures."""
    if not is_table(path):
        return False
    columns = preview(path).columns
    return columns is not None and bool(columns.image)


def _listed(
    base: Path,
    pictures: Iterable[Path],
    record: Path,
    *,
    categories: bool = False,
    quiet: bool = False,
) -> Listing:
    """Match pictures with a record by their names.

    Args:
        base: the data set's folder.
        pictures: folders of pictures.
        record: the record.
        categories: whether to look in folders within too, whose names are categories.
        quiet: whether pictures that the record does not know are passed over.
    """
    known = read_record(record)
    samples: list[Sample] = []
    problems: list[Problem] = []
    taken: list[tuple[str, str]] = []
    for folder in pictures:
        taken.append(("pictures", str(folder.relative_to(base)) if folder != base else "the folder itself"))
        for place in bases(folder) if categories else (folder,):
            category = "/".join(place.relative_to(folder).parts)
            for path in by_stem(place, STIMULUS_SUFFIXES).values():
                stem = f"{category}/{path.stem}" if category else path.stem
                if name := named_in(known, path):
                    samples.append(Sample(stem, category, path, record, None, name))
                elif not quiet:
                    problems.append(Problem(stem, f"{record.name} has no fixations on it"))
    taken.append(("fixations", str(record.relative_to(base)) if base in record.parents else record.name))
    return Listing(samples, problems, {}, taken)


def _file(folder: Path, name: str) -> Path | None:
    return next((item for item in folder.iterdir() if item.name.lower() == name.lower()), None)
