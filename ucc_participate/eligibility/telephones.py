"""Telephone numbers and the codes sent to them; personal codes and digests are the kernel's."""

from __future__ import annotations

import re
import secrets

from ..kernel.i18n import latin_digits

SMS_DIGITS = 6
_IRANIAN_MOBILE = re.compile(r"(?:\+98|0098|98|0)?(9\d{9})")
_FOREIGN_PHONE = re.compile(r"(?:\+|00)([1-9]\d{7,14})")


def read_phone(typed: str) -> str | None:
    """A telephone number as +98…: Iranian mobiles in any of their forms, others with their country's code."""
    number = re.sub(r"[\s().-]", "", latin_digits(typed))
    if found := _IRANIAN_MOBILE.fullmatch(number):
        return f"+98{found[1]}"
    if found := _FOREIGN_PHONE.fullmatch(number):
        return f"+{found[1]}"
    return None


def new_sms_code() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(SMS_DIGITS))
