"""Pages of people, money and bodies."""

from . import bodies, providing
from .blueprint import bp

__all__ = ["bodies", "bp", "providing"]
