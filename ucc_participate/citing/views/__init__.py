"""Pages of citations and facts at the staff's desk."""

from . import facts, overview, texts
from .blueprint import bp

__all__ = ["bp", "facts", "overview", "texts"]
