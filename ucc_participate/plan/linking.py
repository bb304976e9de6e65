"""What an initiative is tied to: the proposals it was made from, needs and assets, whoever carries it too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..inventory.queries import by_public_ids
from ..kernel.errors import Invalid
from ..kernel.i18n import lazy_number
from ..kernel.text import clean_line, clean_text
from ..proposals.models import Proposal
from ..stakeholders.models import Organisation
from ..stakeholders.queries import get_organisations
from . import queries
from .models import (
    Beginnings,
    Initiative,
    InitiativePartner,
    InitiativeSource,
    InitiativeUse,
    Origin,
    Together,
)
from .models.written import LINE_LENGTH, MOST_PARTNERS, REASON_LENGTH


def link_sources(session: Session, initiative: Initiative, told: Beginnings) -> None:
    """Proposals that stay keep their place; new ones must have been adopted. Raises Invalid."""
    have = {source.proposal.public_id: source for source in initiative.sources}
    wanted = {public_id: clean_text(how, max_length=REASON_LENGTH[1]) for public_id, how in told.sources.items()}
    wanted |= {public_id: "" for public_id in _by_number(session, initiative, told.numbers) if public_id not in wanted}
    found = queries.adopted_by_ids(session, initiative.plan.process, wanted.keys() - have.keys())
    if wanted.keys() - have.keys() - found.keys():
        raise Invalid(_l("Only proposals that the city has adopted become initiatives."), field="numbers")
    initiative.added_because = _why_added(told) if not wanted else None
    initiative.origin = Origin.ADOPTED if wanted else Origin.ADDED
    for public_id, source in have.items():
        if public_id in wanted:
            source.how = wanted[public_id]
        else:
            initiative.sources.remove(source)
    for public_id, proposal in found.items():
        made = InitiativeSource(proposal_id=proposal.id, proposal=proposal, how=wanted[public_id])
        initiative.sources.append(made)


def _by_number(session: Session, initiative: Initiative, numbers: Sequence[int]) -> list[str]:
    """Public ids of adopted proposals. Raises Invalid that names the first number that is none."""
    found = queries.adopted_by_numbers(session, initiative.plan.process, numbers) if numbers else {}
    unknown = next((number for number in numbers if number not in found), None)
    if unknown is not None:
        raise Invalid(
            _l("Number %(number)s is not among the adopted proposals.", number=lazy_number(unknown)), field="numbers"
        )
    return [proposal.public_id for proposal in found.values()]


def _why_added(told: Beginnings) -> str:
    least, most = REASON_LENGTH
    why = clean_text(told.added_because, max_length=most)
    if len(why) < least:
        raise Invalid(
            _l(
                "No proposal stands behind this initiative. Say in at least %(least)s characters why the city adds it;"
                " everybody will read it.",
                least=lazy_number(least),
            ),
            field="added_because",
        )
    return why


def link_items(session: Session, initiative: Initiative, public_ids: Sequence[str]) -> None:
    """Needs and assets; what was retired since stays linked until somebody unticks it. Raises Invalid."""
    have = {use.item.public_id: use for use in initiative.uses}
    wanted = list(dict.fromkeys(public_ids))
    found = by_public_ids(session, initiative.plan.process, [one for one in wanted if one not in have])
    if any(one not in have and one not in found for one in wanted):
        raise Invalid(_l("Choose from the list."), field="assets")
    for public_id, use in have.items():
        if public_id not in wanted:
            initiative.uses.remove(use)
    for item in found.values():
        initiative.uses.append(InitiativeUse(item_id=item.id, item=item))


def inherit(session: Session, initiative: Initiative, proposals: Iterable[Proposal]) -> None:
    """What the authors of its proposals have said already: needs, assets, whom it is for."""
    named = [one for proposal in proposals for one in (*(proposal.needs or ()), *(proposal.assets or ()))]
    known = by_public_ids(session, initiative.plan.process, list(dict.fromkeys(named)))
    link_items(session, initiative, list(known))
    initiative.beneficiaries = tuple(sorted({one for proposal in proposals for one in proposal.for_whom}))


def link_partners(session: Session, initiative: Initiative, told: Together) -> None:
    """Organisations of the register, partner cities, and names in words. Raises Invalid."""
    names = list(dict.fromkeys(filter(None, (clean_line(name, max_length=LINE_LENGTH) for name in told.names))))
    wanted = {("organisation", one) for one in told.organisations} | {("city", one) for one in told.cities}
    wanted |= {("name", name) for name in names}
    if len(wanted) > MOST_PARTNERS:
        raise Invalid(_l("These are too many partners. Name those who carry it."), field="names")
    have = {_key(partner): partner for partner in initiative.partners}
    for key, partner in have.items():
        if key not in wanted:
            initiative.partners.remove(partner)
    _link_organisations(session, initiative, [one for one in told.organisations if ("organisation", one) not in have])
    _link_cities(session, initiative, [one for one in told.cities if ("city", one) not in have])
    initiative.partners.extend(
        InitiativePartner(organisation=None, city=None, name=name) for name in names if ("name", name) not in have
    )


def _link_organisations(session: Session, initiative: Initiative, public_ids: list[str]) -> None:
    found = get_organisations(session, public_ids) if public_ids else []
    if len(found) != len(set(public_ids)):
        raise Invalid(_l("Choose from the list."), field="organisation0")
    initiative.partners.extend(
        InitiativePartner(organisation_id=each.id, organisation=each, city=None, name=_short(each)) for each in found
    )


def _short(organisation: Organisation) -> str:
    return organisation.name[:LINE_LENGTH]


def _link_cities(session: Session, initiative: Initiative, public_ids: list[str]) -> None:
    known = {city.public_id: city for city in queries.cities_of(session, initiative.plan.process)}
    if any(one not in known for one in public_ids):
        raise Invalid(_l("Choose from the list."), field="cities")
    for public_id in dict.fromkeys(public_ids):
        city = known[public_id]
        initiative.partners.append(InitiativePartner(city_id=city.id, organisation=None, city=city, name=city.name))


def _key(partner: InitiativePartner) -> tuple[str, str]:
    if partner.organisation is not None:
        return "organisation", partner.organisation.public_id
    return ("city", partner.city.public_id) if partner.city is not None else ("name", partner.name or "")
