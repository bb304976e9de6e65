"""Every change of what is given and taken."""

from .exchanges import correct_exchange, record_exchange, void_exchange
from .practices import draft_practice, publish_practice, revise_practice, withdraw_practice
from .receiving import receive_share, take_indicator, take_process

__all__ = [
    "correct_exchange",
    "draft_practice",
    "publish_practice",
    "receive_share",
    "record_exchange",
    "revise_practice",
    "take_indicator",
    "take_process",
    "void_exchange",
    "withdraw_practice",
]
