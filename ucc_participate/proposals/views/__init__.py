"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import answering, feeds, reading, writing
from .blueprint import bp

__all__ = ["answering", "bp", "feeds", "reading", "writing"]
