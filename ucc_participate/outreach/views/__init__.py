"""Pages of reaching out: the desk, what an invitation opens, the public log of outreach, reminders."""

from . import feeds, inviting, newsletters, opening, recording, reminders, stages
from .blueprint import bp

__all__ = ["bp", "feeds", "inviting", "newsletters", "opening", "recording", "reminders", "stages"]
