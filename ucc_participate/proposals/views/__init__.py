"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import (
    amending,
    answering,
    endorsing,
    feeds,
    keeping,
    particulars,
    places,
    reading,
    setting_up,
    versions,
    writing,
    writing_along,
)
from .blueprint import bp

__all__ = [
    "amending",
    "answering",
    "bp",
    "endorsing",
    "feeds",
    "keeping",
    "particulars",
    "places",
    "reading",
    "setting_up",
    "versions",
    "writing",
    "writing_along",
]
