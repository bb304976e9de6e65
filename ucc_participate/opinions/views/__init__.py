"""Pages of opinion maps: the list, answering, results, the city's desk."""

from . import answering, desk, reading
from .blueprint import bp

__all__ = ["answering", "bp", "desk", "reading"]
