"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import answering, batch, dissenting, reading, regrouping, writing
from .blueprint import bp

__all__ = ["answering", "batch", "bp", "dissenting", "reading", "regrouping", "writing"]
