"""Pages of moderation, one file per subject."""

from . import blocking, desk, flagging, ruling
from .blueprint import bp

__all__ = ["blocking", "bp", "desk", "flagging", "ruling"]
