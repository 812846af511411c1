"""Errors of a run on a cluster, each one sentence for the user."""

from __future__ import annotations

from salviewer.errors import InputError, SalviewerError


class ClusterError(SalviewerError):
    """The cluster cannot be used as it is: not there, too old, or its nodes differ."""


class StoreError(InputError):
    """A file that the store did not give, for a reason that may pass: it is tried again another time."""
