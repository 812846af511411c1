"""Pictures with a map each: folders side by side, in any nesting, with categories, parts or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from salviewer.media.data.names import (
    IMAGE_FOLDERS,
    MAP_FOLDERS,
    PARTS,
    POINT_FOLDERS,
    STIMULUS_SUFFIXES,
    TABLE_SUFFIXES,
    bases,
    by_stem,
    child,
    folders,
    map_stem,
    maps_by_stem,
    points_by_stem,
    points_stem,
    unreadable,
)
from salviewer.media.data.raw_gaze import RawGaze
from salviewer.media.data.samples import Listing, Problem, Sample


def cat2000(base: Path) -> Listing | None:
    """CAT2000: ``trainSet/Stimuli/CATEGORY/NAME.jpg``, ``FIXATIONMAPS`` and ``FIXATIONLOCS``.

    From the archive and the README of the data set (Borji and Itti 2015). Its test part has no ground truth.
    """
    place = child(base, "trainSet") or base
    pictures, maps = child(place, "Stimuli"), child(place, "FIXATIONMAPS")
    if pictures is None or maps is None or not folders(pictures):
        return None
    points = child(place, "FIXATIONLOCS")
    listing = _beside(base, pictures, maps, points)
    return replace(listing, problems=[*listing.problems, *without_fixations(listing.samples)])


def mit1003(base: Path) -> Listing | None:
    """MIT1003: ``ALLSTIMULI/NAME.jpeg``, ``ALLFIXATIONMAPS/NAME_fixMap.jpg`` and ``NAME_fixPts.jpg``.

    With ``DATA/VIEWER/NAME.mat``, the fixations are found in these raw samples: who looked, and when.
    From the description on the authors' page (Judd et al. 2009), their code, and pysaliency's reader.
    """
    pictures, maps = child(base, "ALLSTIMULI"), child(base, "ALLFIXATIONMAPS")
    if pictures is None:
        return None
    raw = child(base, "DATA")
    gaze = RawGaze(raw) if raw is not None else {}
    if maps is None:
        return _raw_alone(pictures, raw, gaze) if raw is not None and gaze else None
    listing = _beside(base, pictures, maps, maps)
    if not gaze:
        return listing
    samples = [
        replace(sample, locations=raw, record=sample.stimulus.stem)
        if sample.stimulus.stem in gaze
        else sample
        for sample in listing.samples
    ]
    taken = [("viewers", "DATA") if role == "fixations" else (role, name) for role, name in listing.taken]
    return replace(listing, samples=samples, taken=taken)


def _raw_alone(pictures: Path, raw: Path, gaze: Collection[str]) -> Listing:
    """Pictures with raw samples and no maps."""
    stimuli = by_stem(pictures, STIMULUS_SUFFIXES)
    samples = [Sample(stem, "", path, raw, None, stem) for stem, path in stimuli.items() if stem in gaze]
    lacking = [Problem(stem, "nobody's gaze on it is in DATA") for stem in stimuli if stem not in gaze]
    return Listing(samples, lacking, {}, [("pictures", pictures.name), ("fixations", raw.name)])


def saleci(base: Path) -> Listing | None:
    """SalECI: ``IMAGE/NAME.jpg``, and in ``FIXATION`` both ``NAME_fixMap.jpg`` and ``NAME_fixPts.jpg``.

    From the README of the authors' repository (Jiang et al. 2022).
    """
    pictures, truth = child(base, "IMAGE"), child(base, "FIXATION")
    return _beside(base, pictures, truth, truth) if pictures and truth and maps_by_stem(truth) else None


def fiwi(base: Path) -> Listing | None:
    """FiWI: ``stimuli/NAME.png`` and, somewhere beside it, ``all5/NAME.png``: all viewers' fixations in 5 s.

    Shen and Zhao 2014. From descriptions, not from a file: another project's code takes these two folders out
    of the authors' archive, and the authors' own script blurs the points to maps. One degree is 26 pixels of
    a page. Who looked is not known from it.
    """
    for pictures in bases(base):
        if pictures.name.lower() == "stimuli" and (points := fiwi_points(pictures.parent)):
            listing = _points_alone(base, pictures, points)
            if listing.samples:
                return listing
    return None


def fiwi_points(place: Path) -> Path | None:
    """Return FiWI's folder of points in a folder, or in one within."""
    return next((found for each in (place, *folders(place).values()) if (found := child(each, "all5"))), None)


