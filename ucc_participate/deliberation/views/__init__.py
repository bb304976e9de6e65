"""The pages of discussions, one file per subject."""

from . import exporting, guests, own, reading, writing
from .blueprint import bp

__all__ = ["bp", "exporting", "guests", "own", "reading", "writing"]
