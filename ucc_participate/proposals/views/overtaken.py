"""What two people wrote, side by side, when one saves over the other's newer text."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for

from ...kernel.db import db
from ...kernel.errors import Conflict, NotFound
from ...kernel.web import current_actor
from ...processes.frame import phases_of
from ...processes.models import Process
from .. import queries
from ..forms import ProposalForm, typed_answers, typed_particulars
from ..models import Content, Proposal
from ..particulars import OWN
from ..versioning import TEXT_FIELDS
from .blueprint import Answer, load

BESIDE_THE_TEXT = frozenset({"csrf_token", "based_on", "send", "save", "go_on"})


def side_by_side(form: ProposalForm, process: Process, draft: Proposal | None, newest: int) -> Answer:
    """Both texts field by field; everything that was typed is carried along, to go on from the newest one."""
    theirs = _newest(process, form, draft)
    endpoint = "proposals.edit" if theirs.is_draft else "proposals.change_text"
    page = render_template(
        "proposals/overtaken.html",
        process=process,
        phases=phases_of(process),
        proposal=theirs,
        action=url_for(endpoint, process_id=process.public_id, public_id=theirs.public_id),
        newest=newest,
        typed=[(name, value) for name, value in request.form.items(multi=True) if name not in BESIDE_THE_TEXT],
        differences=list(_differences(form, form.content(), theirs)),
    )
    return page, Conflict.status


def _newest(process: Process, form: ProposalForm, draft: Proposal | None) -> Proposal:
    """The row as it stands after somebody was faster. Raises NotFound when it is gone."""
    if draft is not None:
        return load(process.public_id, draft.public_id)[1]
    found = queries.own_with_key(db.session(), form.idempotency_key.data, current_actor().account_id)
    if found is None:
        raise NotFound()
    return found


def _differences(form: ProposalForm, mine: Content, theirs: Proposal) -> Iterator[tuple[Any, str, str]]:
    """Label, mine, theirs of every field that says something else, in the order of the page."""
    typed = form.data
    saved = {name: getattr(theirs, name) for name in TEXT_FIELDS} | typed_particulars(theirs)
    answers = typed_answers(form.questions, theirs.fields or {})
    for field in form:
        name = field.short_name
        if name in saved or name.startswith(OWN):
            both = [_words(field, value) for value in (_typed(mine, typed, name), (saved | answers).get(name))]
            if both[0] != both[1]:
                yield field.label.text, both[0], both[1]


def _typed(mine: Content, typed: dict[str, Any], name: str) -> Any:
    """As it would be kept where the text is; what stands beside it, as it was typed."""
    return getattr(mine, name) if hasattr(mine, name) else typed.get(name)


def _words(field: Any, value: Any) -> str:
    """A value as the form would name it."""
    labels = {str(one.value): str(one.label) for one in getattr(field, "choices", None) or []}
    if isinstance(value, (list, tuple)):
        return "\n".join(sorted(labels.get(str(one), str(one)) for one in value))
    if isinstance(value, Decimal):
        value = value.normalize()
    return "" if value is None else labels.get(str(value), str(value))
