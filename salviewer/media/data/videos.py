"""Eye movements over videos: frames, or clips with their maps beside them, as single stimuli."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from salviewer.media.data.archives import place_for
from salviewer.media.data.names import (
    IMAGE_FOLDERS,
    MAP_FOLDERS,
    PARTS,
    POINT_FOLDERS,
    STIMULUS_SUFFIXES,
    bases,
    by_stem,
    child,
    folders,
    maps_by_stem,
    points_by_stem,
)
from salviewer.media.data.samples import Listing, Problem, Sample

STEP = 12
"""One in so many frames is a stimulus: about two a second. Those between look alike."""

_CLIPS = (".avi", ".mp4", ".mov", ".mkv", ".m4v", ".webm")
_FEWEST = 2


def clips(base: Path) -> Listing | None:
    """DHF1K as downloaded: ``video/001.AVI`` and ``annotation/0001/maps/0001.png``, ``fixation/`` beside.

    From the README of the data set (Wang et al. 2018). Frames that have a map are written into the program's
    cache once.
    """
    videos, truth = child(base, "video", "videos"), child(base, "annotation", "annotations")
    if videos is None or truth is None:
        return None
    files = {_number(path.stem): path for path in sorted(videos.iterdir()) if path.suffix.lower() in _CLIPS}
    samples: list[Sample] = []
    problems: list[Problem] = []
    for folder in folders(truth).values():
        clip = files.get(_number(folder.name))
        maps = child(folder, *MAP_FOLDERS)
        if clip is None or maps is None:
            problems.append(Problem(folder.name, "there is no clip or no folder of maps for it"))
            continue
        known = maps_by_stem(maps)
        beside = child(folder, *(name for name in POINT_FOLDERS if name != maps.name.lower()))
        points = points_by_stem(beside, plain=True)
        wanted = {int(stem): stem for stem in sorted(known)[::STEP] if stem.isdigit()}
        frames = _frames(clip, set(wanted))
        for number, stem in wanted.items():
            if number in frames:
                name = f"{folder.name}-{stem}"
                samples.append(
                    Sample(name, "", frames[number], known[stem], points.get(stem), group=folder.name)
                )
    if not samples:
        return None
    return Listing(samples, [_sparse(len(samples)), *problems], {}, _taken(videos.name, truth.name))


def frames(base: Path) -> Listing | None:
    """A folder for each video: ``VIDEO/images/0001.png``, ``VIDEO/maps/0001.png``, ``VIDEO/fixation/``.

    The layout of DHF1K's, Hollywood-2's and UCF's frames in the authors' and others' loaders.
    """
    samples: list[Sample] = []
    places = list(_places(base))
    if len(places) < _FEWEST:
        return None
    for place, pictures, maps, points in places:
        video = "/".join(place.relative_to(base).parts)
        known, marks = maps_by_stem(maps), points_by_stem(points, plain=True)
        both = [stem for stem in sorted(by_stem(pictures, STIMULUS_SUFFIXES)) if stem in known]
        stimuli = by_stem(pictures, STIMULUS_SUFFIXES)
        for stem in both[::STEP]:
            name = f"{video.replace('/', '-')}-{stem}"
            samples.append(Sample(name, "", stimuli[stem], known[stem], marks.get(stem), group=video))
    if not samples:
        return None
    taken = _taken(f"{places[0][0].name}/{places[0][1].name}", f"{places[0][0].name}/{places[0][2].name}")
    return Listing(samples, [_sparse(len(samples))], {}, taken)


def _places(base: Path) -> Iterator[tuple[Path, Path, Path, Path | None]]:
    """Yield the folders of videos: numbered frames and maps side by side."""
    for place in bases(base):
        if place == base or place.name.lower() in PARTS:
            continue
        there = folders(place)
        pictures = next((there[name] for name in IMAGE_FOLDERS if name in there), None)
        maps = next((there[name] for name in MAP_FOLDERS if name in there), None)
        if pictures is None or maps is None:
            continue
        stems = by_stem(pictures, STIMULUS_SUFFIXES)
        if len(stems) >= STEP and all(stem.rpartition("_")[2].isdigit() for stem in stems):
            points = next((there[n] for n in POINT_FOLDERS if n in there and there[n] != maps), None)
            yield place, pictures, maps, points


def _frames(clip: Path, wanted: set[int]) -> dict[int, Path]:
    """The wanted frames of a clip, counted from 1 as DHF1K's maps are."""
    folder = place_for(clip, kind=f"frames {STEP}")
    if not folder.is_dir():
        _unpack(clip, wanted, folder)
    return {int(path.stem): path for path in folder.glob("*.png")}


def _unpack(clip: Path, wanted: set[int], folder: Path) -> None:
    import av
    import numpy as np

    from salviewer.media.saving import save_picture

    folder.mkdir(parents=True, exist_ok=True)
    last = max(wanted, default=0)
    try:
        with av.open(str(clip)) as container:
            for number, frame in enumerate(container.decode(video=0), 1):
                if number in wanted:
                    save_picture(
                        folder / f"{number:05d}.png", np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                    )
                if number >= last:
                    break
    except av.FFmpegError:
        return  # what was decoded until then is kept


def _number(name: str) -> int | str:
    digits = "".join(character for character in name if character.isdigit())
    return int(digits) if digits else name


def _sparse(count: int) -> Problem:
    return Problem(
        f"{count} frames", f"one in {STEP} of those with a map, as those between look alike", kept=True
    )


def _taken(pictures: str, maps: str) -> list[tuple[str, str]]:
    return [("frames", pictures), ("maps", maps)]
