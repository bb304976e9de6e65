"""Pages of votes: reading and casting, and the desk at which coordinators announce and close them."""

from . import casting, desk, organisations, reading, results
from .blueprint import bp

__all__ = ["bp", "casting", "desk", "organisations", "reading", "results"]
