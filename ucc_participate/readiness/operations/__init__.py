"""Every change of attachments and of the days of steps."""

from .attachments import File, clean_photo, record_attachment, revise_attachment, void_attachment
from .deadlines import set_deadline

__all__ = ["File", "clean_photo", "record_attachment", "revise_attachment", "set_deadline", "void_attachment"]
