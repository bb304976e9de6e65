"""Pages of the dossier at the staff's desk, and of official forms."""

from . import answers, desk, freezing, moving, official_forms, reviewing
from .blueprint import bp

__all__ = ["answers", "bp", "desk", "freezing", "moving", "official_forms", "reviewing"]
