"""The layouts of data sets, a row each: how one is recognised, how it is read, and what it is called.

A new layout is a function from a folder to a `Listing`, or None where it is another, and a `DataReader` in
the table at the end of this module. Training, evaluation, the survey, the window's dialog and ``salviewer
data`` take it from the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from salviewer.core.registry import Registry
from salviewer.media.data import pairs, recorded, videos
from salviewer.media.data.names import STIMULUS_SUFFIXES, bases, by_stem, child
from salviewer.media.data.samples import Listing, Sample


@dataclass(frozen=True, slots=True)
class DataReader:
    """A layout.

    Attributes:
        name: on cards and in results.
        title: for people.
        looked_for: what it is recognised by, as `salviewer data --layouts` lists it.
        read: lists a folder; None where it has another layout.
        deep: whether it is looked for in folders within too. One that is not looks there itself.
        labelled: whether there is ground truth.
    """

    name: str
    title: str
    looked_for: str
    read: Callable[[Path], Listing | None]
    deep: bool = True
    labelled: bool = True


def recognise(folder: Path, *, photographs: bool = False) -> tuple[DataReader, Listing] | None:
    """Find the first layout of `READERS` that a folder, or one within, has.

    Args:
        folder: where to look.
        photographs: whether pictures without ground truth count too.

    Raises:
        OSError: a folder cannot be read.
        DataError: it has a layout, but a file of it cannot be used.
    """
    for reader in READERS.values():
        if not reader.labelled and not photographs:
            continue
        for base in bases(folder) if reader.deep else (folder,):
            if listing := reader.read(base):
                return reader, listing
    return None


def _unlabelled(base: Path) -> Listing | None:
    """CAT2000's test part, MIT300's ``BenchmarkIMAGES``, or pictures in the folder itself."""
    test = child(base, "testSet")
    pictures = (
        child(test or base, "Stimuli", "BenchmarkIMAGES") if test or child(base, "BenchmarkIMAGES") else None
    )
    samples = []
    for place in bases(pictures) if pictures is not None else (base,):
        category = "/".join(place.relative_to(pictures or base).parts)
        for path in by_stem(place, STIMULUS_SUFFIXES).values():
            samples.append(Sample(f"{category}/{path.name}".lstrip("/"), category, path, path))
    name = pictures.name if pictures is not None else "the folder itself"
    return Listing(samples, taken=[("pictures", name)]) if samples else None


READERS: Registry[DataReader] = Registry(
    "a layout of data",
    (
        DataReader(
            "CAT2000", "CAT2000's folders", "trainSet/Stimuli with FIXATIONMAPS (CAT2000)", pairs.cat2000
        ),
        DataReader("MIT1003", "MIT1003", "ALLSTIMULI with ALLFIXATIONMAPS or DATA (MIT1003)", pairs.mit1003),
        DataReader("FIGRIM", "FIGRIM", "Targets with allImages_release.mat (FIGRIM)", recorded.figrim),
        DataReader("PASCAL-S", "PASCAL-S", "imgs/pascal with pascalFix.mat (PASCAL-S)", recorded.pascal_s),
        DataReader(
            "Toronto", "Toronto", "Original Image Set with origfixdata.mat (Toronto)", recorded.toronto
        ),
        DataReader(
            "DUT-OMRON",
            "DUT-OMRON",
            "DUT-OMRON-image with DUT-OMRON-eye-fixations (DUT-OMRON)",
            recorded.dut_omron,
        ),
        DataReader("SalECI", "SalECI", "IMAGE with FIXATION (SalECI)", pairs.saleci),
        DataReader("FiWI", "FiWI", "stimuli with all5 (FiWI)", pairs.fiwi, deep=False),
        DataReader(
            "record",
            "pictures with a fixation record",
            "stimuli with eye/fixations.mat (OSIE)",
            recorded.osie,
        ),
        DataReader("clips", "videos with maps", "video with annotation (DHF1K)", videos.clips),
        DataReader(
            "frames",
            "frames of videos with maps",
            "VIDEO/images with VIDEO/maps (frames)",
            videos.frames,
            deep=False,
        ),
        DataReader(
            "pairs",
            "pictures with maps",
            "images or stimuli with maps or fixations (SALICON's too), NAME.jpg with NAME_fixMap.png",
            pairs.pairs,
            deep=False,
        ),
        DataReader(
            "pysaliency",
            "pysaliency's files",
            "stimuli.hdf5 with fixations.hdf5 (pysaliency)",
            recorded.pysaliency,
        ),
        DataReader(
            "table",
            "pictures with a table of fixations",
            "pictures with a table (.csv, .tsv)",
            recorded.tables,
        ),
        DataReader(
            "photographs", "photographs without ground truth", "", _unlabelled, deep=False, labelled=False
        ),
    ),
)
"""The layouts, in the order in which they are tried: what has a name of its own first."""
