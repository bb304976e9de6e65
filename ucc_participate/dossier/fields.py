"""Sections that are no running text: how somebody is reached, the creative field, addresses of websites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from ..kernel.errors import Invalid
from ..kernel.forms.fields import web_address_of
from ..kernel.i18n import writing_for
from ..kernel.text import clean_line, clean_text
from ..vocabularies.uccn import CREATIVE_FIELDS
from .sections import Section, SectionKind

LINE, ADDRESS = 200, 2_000
CONTACT: Mapping[str, Any] = {
    "salutation": _l("Form of address"),
    "family_name": _l("Family name"),
    "given_name": _l("First name"),
    "function": _l("Institution and function"),
    "institution": _l("Kind of institution"),
    "address": _l("Address"),
    "telephone": _l("Telephone"),
    "email": _l("E-mail address"),
    "other": _l("Anything else"),
}
NEEDED = ("family_name", "given_name", "function", "email")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def cleaned(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of what was filled in. Raises Invalid naming the field."""
    if section.kind is SectionKind.CHOICE:
        return _choice(section, typed)
    if section.kind is SectionKind.URLS:
        given = typed.get("urls") or ""
        return {"urls": _addresses(given if isinstance(given, str) else "\n".join(given))}
    return _contact(typed)


def in_words(section: Section, fields: Mapping[str, Any], language: str) -> str:
    """The text that stands for it, in the language of the answer. Needs an application context."""
    if section.kind is SectionKind.URLS or not any(fields.values()):
        return "\n".join(fields.get("urls", ()))
    with writing_for(language):
        if section.kind is SectionKind.CHOICE:
            return str(CREATIVE_FIELDS[fields["choice"]])
        told = [(label, fields.get(name)) for name, label in CONTACT.items()]
        return "\n".join(_("%(label)s: %(value)s", label=label, value=value) for label, value in told if value)


def require_complete(section: Section, fields: Mapping[str, Any] | None, text: str) -> None:
    """Before it can be final. Raises Invalid."""
    if section.kind is SectionKind.CONTACT:
        missing = next((name for name in NEEDED if not (fields or {}).get(name)), None)
        if missing:
            raise Invalid(_l("This is needed before the section can be final."), field=missing)
    if section.kind is SectionKind.CHOICE and (fields or {}).get("choice") not in section.options:
        raise Invalid(_l("This form does not offer that field."), field="choice")
    lines = len([line for line in text.splitlines() if line.strip()])
    if section.kind is SectionKind.URLS and section.items is not None and lines > section.items:
        raise Invalid(
            lazy_ngettext(
                "The form takes %(num)s address. Choose which one.",
                "The form takes %(num)s addresses. Choose which ones.",
                section.items,
            ),
            field="urls",
        )


def _choice(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    chosen = typed.get("choice") or None
    if chosen is not None and chosen not in section.options:
        raise Invalid(_l("This form does not offer that field."), field="choice")
    return {"choice": chosen}


def _addresses(typed: str) -> list[str]:
    found = list(dict.fromkeys(web_address_of(line) for line in clean_text(typed).splitlines() if line.strip()))
    for address in found:
        if len(address) > ADDRESS or not _WEB.fullmatch(address):
            raise Invalid(_l("“%(address)s” is not the address of a website.", address=address[:80]), field="urls")
    return found


def _contact(typed: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: clean_line(str(typed.get(name) or ""), max_length=LINE) for name in CONTACT}
    if found["email"] and not _MAIL.fullmatch(found["email"]):
        raise Invalid(_l("Write an e-mail address such as name@city.example."), field="email")
    return found
