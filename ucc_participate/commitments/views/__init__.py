"""Pages of the register of promises: the desk, readings, conferences, and what everybody sees."""

from . import desk, public, readings, yearly
from .blueprint import bp

__all__ = ["bp", "desk", "public", "readings", "yearly"]
