"""Every change of the register, the readings and the conferences."""

from ..entries import Moved, Read, Told
from .conferences import record_conference
from .readings import correct_reading, enter_reading
from .register import enter_promises, move_commitment, record_designation
from .reminding import remind
from .reporting import begin_report, begin_review, hand_in_report

__all__ = [
    "Moved",
    "Read",
    "Told",
    "begin_report",
    "begin_review",
    "correct_reading",
    "enter_promises",
    "enter_reading",
    "hand_in_report",
    "move_commitment",
    "record_conference",
    "record_designation",
    "remind",
]
