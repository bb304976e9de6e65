"""Every change of attachments and of the days of steps."""

from .attachments import Told, clean_photo, record_attachment, revise_attachment, void_attachment
from .deadlines import set_deadline

__all__ = ["Told", "clean_photo", "record_attachment", "revise_attachment", "set_deadline", "void_attachment"]
