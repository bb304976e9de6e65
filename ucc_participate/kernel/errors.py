"""Errors that a person may see. Each carries its HTTP status and a lazy text in the reader's language."""

from __future__ import annotations

from typing import Any


class UccError(Exception):
    """Base of the errors that are shown as a page; ``reason`` is lazy text or None."""

    status = 500

    def __init__(self, reason: Any = None) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason) if self.reason is not None else type(self).__name__


class Forbidden(UccError):
    """The actor may not do this."""

    status = 403


class NotFound(Forbidden):
    """The thing is not there, or the actor must not learn that it is."""

    status = 404


class Conflict(Forbidden):
    """The state of things does not allow this now: closed phase, answered proposal, second ballot."""

    status = 409


class SignInNeeded(Forbidden):
    """Allowed once signed in; the view sends the person to the sign-in page and back."""

    status = 401


class Invalid(UccError):
    """The input cannot be taken; ``field`` names the form field that it belongs to, if any."""

    status = 422

    def __init__(self, reason: Any = None, *, field: str | None = None) -> None:
        super().__init__(reason)
        self.field = field
