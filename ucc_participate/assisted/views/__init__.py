"""Pages of assisted participation: the clerk's desk, and the slip with which people see and mend what was written."""

from . import desk, slip
from .blueprint import bp

__all__ = ["bp", "desk", "slip"]
