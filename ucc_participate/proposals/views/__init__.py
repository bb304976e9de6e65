"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import (
    amending,
    answering,
    appraising,
    batch,
    dissenting,
    endorsing,
    feeds,
    keeping,
    particulars,
    places,
    reading,
    regrouping,
    setting_up,
    versions,
    writing,
    writing_along,
)
from .blueprint import (
    bp,
)

__all__ = [
    "amending",
    "answering",
    "appraising",
    "batch",
    "bp",
    "dissenting",
    "endorsing",
    "feeds",
    "keeping",
    "particulars",
    "places",
    "reading",
    "regrouping",
    "setting_up",
    "versions",
    "writing",
    "writing_along",
]
