"""The program's version, written only here."""

__version__ = "0.2.0"
