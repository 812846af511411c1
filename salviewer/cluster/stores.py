"""Any storage by its address, through the file systems of pyarrow and fsspec."""

from __future__ import annotations

import posixpath
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from salviewer.addresses import fit_to_show, is_address
from salviewer.cluster.errors import StoreError
from salviewer.errors import ExportError, SalviewerError
from salviewer.media.saving import atomic_path
from salviewer.results.naming import make_folder

_Value = TypeVar("_Value")

_ARROW = frozenset({"s3", "gs", "gcs", "abfs", "abfss", "hdfs", "viewfs"})
_WHOLE = ("s3", "gcs", "abfs")  # an object appears when it is complete
_TRIES = 4  # for a store that does not answer
_PAUSE = 0.5  # seconds before the second of them, doubled for each after


def shown(address: str) -> str:
    """Return an address as it may be shown and kept: without passwords and the options of its file system."""
    if urlsplit(address).scheme.lower() in _ARROW:
        address = address.partition("?")[0]
    return fit_to_show(address)


def is_remote(address: str) -> bool:
    """Return whether this is an address of a store, and not a path of this machine."""
    return is_address(address)


@dataclass(frozen=True, slots=True)
class Place:
    """A file or folder in some storage. Picklable.

    Attributes:
        address: as the user gave it; of a local path absolute.
    """

    address: str

    @classmethod
    def of(cls, given: str) -> Place:
        """Make one of an address or a path of this machine."""
        if given.lower().startswith("file:"):
            given = urlsplit(given).path
        return cls(given.rstrip("/") if is_remote(given) else str(Path(given).absolute()))

    @property
    def shown(self) -> str:
        """The address as it may be shown."""
        return shown(self.address)

    @property
    def local(self) -> Path | None:
        """The path, where this is no address."""
        return None if is_remote(self.address) else Path(self.address)

    @property
    def name(self) -> str:
        """The last part."""
        return (
            posixpath.basename(urlsplit(self.address).path)
            if is_remote(self.address)
            else Path(self.address).name
        )

    def opened(self) -> tuple[Any, str]:
        """Return the file system of pyarrow and the path in it.

        Raises:
            StoreError: there is none for such an address, or it cannot be reached.
        """
        return _opened(self.address)

    def below(self, relative: str) -> Place:
        """Return a place in this folder; options after a ``?`` stay at the end."""
        if not relative:
            return self
        if not is_remote(self.address):
            return Place(str(Path(self.address) / relative))
        base, mark, query = self.address.partition("?")
        return Place(f"{base.rstrip('/')}/{relative}{mark}{query}")

    def read(self) -> bytes:
        """Read a file.

        Raises:
            StoreError: it is not there, or the store does not give it, not even when it is asked again.
        """

        def once() -> bytes:
            system, path = self.opened()
            if (other := getattr(system, "handler", None)) is not None:
                return bytes(other.fs.cat_file(path))  # asking whether it is there would hide why it is not
            with system.open_input_stream(path) as stream:
                return bytes(stream.read())

        return patiently(self.address, once)

    def fetch(self, path: Path) -> None:
        """Copy a file to this machine, a piece at a time.

        Raises:
            StoreError: as `read`.
            OSError: it cannot be written there.
        """

        def once() -> None:
            system, inside = self.opened()
            with system.open_input_stream(inside) as stream, path.open("wb") as copy:
                shutil.copyfileobj(stream, copy, 1 << 20)

        patiently(self.address, once)

    def write(self, content: bytes) -> None:
        """Write a file, with its folder; it is complete or not there.

        Raises:
            ExportError: it cannot be written.
        """
        if (path := self.local) is not None:
            make_folder(path.parent)
            with atomic_path(path) as temporary:
                temporary.write_bytes(content)
            return

        def once() -> None:
            system, inside = self.opened()
            if system.type_name in _WHOLE:
                with system.open_output_stream(inside) as stream:
                    stream.write(content)
                return
            system.create_dir(posixpath.dirname(inside), recursive=True)
            with system.open_output_stream(f"{inside}.part") as stream:
                stream.write(content)
            system.move(f"{inside}.part", inside)

        try:
            patiently(self.address, once)
        except StoreError as error:
            raise ExportError(shown(self.address), f"it could not be written: {error.reason}") from error

    def remove(self) -> None:
        """Remove a file; nothing where it is not there.

        Raises:
            StoreError: it is there and stays.
        """

        def once() -> None:
            system, path = self.opened()
            try:
                system.delete_file(path)
            except OSError:  # Hadoop's for a file that is not there is no FileNotFoundError
                if system.get_file_info(path).type.name != "NotFound":
                    raise

        patiently(self.address, once)

    def names(self) -> list[str]:
        """List the names of the files in a folder; empty where it is not there.

        Raises:
            StoreError: the store does not answer.
        """
        return [info.base_name for info in self.infos() if info.is_file]

    def infos(self, missing_ok: bool = True) -> list[Any]:
        """List a folder as pyarrow's ``FileInfo``, unordered.

        Raises:
            StoreError: the store does not answer, or the folder is not there and has to be.
        """
        from pyarrow.fs import FileSelector

        def once() -> list[Any]:
            system, path = self.opened()
            return list(system.get_file_info(FileSelector(path, allow_not_found=missing_ok)))

        return patiently(self.address, once)

    def info(self) -> Any:
        """Return pyarrow's ``FileInfo``.

        Raises:
            StoreError: the store does not answer.
        """

        def once() -> Any:
            system, path = self.opened()
            return system.get_file_info(path)

        return patiently(self.address, once)


