"""Reading attachments, deadlines, and everything that the rules look at."""

from .attachments import (
    attachment_to_change,
    attachments_of,
    files_of,
    last_number,
    live_attachments,
    live_deadlines,
    step_days_of,
)
from .gathering import gather

__all__ = [
    "attachment_to_change",
    "attachments_of",
    "files_of",
    "gather",
    "last_number",
    "live_attachments",
    "live_deadlines",
    "step_days_of",
]
