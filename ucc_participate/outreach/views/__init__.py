"""Pages of reaching out: the desk, what an invitation opens, the public log of outreach, reminders."""

from . import inviting, opening, recording, reminders, stages
from .blueprint import bp

__all__ = ["bp", "inviting", "opening", "recording", "reminders", "stages"]
