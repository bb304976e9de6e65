"""Form versions that come with the product, as files; and how one of them, or a person's correction, becomes a row.

A shipped file is never changed once released: what is learnt later is a file with a code of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..audit.canonical import dumps
from ..audit.log import record
from ..kernel.errors import Conflict, NotFound
from ..kernel.identity import Actor
from . import queries
from .events import FormEvent
from .models import FormVersion, Purpose

FOLDER = Path(__file__).parent / "form_versions"
DIFFERS = _l(
    "The form “%(code)s” in this release is not the one in the database. What is in use stays; a changed form needs a"
    " code of its own."
)


@cache
def shipped() -> Mapping[str, dict[str, Any]]:
    """By code, oldest form first."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")]
    return {content["code"]: content for content in sorted(found, key=lambda each: (each["year"], each["code"]))}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON (RFC 8785), hexadecimal."""
    return sha256(dumps(content)).hexdigest()


def require_form(session: Session, code: str, *, actor: Actor, now: datetime) -> FormVersion:
    """The form with this code; a shipped one is entered when it is first used. No operation.

    Raises NotFound; Conflict when the file of this release says something else than the row.
    """
    found, content = queries.find_form(session, code), shipped().get(code)
    if found is None:
        if content is None:
            raise NotFound()
        return enter(session, content, based_on=None, because=None, actor=actor, now=now)
    if content is not None and digest(content) != found.sha256:
        raise Conflict(_l(str(DIFFERS), code=code))
    return found


def enter(
    session: Session,
    content: Mapping[str, Any],
    *,
    based_on: str | None,
    because: str | None,
    actor: Actor,
    now: datetime,
) -> FormVersion:
    """Make the row and its entry. The content was checked. No operation."""
    made = FormVersion(
        code=content["code"],
        purpose=Purpose(content["purpose"]),
        year=content["year"],
        title=content["title"],
        content=dict(content),
        sha256=digest(content),
        based_on=based_on,
        changed_because=because,
        created_at=now,
    )
    session.add(made)
    session.flush()
    record(session, FormEvent.ADDED, actor=actor, subject=made.ref, payload=told(made), now=now)
    return made


def told(form: FormVersion) -> dict[str, Any]:
    """The state that the log keeps: the limits in the open, everything else by its hash, computed anew."""
    known = ((section["id"], section.get("limit") or {}) for section in form.content["sections"])
    limits = [
        {"section": name, "words": limit.get("words"), "items": limit.get("items")}
        for name, limit in known
        if limit.get("words") is not None or limit.get("items") is not None
    ]
    return {
        "purpose": form.purpose.value,
        "year": form.year,
        "title": form.title,
        "sha256": digest(form.content),
        "limits": limits,
        "based_on": form.based_on,
        "changed_because": form.changed_because,
    }
