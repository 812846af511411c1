"""Synthetic copies of published data sets' layouts: noise with a disc, looked at where the disc is.

Built from the descriptions that `salviewer.media.data` names in its docstrings, not from the files.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import h5py
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.io import savemat

HIGH, WIDE = 60, 80
COUNT = 4
VIEWERS = 3


class Scene:
    """One synthetic picture with its fixations."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.pixels: NDArray[np.uint8] = random.integers(0, 90, (HIGH, WIDE, 3), dtype=np.uint8)
        row, column = random.uniform(0.3, 0.7, 2) * (HIGH, WIDE)
        cv2.circle(self.pixels, (round(column), round(row)), 7, (250, 210, 160), -1)
        places = np.rint(random.normal((row, column), 3, (VIEWERS, 8, 2))).astype(int)
        self.cells = places.clip(0, np.array((HIGH, WIDE)) - 1)  # (viewer, fixation, (row, column)) from 0
        flat = self.cells.reshape(-1, 2)
        self.matrix = np.zeros((HIGH, WIDE), np.uint8)
        self.matrix[flat[:, 0], flat[:, 1]] = 1
        density = cv2.GaussianBlur(self.matrix.astype(np.float32), (0, 0), 3)
        self.map = np.rint(255 * density / density.max()).astype(np.uint8)
        self.xy = [each[:, ::-1] for each in self.cells]  # of each viewer, from 0

    def picture(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(self.pixels).save(path, **({"quality": 95} if path.suffix != ".png" else {}))

    def density(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(self.map).save(path)

    def points(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        how = {"quality": 100} if "jp" in path.suffix else {}
        Image.fromarray(self.matrix * np.uint8(255)).save(path, **how)

    def mat(self, path: Path, name: str = "fixLocs") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        savemat(path, {name: self.matrix})


SCENES = [Scene(seed) for seed in range(COUNT)]


def cell(values: list[Any]) -> NDArray[Any]:
    """A MATLAB cell array, a column."""
    found = np.empty((len(values), 1), object)
    for number, value in enumerate(values):
        found[number, 0] = value
    return found


def cat2000(root: Path, train: str = "trainSet", names: tuple[str, str, str] | None = None) -> None:
    stimuli, maps, points = names or ("Stimuli", "FIXATIONMAPS", "FIXATIONLOCS")
    for number, scene in enumerate(SCENES):
        category = ("Action", "Art")[number % 2]
        scene.picture(root / train / stimuli / category / f"{number:03d}.jpg")
        scene.density(root / train / maps / category / f"{number:03d}.jpg")
        scene.mat(root / train / points / category / f"{number:03d}.mat")
        scene.density(root / train / stimuli / category / "Output" / f"{number:03d}_SaliencyMap.jpg")


def cat2000_archive(root: Path) -> None:
    cat2000(root / "made")
    with zipfile.ZipFile(root / "trainSet.zip", "w") as archive:
        for path in sorted((root / "made").rglob("*.*")):
            archive.write(path, path.relative_to(root / "made"))
    shutil.rmtree(root / "made")


def mit1003(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(root / "ALLSTIMULI" / f"i{number}.jpeg")
        scene.density(root / "ALLFIXATIONMAPS" / f"i{number}_fixMap.jpg")
        scene.points(root / "ALLFIXATIONMAPS" / f"i{number}_fixPts.jpg")


def mit1003_raw(root: Path) -> None:
    mit1003(root)
    for viewer in range(VIEWERS):
        for number, scene in enumerate(SCENES):
            blink = np.full((5, 3), np.nan)
            looks = [np.full((30, 3), [*(xy + 1), 0]) for xy in scene.xy[viewer].astype(float)]
            rows = np.concatenate([part for look in looks for part in (look, blink)])
            path = root / "DATA" / f"v{viewer}" / f"i{number}.mat"
            path.parent.mkdir(parents=True, exist_ok=True)
            savemat(path, {f"i{number}": {"DATA": {"eyeData": rows}, "imgName": f"i{number}.jpeg"}})


def mit1003_raw_alone(root: Path) -> None:
    mit1003_raw(root)
    shutil.rmtree(root / "ALLFIXATIONMAPS")


def salicon(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        part = ("train", "val")[number % 2]
        name = f"COCO_{part}2014_{number:012d}"
        scene.picture(root / "images" / part / f"{name}.jpg")
        scene.density(root / "maps" / part / f"{name}.png")
        gaze = np.zeros((VIEWERS, 1), [("location", "O"), ("timestamp", "O"), ("fixations", "O")])
        for viewer, xy in enumerate(scene.xy):
            gaze[viewer, 0]["fixations"] = xy + 1
        path = root / "fixations" / part / f"{name}.mat"
        path.parent.mkdir(parents=True, exist_ok=True)
        savemat(path, {"gaze": gaze, "image": name, "resolution": [[HIGH, WIDE]]})
    SCENES[0].picture(root / "images" / "test" / "COCO_test2014_000000000009.jpg")


def osie(root: Path) -> None:
    entries = np.zeros((COUNT, 1), [("img", "O"), ("subjects", "O")])
    for number, scene in enumerate(SCENES):
        scene.picture(root / "data" / "stimuli" / f"{1001 + number}.jpg")
        subjects = np.zeros(VIEWERS, [("fix_x", "O"), ("fix_y", "O"), ("fix_duration", "O")])
        for viewer, xy in enumerate(scene.xy):
            subjects[viewer] = (xy[:, 0] + 1.0, xy[:, 1] + 1.0, np.full(len(xy), 250.0))
        entries[number, 0]["img"] = f"{1001 + number}.jpg"
        entries[number, 0]["subjects"] = cell([subjects[viewer : viewer + 1] for viewer in range(VIEWERS)])
    (root / "data" / "eye").mkdir(parents=True)
    savemat(root / "data" / "eye" / "fixations.mat", {"fixations": cell([entries[i] for i in range(COUNT)])})


def figrim(root: Path) -> None:
    images = np.zeros(COUNT, [("filename", "O"), ("category", "O"), ("userdata", "O")])
    for number, scene in enumerate(SCENES):
        category = ("airport", "kitchen")[number % 2]
        scene.picture(root / "Targets" / category / f"zsun_{number}.jpg")
        users = np.zeros(VIEWERS, [("trial", "O"), ("fixations", "O")])
        for viewer, xy in enumerate(scene.xy):
            seen = np.zeros(1, [("enc", "O"), ("rec", "O")])
            seen[0] = (xy + 1.0, np.zeros((0, 2)))
            users[viewer] = (viewer + 1, seen)
        images[number] = (f"zsun_{number}.jpg", category, users)
    (root / "targetData").mkdir()
    savemat(root / "targetData" / "allImages_release.mat", {"allImages": images})


def pascal_s(root: Path) -> None:
    lists = []
    for number, scene in enumerate(SCENES):
        scene.picture(root / "datasets" / "imgs" / "pascal" / f"{number + 1}.jpg")
        rows = [[y + 1, x + 1, viewer + 1] for viewer, xy in enumerate(scene.xy) for x, y in xy]
        lists.append(np.array(rows, np.float64))
    (root / "datasets" / "fixations").mkdir()
    savemat(root / "datasets" / "fixations" / "pascalFix.mat", {"fixCell": cell(lists)})


def toronto(root: Path) -> None:
    base = root / "eyetrackingdata" / "fixdens"
    white = np.empty((1, COUNT), object)
    for number, scene in enumerate(SCENES):
        scene.picture(base / "Original Image Set" / f"{number + 1}.jpg")
        white[0, number] = scene.matrix
    savemat(base / "origfixdata.mat", {"white": white})


def toronto_raw(root: Path) -> None:
    base = root / "fixdens"
    for number, scene in enumerate(SCENES):
        scene.picture(base / "Original Image Set" / f"{number + 1}.jpg")
        for viewer, xy in enumerate(scene.xy):
            lines = [f"{i + 1}, {x}, {y}, {300 * i}, 250" for i, (x, y) in enumerate(xy)]
            path = base / "Raw" / f"subject{viewer}" / f"{number + 1}.fix"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                "Header\r\n\r\nFixation Listing\r\n\r\n" + "\r\n".join(lines) + "\r\n\r\nAverage\r\n"
            )


def dut_omron(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        name = f"im{number:03d}"
        scene.picture(root / "DUT-OMRON-image" / f"{name}.jpg")
        rows = [[x, y, viewer + 1] for viewer, xy in enumerate(scene.xy) for x, y in xy]
        path = root / "DUT-OMRON-eye-fixations" / "mat" / f"{name}.mat"
        path.parent.mkdir(parents=True, exist_ok=True)
        savemat(path, {"s": np.array([[WIDE, HIGH, 0], *rows], np.float64)})


def saleci(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(root / "IMAGE" / f"{number}.jpg")
        scene.density(root / "FIXATION" / f"{number}_fixMap.jpg")
        scene.points(root / "FIXATION" / f"{number}_fixPts.jpg")


def fiwi(root: Path) -> None:
    """FiWI's archive as other projects' code takes it apart: pages, and all viewers' points of 5 seconds."""
    for number, scene in enumerate(SCENES):
        scene.picture(root / "webpage_dataset" / "stimuli" / f"{number}.png")
        path = root / "webpage_dataset" / "fixations" / "all5" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(scene.matrix * np.uint8(3)).save(path)  # counts, not 255


def eyecrowd(root: Path) -> None:
    """EyeCrowd has OSIE's folders, as its authors' README lists them, and labels of faces."""
    osie(root)
    savemat(root / "data" / "labels.mat", {"labels": np.zeros((COUNT, 1))})


def fixations_alone(root: Path) -> None:
    """SALICON's pictures and fixations without the maps, which are a download of their own."""
    salicon(root)
    shutil.rmtree(root / "maps")


def side_by_side(root: Path) -> None:
    """As most sets are handed on: pictures, maps and lists of fixations."""
    for number, scene in enumerate(SCENES):
        scene.picture(root / "stimuli" / "deep" / "er" / f"{number}.png")
        scene.density(root / "density" / "deep" / "er" / f"{number}.png")
        scene.mat(root / "fixations" / "deep" / "er" / f"{number}.mat")


def one_folder(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(root / "all" / f"{number}.png")
        scene.density(root / "all" / f"{number}_fixMap.png")
        scene.points(root / "all" / f"{number}_fixPts.png")


def parts_outside(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        part = ("train", "test")[number % 2]
        scene.picture(root / part / "images" / f"{number}.png")
        scene.density(root / part / "maps" / f"{number}.png")
        scene.mat(root / part / "fixations" / f"{number}.mat")


def frames(root: Path) -> None:
    for video in range(3):
        for number in range(25):
            scene = SCENES[(video + number) % COUNT]
            scene.picture(root / f"{video + 1:04d}" / "images" / f"{number + 1:04d}.png")
            scene.density(root / f"{video + 1:04d}" / "maps" / f"{number + 1:04d}.png")
            scene.points(root / f"{video + 1:04d}" / "fixation" / f"{number + 1:04d}.png")


def clips(root: Path) -> None:
    import av

    (root / "video").mkdir()
    for video in range(3):
        with av.open(str(root / "video" / f"{video + 1:03d}.AVI"), "w") as container:
            stream: Any = container.add_stream("mjpeg", rate=30)
            stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuvj420p"
            for number in range(25):
                scene = SCENES[(video + number) % COUNT]
                container.mux(stream.encode(av.VideoFrame.from_ndarray(scene.pixels, format="rgb24")))
                base = root / "annotation" / f"{video + 1:04d}"
                scene.density(base / "maps" / f"{number + 1:04d}.png")
                scene.points(base / "fixation" / f"{number + 1:04d}.png")
            container.mux(stream.encode())


def pysaliency(root: Path) -> None:
    names = []
    for number, scene in enumerate(SCENES):
        scene.picture(root / "stimuli" / f"{number}.jpg")
        names.append(f"stimuli/{number}.jpg".encode())
    with h5py.File(root / "stimuli.hdf5", "w") as file:
        file.attrs["type"], file.attrs["version"] = np.bytes_("FileStimuli"), np.bytes_("2.1")
        file.create_dataset("filenames", data=names)
        file.attrs["size"] = COUNT
    trains = [(n, viewer, xy) for n, scene in enumerate(SCENES) for viewer, xy in enumerate(scene.xy)]
    with h5py.File(root / "fixations.hdf5", "w") as file:
        file.attrs["type"], file.attrs["version"] = np.bytes_("FixationTrains"), np.bytes_("1.2")
        file["train_xs"] = np.array([xy[:, 0] for _, _, xy in trains], np.float64)
        file["train_ys"] = np.array([xy[:, 1] for _, _, xy in trains], np.float64)
        file["train_ts"] = np.array([np.arange(len(xy)) for _, _, xy in trains], np.float64)
        file["train_ns"] = np.array([n for n, _, _ in trains])
        file["train_subjects"] = np.array([viewer for _, viewer, _ in trains])


def pysaliency_arrays(root: Path) -> None:
    pysaliency(root)
    (root / "stimuli.hdf5").unlink()
    with h5py.File(root / "stimuli.hdf5", "w") as file:
        file.attrs["type"], file.attrs["version"] = np.bytes_("Stimuli"), np.bytes_("1.1")
        file.attrs["size"] = COUNT
        for number, scene in enumerate(SCENES):
            file[str(number)] = scene.pixels
    shutil.rmtree(root / "stimuli")


def pysaliency_scanpaths(root: Path) -> None:
    """``ScanpathFixations``, as pysaliency 0.3 writes them: rows filled up after ``lengths``."""
    pysaliency(root)
    (root / "fixations.hdf5").unlink()
    trains = [(n, viewer, xy) for n, scene in enumerate(SCENES) for viewer, xy in enumerate(scene.xy)]
    with h5py.File(root / "fixations.hdf5", "w") as file:
        file.attrs["type"], file.attrs["version"] = np.bytes_("ScanpathFixations"), np.bytes_("1.0")
        group = file.create_group("scanpaths")
        filler = np.full(3, np.nan)
        group["xs"] = np.array([[*xy[:, 0], *filler] for _, _, xy in trains], np.float64)
        group["ys"] = np.array([[*xy[:, 1], *filler] for _, _, xy in trains], np.float64)
        group["n"] = np.array([n for n, _, _ in trains])
        group["lengths"] = np.array([len(xy) for _, _, xy in trains])
        times = [[*np.arange(len(xy)), *filler] for _, _, xy in trains]
        group.create_group("fixation_attributes")["ts"] = np.array(times, np.float64)
        group.create_group("scanpath_attributes")["subject"] = np.array([who for _, who, _ in trains])


def _pictures(root: Path) -> None:
    for number, scene in enumerate(SCENES):
        scene.picture(root / "pictures" / f"p{number}.png")


def _all(scene: Scene) -> list[tuple[int, int, int, int]]:
    """(viewer, number, x, y) of all fixations."""
    return [(who, i, int(x), int(y)) for who, xy in enumerate(scene.xy) for i, (x, y) in enumerate(xy)]


def plain_table(root: Path) -> None:
    _pictures(root)
    rows = ["image,subject,x,y,start,duration"]
    for n, scene in enumerate(SCENES):
        rows += [f"p{n}.png,v{who},{x + 0.5},{y + 0.5},{300 * i},250" for who, i, x, y in _all(scene)]
    (root / "fixations.csv").write_text("\n".join(rows) + "\n")


def tobii(root: Path) -> None:
    """Tobii Pro Lab's export: a row a sample, UTF-16 or UTF-8 with tabs."""
    _pictures(root)
    names = ("Recording timestamp", "Participant name", "Presented Stimulus name", "Eye movement type")
    more = ("Gaze event duration", "Eye movement type index", "Fixation point X", "Fixation point Y")
    rows = ["\t".join((*names, *more))]
    for n, scene in enumerate(SCENES):
        for who, i, x, y in _all(scene):
            for sample in range(2):
                at = 300 * i + sample
                rows.append(f"{at}\tP{who}\tp{n}\tFixation\t250\t{i + 1}\t{x + 0.5}\t{y + 0.5}")
            rows.append(f"{at + 9}\tP{who}\tp{n}\tSaccade\t20\t{i + 1}\t\t")
    (root / "Project Data Export.tsv").write_text("\n".join(rows) + "\n", encoding="utf-16")


def eyelink(root: Path) -> None:
    """SR Research Data Viewer's fixation report."""
    _pictures(root)
    names = ("RECORDING_SESSION_LABEL", "image", "CURRENT_FIX_INDEX", "CURRENT_FIX_START")
    rows = ["\t".join((*names, "CURRENT_FIX_DURATION", "CURRENT_FIX_X", "CURRENT_FIX_Y"))]
    for n, scene in enumerate(SCENES):
        rows += [
            f"s{who}\tp{n}.png\t{i + 1}\t{300 * i}\t250\t{x + 0.5}\t{y + 0.5}" for who, i, x, y in _all(scene)
        ]
    (root / "fixrep.tsv").write_text("\n".join(rows) + "\n")


def gazepoint(root: Path) -> None:
    """Gazepoint Analysis: shares of the screen, a row a sample, a file a viewer."""
    _pictures(root)
    (root / "result").mkdir()
    for who in range(VIEWERS):
        rows = ["MEDIA_ID,MEDIA_NAME,CNT,TIME(2026/01/01),FPOGX,FPOGY,FPOGS,FPOGD,FPOGID,FPOGV"]
        for n, scene in enumerate(SCENES):
            for i, (x, y) in enumerate(scene.xy[who]):
                for valid in (0, 1):
                    share = f"{(x + 0.5) / WIDE:.5f},{(y + 0.5) / HIGH:.5f}"
                    rows.append(f"{n},p{n},{i},0,{share},{0.3 * i:.3f},0.25,{i},{valid}")
        (root / "result" / f"User {who}_fixations.csv").write_text("\n".join(rows) + "\n")


def pupil(root: Path) -> None:
    """Pupil Player: fixations on a surface, in shares from its lower left corner, a file a picture."""
    _pictures(root)
    (root / "surfaces").mkdir()
    for n, scene in enumerate(SCENES):
        names = "world_timestamp,world_index,fixation_id,start_timestamp,duration,dispersion"
        rows = [f"{names},norm_pos_x,norm_pos_y,x_scaled,y_scaled,on_surf"]
        for number, (_, i, x, y) in enumerate(_all(scene)):
            rows.append(
                f"1.0,1,{number},{0.3 * i},250,1.1,{(x + 0.5) / WIDE:.5f},{1 - (y + 0.5) / HIGH:.5f},0,0,True"
            )
        rows.append("1.0,1,9999,9.0,250,1.1,1.7,0.2,0,0,False")
        (root / "surfaces" / f"fixations_on_surface_p{n}.csv").write_text("\n".join(rows) + "\n")


def webgazer(root: Path) -> None:
    _pictures(root)
    rows = ["stimulus;participant;t;x;y"]
    for n, scene in enumerate(SCENES):
        rows += [f"p{n}.png;{who};{300 * i};{x + 0.5};{y + 0.5}" for who, i, x, y in _all(scene)]
    (root / "gaze.csv").write_text("\n".join(rows) + "\n")


LAYOUTS: dict[str, tuple[Callable[[Path], None], str, bool]] = {
    "CAT2000": (cat2000, "CAT2000", False),
    "CAT2000, a level up, lower case": (
        lambda root: cat2000(root / "cat", "trainset", ("stimuli", "fixationmaps", "fixationlocs")),
        "CAT2000", False,
    ),
    "CAT2000, the train part alone": (lambda root: cat2000(root, ""), "CAT2000", False),
    "CAT2000, zipped": (cat2000_archive, "CAT2000", False),
    "MIT1003": (mit1003, "MIT1003", False),
    "MIT1003 with DATA": (mit1003_raw, "MIT1003", True),
    "MIT1003's DATA alone": (mit1003_raw_alone, "MIT1003", True),
    "SALICON": (salicon, "pairs", True),
    "SALICON without maps": (fixations_alone, "pairs", True),
    "OSIE": (osie, "record", True),
    "EyeCrowd": (eyecrowd, "record", True),
    "FiWI": (fiwi, "FiWI", False),
    "FIGRIM": (figrim, "FIGRIM", True),
    "PASCAL-S": (pascal_s, "PASCAL-S", True),
    "Toronto": (toronto, "Toronto", False),
    "Toronto's raw lists": (toronto_raw, "Toronto", True),
    "DUT-OMRON": (dut_omron, "DUT-OMRON", True),
    "SalECI": (saleci, "SalECI", False),
    "pairs in any nesting": (side_by_side, "pairs", False),
    "pairs in one folder": (one_folder, "pairs", False),
    "parts outside": (parts_outside, "pairs", False),
    "frames": (frames, "frames", False),
    "clips": (clips, "clips", False),
    "pysaliency": (pysaliency, "pysaliency", True),
    "pysaliency's arrays": (pysaliency_arrays, "pysaliency", True),
    "pysaliency's scanpaths": (pysaliency_scanpaths, "pysaliency", True),
    "a plain table": (plain_table, "table", True),
    "Tobii": (tobii, "table", True),
    "EyeLink": (eyelink, "table", True),
    "Gazepoint": (gazepoint, "table", True),
    "Pupil": (pupil, "table", False),
    "WebGazer": (webgazer, "table", True),
}  # fmt: skip
"""Name: (who makes it, the layout it is recognised as, whether viewers are known)."""
