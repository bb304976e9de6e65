"""Pages of proposals: the list and one proposal, writing one, the desk at which the city answers."""

from . import answering, appraising, batch, dissenting, reading, regrouping, writing
from .blueprint import bp

__all__ = ["answering", "appraising", "batch", "bp", "dissenting", "reading", "regrouping", "writing"]
