"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import amending, answering, endorsing, feeds, keeping, reading, versions, writing, writing_along
from .blueprint import bp

__all__ = ["answering", "bp", "feeds", "reading", "writing"]

__all__ = [
    "amending",
    "answering",
    "bp",
    "endorsing",
    "keeping",
    "reading",
    "versions",
    "writing",
    "writing_along",
]
