"""What HTTP sees of polling places."""

from . import desk, entering, kiosk, printing, reading, serving
from .blueprint import bp

__all__ = ["bp", "desk", "entering", "kiosk", "printing", "reading", "serving"]
