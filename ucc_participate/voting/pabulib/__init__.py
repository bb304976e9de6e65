"""Pabulib's `.pb` format: real votes of real cities in, our own votes out for every tool that knows the format.

Format: https://pabulib.org/format. docs/pabulib.md says what is read, what is refused, and how cities' results compare.
"""

from __future__ import annotations

from .checks import differences
from .election import UNKNOWN_CURRENCY, Reason, election_of, mapped, reasons
from .files import CHANNELS, Note, PabulibError, PabulibFile, Project, Rejected, Votes
from .reading import read
from .rewriting import rewrite
from .writing import write

__all__ = [
    "CHANNELS",
    "UNKNOWN_CURRENCY",
    "Note",
    "PabulibError",
    "PabulibFile",
    "Project",
    "Reason",
    "Rejected",
    "Votes",
    "differences",
    "election_of",
    "mapped",
    "read",
    "reasons",
    "rewrite",
    "write",
]
