"""What operations of other domains do with mails, inside their own transaction."""

from .outbox import forget_address, queue_mail

__all__ = ["forget_address", "queue_mail"]
