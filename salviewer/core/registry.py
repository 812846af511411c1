"""Tables of named rows in order, for views, map formats and architectures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Named(Protocol):
    """A row of a table."""

    @property
    def name(self) -> str:
        """The row's name on command lines and in files."""


Row = TypeVar("Row", bound=Named)


class Registry(Mapping[str, Row]):
    """Rows by name, in the order in which they were added. Later rows appear wherever the table is used.

    Args:
        what: a row in a few words, such as "a view"; for messages.
        rows: the rows that ship.

    Raises:
        ValueError: two rows have the same name.
    """

    def __init__(self, what: str, rows: Iterable[Row] = ()) -> None:
        self._what = what
        self._rows: dict[str, Row] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Append a row.

        Raises:
            ValueError: there is already a row of that name.
        """
        if row.name in self._rows:
            raise ValueError(f"{self._what} named {row.name!r} is there already")
        self._rows[row.name] = row

    @contextmanager
    def added(self, row: Row) -> Iterator[Row]:
        """Add a row for the duration of a ``with`` block.

        Raises:
            ValueError: there is already a row of that name.
        """
        self.add(row)
        try:
            yield row
        finally:
            del self._rows[row.name]

    def find(self, name: str) -> Row:
        """Return the row of that name.

        Raises:
            ValueError: there is none; the message lists the existing names.
        """
        self.check(name)
        return self._rows[name]

    def check(self, name: str) -> None:
        """Check that there is a row of that name.

        Raises:
            ValueError: there is none; the message lists the existing names.
        """
        if name not in self._rows:
            raise ValueError(f"{self._what} is one of {', '.join(self._rows)}, not {name!r}")

    def __getitem__(self, name: str) -> Row:
        """Return the row of that name; raise `KeyError` if there is none."""
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in order."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)
