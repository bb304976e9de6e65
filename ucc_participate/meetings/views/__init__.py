"""Pages of meetings: what everybody reads, coming and being there, the desk, the room, the minutes."""

from . import coming, desk, reading, room, writing
from .blueprint import bp

__all__ = ["bp", "coming", "desk", "reading", "room", "writing"]
