"""Against machines and impatient fingers: a hidden trap, a shortest time, a key that makes a second press harmless."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any, ClassVar

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from itsdangerous import BadSignature, Signer
from wtforms.validators import ValidationError

from ..clock import now
from ..errors import Invalid
from .base import Form
from .fields import HiddenField, StringField
from .wording import FORM_TOO_OLD

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")


class IdempotencyKeyField(HiddenField):
    """A random key per rendered form. It comes back unchanged with every press of the button."""

    def process_data(self, value: Any) -> None:
        self.data = value or secrets.token_urlsafe(16)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and _KEY.fullmatch(valuelist[0]):
            self.data = valuelist[0]


class TrapField(StringField):
    """An input that people do not see; ``flags.trap`` tells macros to hide it (from screen readers too)."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, render_kw={"autocomplete": "off", "tabindex": "-1"}, **kwargs)
        self.flags.trap = True


class OpenedField(HiddenField):
    """When the form was opened: signed, so that it cannot be made up."""

    def process_data(self, value: Any) -> None:
        self.data = _sign(int(now().timestamp()))

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.seconds_open = _seconds_since(valuelist[0]) if valuelist else None
        if self.seconds_open is not None:
            self.data = valuelist[0]


class Idempotent(Form):
    """Adds ``idempotency_key``: hand it to the operation, which does its work once per key."""

    idempotency_key = IdempotencyKeyField()


class Overtaken(Invalid):
    """Somebody else has saved the same thing since the form was opened; ``version``: of what stands now."""

    status = 409

    def __init__(self, version: int) -> None:
        super().__init__(
            _l("Somebody else has saved this meanwhile. Look at what stands now; saving again replaces it with yours.")
        )
        self.version = version


class Stamped(Form):
    """Adds ``seen``: the version of the row that the form was filled from, so that nobody overwrites unseen."""

    seen = HiddenField()

    def refuse(self, error: Invalid) -> None:
        """As every form; after an ``Overtaken`` the next press saves."""
        if isinstance(error, Overtaken):
            self.seen.data = str(error.version)
        super().refuse(error)


def require_seen(seen: str | int | None, version: int) -> None:
    """Raises Overtaken unless this version is the one that was seen; for a form that says none nothing is asked."""
    if seen and str(seen) != str(version):
        raise Overtaken(version)


class HumanCheck(Form):
    """Adds a trap field and a shortest time, for forms that strangers may send.

    Not asked where forms need no tokens at all (tests without CSRF), unless UCC_HUMAN_CHECK in the configuration says.
    """

    quickest: ClassVar[int] = 2
    longest: ClassVar[int] = 24 * 3600

    homepage = TrapField(_l("Leave this empty"))
    opened = OpenedField()

    def validate_homepage(self, field: Any) -> None:
        if self._is_on and field.data:
            raise ValidationError(_("This field is a trap for machines. Leave it empty."))

    def validate_opened(self, field: Any) -> None:
        if not self._is_on:
            return
        seconds = getattr(field, "seconds_open", None)
        if seconds is None or seconds > self.longest:
            field.data = _sign(int(now().timestamp()))
            raise ValidationError(str(FORM_TOO_OLD))
        if seconds < self.quickest:
            raise ValidationError(_("That was very quick. Wait a moment, then send the form again."))

    @property
    def _is_on(self) -> bool:
        return bool(current_app.config.get("UCC_HUMAN_CHECK", self.meta.csrf))


def _signer() -> Signer:
    return Signer(str(current_app.secret_key), salt="ucc.form-opened", digest_method=hashlib.sha256)


def _sign(second: int) -> str:
    return _signer().sign(str(second)).decode("ascii")


def _seconds_since(token: str) -> int | None:
    try:
        return int(now().timestamp()) - int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
