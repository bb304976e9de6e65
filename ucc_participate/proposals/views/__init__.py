"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import answering, reading, writing
from .blueprint import bp

__all__ = ["answering", "bp", "reading", "writing"]
