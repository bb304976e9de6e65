"""Pages of moderation, one file per subject."""

from . import flagging
from .blueprint import bp

__all__ = ["bp", "flagging"]