def pairs(base: Path) -> Listing | None:
    """Folders of pictures and maps side by side, anywhere below, with folders within or none.

    Also folders of pictures and fixations without maps, and ``NAME_fixMap.png`` beside ``NAME.jpg`` in one
    folder.
    """
    found = list(_triples(base))
    if not found:
        return _in_one_folder(base)
    samples: list[Sample] = []
    problems: list[Problem] = []
    taken: list[tuple[str, str]] = []
    parts: dict[str, list[str]] = {}
    for place, pictures, maps, points in found:
        prefix = place.relative_to(base).parts
        part = PARTS.get(prefix[0].lower(), "") if prefix else ""
        inner = "/".join(prefix[1:] if part else prefix)
        if maps is not None:
            listing = _beside(place, pictures, maps, points, inner)
        else:
            assert points is not None
            listing = _points_alone(place, pictures, points, inner)
            if not listing.samples:
                continue  # tables, or a record: other layouts
        samples += [_in_part(item, part) if part else item for item in listing.samples]
        problems += listing.problems
        taken += [(role, "/".join((*prefix, name))) for role, name in listing.taken]
        for own, names in listing.parts.items():
            parts.setdefault(own, []).extend(names)
        if part:
            parts.setdefault(part, []).extend(f"{part}:{item.name}" for item in listing.samples)
    if not samples and not problems:
        return None
    samples, renamed = _named_apart(samples)
    split = {part: tuple(renamed.get(name, name) for name in names) for part, names in parts.items()}
    whole = "train" in split and len(split) > 1
    return Listing(samples, [*problems, *without_fixations(samples)], split if whole else {}, taken[:12])


def without_fixations(samples: Sequence[Sample]) -> list[Problem]:
    """Note how many samples have no file of fixations, where others have one."""
    without = [sample for sample in samples if sample.locations is None]
    if not without or len(without) == len(samples):
        return []
    more = f" and {len(without) - 1} more" if len(without) > 1 else ""
    return [Problem(f"{without[0].name}{more}", "no fixations, only a map", kept=True)]


def _in_part(item: Sample, part: str) -> Sample:
    return replace(item, name=f"{part}:{item.name}")


def _named_apart(samples: list[Sample]) -> tuple[list[Sample], dict[str, str]]:
    """Names without the mark of their part where they stay apart without it, else with ``PART-``."""
    plain = Counter(sample.name.partition(":")[2] or sample.name for sample in samples)
    renamed: dict[str, str] = {}
    made = []
    for sample in samples:
        part, mark, name = sample.name.partition(":")
        if mark and part in PARTS.values():
            category, _, stem = name.rpartition("/")
            apart = f"{part}-{stem}" if plain[name] > 1 else stem
            renamed[sample.name] = f"{category}/{apart}" if category else apart
            sample = replace(sample, name=renamed[sample.name])
        made.append(sample)
    return made, renamed


def _triples(base: Path) -> Iterator[tuple[Path, Path, Path | None, Path | None]]:
    """Yield places with folders of pictures, maps and fixations, of the last two at least one.

    Nothing below a place that was found.
    """
    done: list[Path] = []
    for place in bases(base):
        if any(outer in place.parents for outer in done):
            continue
        there = folders(place)
        images = next((there[name] for name in IMAGE_FOLDERS if name in there), None)
        maps = next((there[name] for name in MAP_FOLDERS if name in there), None)
        points = next((there[name] for name in POINT_FOLDERS if name in there and there[name] != maps), None)
        if images is None or (maps is None and points is None):
            continue
        done.append(place)
        yield place, images, maps, points