def patiently(address: str, once: Callable[[], _Value]) -> _Value:
    """Ask a store some times, with longer and longer pauses.

    Raises:
        StoreError: with the reason of the last time. What is not there, or forbidden, is not asked for again.
    """
    pause = _PAUSE
    for attempt in range(1, _TRIES + 1):
        try:
            return once()
        except FileNotFoundError as error:
            raise StoreError(shown(address), "there is no such file or folder") from error
        except PermissionError as error:
            raise StoreError(shown(address), "you do not have permission to use it") from error
        except (SalviewerError, MemoryError):
            raise
        except Exception as error:  # each file system has its own
            if attempt == _TRIES or not is_remote(address):
                raise StoreError(shown(address), f"the store failed ({_first_line(error)})") from error
        time.sleep(pause)
        pause *= 2
    raise AssertionError("unreachable")


_systems: dict[str, Any] = {}


def _opened(address: str) -> tuple[Any, str]:
    import pyarrow.fs as systems

    if not is_remote(address):
        return systems.LocalFileSystem(), address
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    try:
        if scheme in _ARROW:
            key = f"{scheme}://{parts.netloc}?{parts.query}"
            if key not in _systems:
                _systems[key] = systems.FileSystem.from_uri(address)[0]
            path = f"{parts.netloc.rpartition('@')[2]}{parts.path}"
            if scheme not in ("s3", "gs", "gcs"):
                path = systems.FileSystem.from_uri(address)[1]
            return _systems[key], path.rstrip("/")
        if scheme not in _systems:
            import fsspec

            made = fsspec.filesystem("https" if scheme == "http" else scheme)
            _systems[scheme] = systems.PyFileSystem(systems.FSSpecHandler(made))
        inside = address if scheme in ("http", "https") else f"{parts.netloc}{parts.path}"
        return _systems[scheme], inside
    except (ImportError, ValueError, NotImplementedError) as error:
        raise StoreError(shown(address), f"there is no way to such a store ({_first_line(error)})") from error
    except OSError as error:
        if "libhdfs" not in str(error) and "JVM" not in str(error):
            raise
        reason = "Hadoop's libhdfs and Java, which it needs, are not to be found on this machine"
        raise StoreError(shown(address), f"{reason} ({_first_line(error)})") from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
