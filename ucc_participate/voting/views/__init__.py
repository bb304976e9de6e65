"""Pages of votes: reading and casting, and the desk at which coordinators announce and close them."""

from . import announcing, casting, checking, desk, organisations, reading, results
from .blueprint import bp

__all__ = ["announcing", "bp", "casting", "checking", "desk", "organisations", "reading", "results"]