def _beside(base: Path, pictures: Path, maps: Path, points: Path | None, prefix: str = "") -> Listing:
    """Match what lies in two or three parallel folders, and in the folders within them."""
    samples: list[Sample] = []
    problems: list[Problem] = []
    parts: dict[str, list[str]] = {}
    for inner, others in _parallel(pictures, maps, points, problems):
        inside = inner.relative_to(pictures).parts
        part = PARTS.get(inside[0].lower(), "") if inside else ""
        category = "/".join(filter(None, (prefix, *(inside[1:] if part else inside))))
        try:
            stimuli = by_stem(inner, STIMULUS_SUFFIXES)
        except OSError as error:
            problems.append(unreadable(inner.name, error))
            continue
        if pictures == maps:
            stimuli = {
                stem: path
                for stem, path in stimuli.items()
                if map_stem(stem) is None and points_stem(stem) is None
            }
        beside, marks = others
        if beside is None:
            if stimuli:
                count = f"{len(stimuli)} picture{'' if len(stimuli) == 1 else 's'}"
                missing = "/".join((maps.name, *inside))
                reason = f"{count} without fixation maps: there is no folder {missing}"
                problems.append(Problem("/".join((pictures.name, *inside)), reason))
            continue
        known, whose = maps_by_stem(beside), points_by_stem(marks, plain=points != maps)
        for stem, path in stimuli.items():
            name = f"{category}/{stem}" if category else stem
            if stem in known and known[stem] != path:
                samples.append(Sample(name, category, path, known[stem], whose.get(stem)))
                if part:
                    samples[-1] = _in_part(samples[-1], part)
                    parts.setdefault(part, []).append(samples[-1].name)
            else:
                problems.append(Problem(name, f"there is no fixation map for it in {beside}"))
    taken = [("pictures", pictures.name), ("maps", maps.name)]
    taken += [("fixations", points.name)] if points is not None else []
    if not prefix:
        samples, renamed = _named_apart(samples)
        parts = {part: [renamed[name] for name in names] for part, names in parts.items()}
    split = {part: tuple(names) for part, names in parts.items()}
    whole = "train" in split and len(split) > 1
    return Listing(samples, problems, split if whole else {}, taken)


def _points_alone(base: Path, pictures: Path, points: Path, prefix: str = "") -> Listing:
    """Match pictures with a file of fixations each, of which a density has to be made.

    Tables are left to their own layout.
    """
    samples: list[Sample] = []
    problems: list[Problem] = []
    parts: dict[str, list[str]] = {}
    for inner, (_, marks) in _parallel(pictures, None, points, problems):
        inside = inner.relative_to(pictures).parts
        part = PARTS.get(inside[0].lower(), "") if inside else ""
        category = "/".join(filter(None, (prefix, *(inside[1:] if part else inside))))
        whose = points_by_stem(marks or points, plain=True)
        for stem, path in by_stem(inner, STIMULUS_SUFFIXES).items():
            name = f"{category}/{stem}" if category else stem
            found = whose.get(stem)
            if found is None or found.suffix.lower() in TABLE_SUFFIXES:
                problems.append(Problem(name, f"there are no fixations on it in {marks or points}"))
                continue
            sample = Sample(name, category, path, found, found)
            if part:
                sample = _in_part(sample, part)
                parts.setdefault(part, []).append(sample.name)
            samples.append(sample)
    if not prefix:
        samples, renamed = _named_apart(samples)
        parts = {part: [renamed[name] for name in names] for part, names in parts.items()}
    split = {part: tuple(names) for part, names in parts.items()}
    whole = "train" in split and len(split) > 1
    taken = [
        (role, str(path.relative_to(base))) for role, path in (("pictures", pictures), ("fixations", points))
    ]
    return Listing(samples, problems, split if whole else {}, taken)


def _parallel(
    pictures: Path, maps: Path | None, points: Path | None, problems: list[Problem]
) -> Iterator[tuple[Path, tuple[Path | None, Path | None]]]:
    """Yield each folder of pictures with the folders of the same name among the maps and the fixations."""
    yield pictures, (maps, points)
    waiting: list[tuple[Path, Path | None, Path | None]] = [(pictures, maps, points)]
    while waiting:
        outer, over, whose = waiting.pop(0)
        beside = folders(over) if over is not None else {}
        marks = folders(whose) if whose is not None else {}
        try:
            within = folders(outer, problems)
        except OSError:
            continue  # it was named when its pictures were listed
        for name, inner in within.items():
            found = (beside.get(name), marks.get(name))
            yield inner, found
            waiting.append((inner, *found))


def _in_one_folder(base: Path) -> Listing | None:
    """``NAME.jpg`` and ``NAME_fixMap.png`` in the same folders."""
    samples: list[Sample] = []
    for place in bases(base):
        ended = {stem: path for stem, path in maps_by_stem(place).items() if map_stem(path.stem) == stem}
        marks = points_by_stem(place)
        category = "/".join(place.relative_to(base).parts)
        for stem, path in by_stem(place, STIMULUS_SUFFIXES).items():
            if stem in ended and ended[stem] != path:
                name = f"{category}/{stem}" if category else stem
                samples.append(Sample(name, category, path, ended[stem], marks.get(stem)))
    if not samples:
        return None
    taken = [("pictures", "NAME.jpg"), ("maps", "NAME_fixMap.png")]
    return Listing(samples, without_fixations(samples), {}, taken)
