"""Editions of official forms: entered from a file of the release, from a file of a person, or corrected."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor
from .. import policies, queries
from ..checking import problems
from ..models import FormVersion
from ..recording import checked_reason
from ..shipped import digest, enter, require_form, shipped


def load_shipped_form(session: Session, code: str, *, actor: Actor, now: datetime) -> FormVersion:
    """Enter a form of the release; what is there already stays. Raises Conflict when it differs."""
    require(policies.can_correct(actor, FormVersion, now=now))
    return require_form(session, code, actor=actor, now=now)


def correct_form(
    session: Session, code: str, content: Mapping[str, Any], *, because: str, actor: Actor, now: datetime
) -> FormVersion:
    """Enter a corrected edition of the form ``code``; the one that it corrects stays as it is.

    Raises Invalid when the content cannot be used or nothing is different.
    """
    require(policies.can_correct(actor, FormVersion, now=now))
    reason = checked_reason(because, field="because")
    corrected = require_form(session, code, actor=actor, now=now)
    root = code.partition("+")[0]
    made = {**_checked(content), "code": f"{root}+{queries.corrections(session, root) + 1}"}
    if digest({**made, "code": code}) == corrected.sha256:
        raise Conflict(_l("Nothing is different from the form “%(code)s”.", code=code))
    return enter(session, made, based_on=code, because=reason, actor=actor, now=now)


def import_form(
    session: Session, content: Mapping[str, Any], *, because: str, actor: Actor, now: datetime
) -> FormVersion:
    """Enter the form of a file. Its code must be new; a file with a known code is a correction (correct_form)."""
    require(policies.can_correct(actor, FormVersion, now=now))
    reason = checked_reason(because, field="because")
    made = _checked(content)
    code = made["code"]
    if "+" in code or code in shipped() or queries.find_form(session, code) is not None:
        raise Invalid(_l("There is a form “%(code)s” already. Correct that one.", code=code), field="file")
    return enter(session, made, based_on=None, because=reason, actor=actor, now=now)


def _checked(content: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Invalid with every fault."""
    found = problems(content)
    if found:
        raise Invalid(" ".join(found), field="file")
    return copy.deepcopy(dict(content))
