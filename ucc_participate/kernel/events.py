"""The kind of an audit entry: a string such as ``proposal.submitted`` with its one-line text for people."""

from __future__ import annotations

from enum import Enum
from typing import Any


class AuditEvent(str, Enum):
    """Base of every domain's events.

    A member is ``NAME = "noun.past", _l("One line for people."), milestone``; a milestone is followed at once by a
    signed checkpoint (opening, closing, tally, decision, export).
    """

    text: Any
    is_milestone: bool

    def __new__(cls, value: str, text: Any = None, is_milestone: bool = False) -> AuditEvent:
        member = str.__new__(cls, value)
        member._value_ = value
        member.text = text
        member.is_milestone = is_milestone
        return member

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def all_texts(cls) -> dict[str, Any]:
        """``{"proposal.submitted": lazy text}`` of every domain that is loaded."""
        return {member.value: member.text for kind in cls.__subclasses__() for member in kind}
