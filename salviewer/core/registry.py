"""A table of rows by name, in order: what views, map formats and architectures are listed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Named(Protocol):
    """A row."""

    @property
    def name(self) -> str:
        """What it is called on command lines and in files."""


Row = TypeVar("Row", bound=Named)


class Registry(Mapping[str, Row]):
    """Rows by name, in the order in which they were added. Whoever lists them sees later rows too.

    Args:
        what: one row in a few words, such as "a view"; for messages.
        rows: those that ship.

    Raises:
        ValueError: two rows have one name.
    """

    def __init__(self, what: str, rows: Iterable[Row] = ()) -> None:
        self._what = what
        self._rows: dict[str, Row] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Append a row.

        Raises:
            ValueError: there is a row of that name.
        """
        if row.name in self._rows:
            raise ValueError(f"{self._what} named {row.name!r} is there already")
        self._rows[row.name] = row

    @contextmanager
    def added(self, row: Row) -> Iterator[Row]:
        """Have one more row in the ``with`` block.

        Raises:
            ValueError: there is a row of that name.
        """
        self.add(row)
        try:
            yield row
        finally:
            del self._rows[row.name]

    def find(self, name: str) -> Row:
        """The row of that name.

        Raises:
            ValueError: there is none; the message lists those there are.
        """
        self.check(name)
        return self._rows[name]

    def check(self, name: str) -> None:
        """Accept the name of a row.

        Raises:
            ValueError: there is none; the message lists those there are.
        """
        if name not in self._rows:
            raise ValueError(f"{self._what} is one of {', '.join(self._rows)}, not {name!r}")

    def __getitem__(self, name: str) -> Row:
        """The row of that name; `KeyError` if there is none."""
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        """The names in order."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._rows)
