"""Pages of giving and taking."""

from . import exchanges, practices, receiving
from .blueprint import bp

__all__ = ["bp", "exchanges", "practices", "receiving"]
