"""What operations of other domains do with mails and text messages, inside their own transaction."""

from .outbox import forget_messages, hand_over_messages, queue_mail, queue_sms

__all__ = ["forget_messages", "hand_over_messages", "queue_mail", "queue_sms"]
