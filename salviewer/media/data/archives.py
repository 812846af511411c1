"""Zip archives of data sets: unpacked once into the program's cache, and opened there from then on."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from pathlib import Path, PurePosixPath

import platformdirs

from salviewer.errors import DataError

_LEFT_OUT = ("__macosx", "output", ".ds_store", ".svn")
_ROOM = 1.1


def cache_folder() -> Path:
    """Return where unpacked data lie; ``SALVIEWER_CACHE`` overrides the platform's cache folder."""
    return Path(os.environ.get("SALVIEWER_CACHE") or platformdirs.user_cache_dir("salviewer")) / "unpacked"


def unpacked(root: Path) -> Path:
    """Return the folder to look in for a data set: `root`, or where its archives are unpacked.

    Args:
        root: a ``.zip`` file, a folder, or a folder that has nothing but ``.zip`` files.

    Raises:
        DataError: an archive is damaged, encrypted, or does not fit on the disk.
    """
    if root.suffix.lower() == ".zip" and root.is_file():
        return _unpacked_all([root])
    if not root.is_dir():
        return root
    inside = [item for item in root.iterdir() if item.name[0] not in "._"]
    archives = sorted(item for item in inside if item.suffix.lower() == ".zip")
    return _unpacked_all(archives) if archives and not any(item.is_dir() for item in inside) else root


def place_for(*files: Path, kind: str = "") -> Path:
    """Return a folder of the cache for what is made of some files; another one once a file changes."""
    digest = hashlib.sha256(kind.encode())
    for path in files:
        status = path.stat()
        digest.update(f"{path.resolve()} {status.st_size} {status.st_mtime_ns}\n".encode())
    return cache_folder() / digest.hexdigest()[:24]


def _unpacked_all(archives: list[Path]) -> Path:
    final = place_for(*archives)
    if final.is_dir():
        return final
    scratch = final.with_name(f"{final.name}.{os.getpid()}")
    try:
        scratch.mkdir(parents=True)
        for archive in archives:
            _unpack(archive, scratch)
        scratch.replace(final)
    except OSError as error:
        if final.is_dir():  # another process was quicker
            return final
        raise DataError(archives[0], f"it cannot be unpacked ({error.strerror or error})") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return final


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as file:
            wanted = [info for info in file.infolist() if not info.is_dir() and _is_wanted(info.filename)]
            total = sum(info.file_size for info in wanted)
            free = shutil.disk_usage(folder).free
            if total * _ROOM > free:
                raise DataError(
                    archive, f"unpacked it takes {total / 2**30:.1f} GiB, and {free / 2**30:.1f} are free"
                )
            for info in wanted:
                file.extract(info, folder)  # which keeps ".." and absolute names inside the folder
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise DataError(archive, "the archive is damaged or incomplete") from error
    except RuntimeError as error:  # of an encrypted member
        raise DataError(archive, "the archive is encrypted") from error


def _is_wanted(name: str) -> bool:
    return not any(part.lower() in _LEFT_OUT for part in PurePosixPath(name.replace("\\", "/")).parts)
