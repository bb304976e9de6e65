"""Pages of needs and assets."""

from . import files, items, ranking
from .blueprint import bp

__all__ = ["bp", "files", "items", "ranking"]
