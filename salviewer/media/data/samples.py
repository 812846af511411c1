"""Results of readers of data sets: stimuli with their ground truth, and problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """One stimulus with its ground truth.

    Attributes:
        name: ``CATEGORY/STEM``, or ``STEM`` in a data set without categories.
        category: empty in a data set without categories.
        stimulus, fixation_map: the picture and its fixation density.
        locations: a file with the fixations, if there is one (`media.fixation_files`), or a fixation record.
            Where it is ``fixation_map`` too, there is no map; the density has to be made of the fixations.
        record: the stimulus' name in a fixation record (`media.data.records`), which then is ``locations``,
            or ``fixation_map`` where the density has to be made of the fixations; empty elsewhere.
        group: what must not lie in two parts of a split, such as the video of a frame; empty for a stimulus
            of its own.
        blur: standard deviation in the picture's pixels of the density that is made of fixations alone;
            0 for 3 % of the picture's width.
    """

    name: str
    category: str
    stimulus: Path
    fixation_map: Path
    locations: Path | None = None
    record: str = ""
    group: str = ""
    blur: float = 0.0

    @property
    def labelled(self) -> bool:
        """Whether there is ground truth: a photograph alone has itself for a map."""
        return self.fixation_map != self.stimulus

    @property
    def mapped(self) -> bool:
        """Whether there is a map; else the density is made of the fixations."""
        return self.fixation_map != self.locations and (not self.record or self.locations is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of a stimulus, or of a folder of stimuli.

    Attributes:
        name: of the sample or folder.
        reason: a clause.
        kept: whether the stimulus is still used.
    """

    name: str
    reason: str
    kept: bool = False

    def __str__(self) -> str:
        file, colon, _ = self.reason.partition(": ")
        named = bool(colon) and file == self.name  # of photographs, the sample has its file's name
        return self.reason if named else f"{self.name}: {self.reason}"

    @property
    def sentence(self) -> str:
        """For a log: begins with ``skipped`` where the stimulus is not used."""
        return str(self) if self.kept else f"skipped {self}"


@dataclass(frozen=True, slots=True)
class Listing:
    """The contents of a folder, as a reader found them.

    Attributes:
        samples: the stimuli, in any order.
        problems: what is skipped, or used in part.
        parts: the split that the folders make: names by ``train``, ``val`` and ``test``; empty where they
            make none.
        taken: what was taken for what, as pairs such as ``("pictures", "ALLSTIMULI")``.
    """

    samples: Sequence[Sample]
    problems: Sequence[Problem] = ()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken: Sequence[tuple[str, str]] = ()
