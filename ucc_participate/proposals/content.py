"""What an author wrote, on its way into a proposal: cleaned, checked, and whole before it is sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_number
from ..kernel.identity import Actor
from ..kernel.markup import has_markup, markup_to_text
from ..kernel.text import clean_line, clean_text
from ..stakeholders.models import Organisation
from ..stakeholders.queries import get_organisation
from ..vocabularies.uccn import AREAS, BENEFICIARIES, DIMENSIONS, OBJECTIVES
from . import particulars, policies, queries
from .models import (
    BODY_LENGTH,
    LARGEST_COST,
    PLACE_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Content,
    Imported,
    Proposal,
)

_VOCABULARIES: dict[str, Collection[str]] = {
    "objectives": OBJECTIVES,
    "areas": AREAS,
    "dimensions": DIMENSIONS,
    "for_whom": BENEFICIARIES,
}
_CHOICES = ("kind", "level", "cost", "language")


def write(session: Session, proposal: Proposal, content: Content, *, actor: Actor, now: datetime) -> bool:
    """Take over what an author wrote into a draft, and put it into the session; whether anything is new.

    Who proposes is said by whoever began it; co-authors change the text alone.
    """
    values = public_values(content, longest_title=TITLE_LENGTH[1])
    is_first = policies.is_first_author(actor, proposal)
    organisation = _organisation(session, content, actor) if is_first else proposal.organisation
    if is_first:
        values |= {
            "organisation_id": organisation.id if organisation else None,
            "sector": organisation.sector if organisation else None,
            "author_name": _author_name(session, content, organisation, actor),
        }
    values |= particulars.values_of(session, proposal, content.particulars)
    changed = any(getattr(proposal, name) != value for name, value in values.items())
    if changed:
        for name, value in values.items():
            setattr(proposal, name, value)
        proposal.organisation = organisation
        proposal.updated_at = now
        proposal.text_version = (proposal.text_version or 0) + 1
        session.add(proposal)
    return changed


def public_values(content: Content | Imported, *, longest_title: int) -> dict[str, Any]:
    """Texts cleaned, words of the vocabularies in their order. Raises Invalid for what is too long or on no list."""
    values: dict[str, Any] = {
        "title": clean_line(content.title, max_length=longest_title),
        "summary": clean_text(_without_markup(content.summary), max_length=SUMMARY_LENGTH),
        "body": clean_text(_without_markup(content.body), max_length=BODY_LENGTH),
        "place": clean_line(content.place, max_length=PLACE_LENGTH) or None,
    }
    if content.cost is not None and not 0 <= content.cost <= LARGEST_COST:
        raise Invalid(_l("Write a whole amount."), field="cost")
    values |= {name: getattr(content, name) for name in _CHOICES}
    for field, known in _VOCABULARIES.items():
        chosen = set(getattr(content, field))
        if not chosen <= set(known):
            raise Invalid(_l("Choose from the list."), field=field)
        values[field] = [word for word in known if word in chosen]
    return values


def _without_markup(text: str) -> str:
    """HTML that somebody pasted becomes the text that it shows; what is no HTML stays as it is."""
    return (markup_to_text(text) or text) if has_markup(text) else text


def require_complete(proposal: Proposal, *, shortest_title: int = TITLE_LENGTH[0]) -> None:
    """What every proposal must say before it goes to the city."""
    if len(proposal.title) < shortest_title:
        text = _l("Write a title of at least %(least)s characters.", least=lazy_number(shortest_title))
        raise Invalid(text, field="title")
    if not proposal.summary:
        raise Invalid(_l("Say in a few sentences what you propose."), field="summary")
    if proposal.kind is None:
        raise Invalid(_l("Choose what kind of proposal this is."), field="kind")
    if proposal.level is None:
        raise Invalid(_l("Choose whether this happens in the city or with other cities."), field="level")
    if not proposal.objectives:
        raise Invalid(_l("Choose at least one objective that your proposal serves."), field="objectives")


def _organisation(session: Session, content: Content, actor: Actor) -> Organisation | None:
    """The organisation that the author speaks for; none when the mandate has ended since the page was opened."""
    if content.organisation is None or content.organisation not in actor.delegations:
        return None
    return get_organisation(session, content.organisation)


def _author_name(session: Session, content: Content, organisation: Organisation | None, actor: Actor) -> str | None:
    if organisation is not None:
        return organisation.name
    account = queries.get_account(session, actor)
    return account.display_name if account is not None and content.shows_name else None
