"""Pages: how ready the application is, its attachments, its deadlines."""

from . import attachments, deadlines, show
from .blueprint import bp

__all__ = ["attachments", "bp", "deadlines", "show"]
