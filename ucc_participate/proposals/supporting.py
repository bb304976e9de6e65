"""Counting who stands behind a proposal, inside an operation: each person and each organisation once.

An organisation that was merged in the register counts as the one that stands for it; whoever endorsed something that
went into a merge stands behind what came of it, until they take that back there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from ..audit.log import record
from ..kernel.identity import Actor
from ..stakeholders.models import Organisation
from . import queries, search
from .events import EndorsementEvent
from .models import Endorsement, Proposal, ProposalRule


def count(session: Session, proposal: Proposal, *, residents: int = 0, organisations: int = 0, now: datetime) -> None:
    """Add to the counts by SQL, so that nothing read before is written back; lists show the new ones."""
    session.flush()
    values = {
        "resident_endorsements": Proposal.resident_endorsements + residents,
        "organisation_endorsements": Proposal.organisation_endorsements + organisations,
        "version": Proposal.version + 1,
    }
    here = update(Proposal).where(Proposal.id == proposal.id).values(values)
    session.execute(here.execution_options(synchronize_session=False))
    session.refresh(proposal, list(values))
    mark(session, proposal, needed(session, proposal), now)


def needed(session: Session, proposal: Proposal) -> int:
    rule = session.get(ProposalRule, proposal.process_id)
    return rule.needed if rule is not None else 0


def mark(session: Session, proposal: Proposal, needed: int, now: datetime) -> None:
    """Note that it has reached what it needs, or has it no longer."""
    reached = 0 < needed <= proposal.endorsements
    if reached is not (proposal.supported_at is not None):
        before = proposal.tags
        proposal.supported_at = now if reached else None
        search.retag(session, proposal, before)


def carry_over(
    session: Session, sources: Sequence[Proposal], survivor: Proposal, *, actor: Actor, now: datetime
) -> None:
    """Let everybody who endorses one of the sources endorse what they were merged into, each once.

    What the sources were merged from themselves stands behind them already. Nobody endorses what their own text went
    into: whoever wrote one of the sources is left out, and organisations for which one was written. A person whose
    account was erased cannot be known again, and counts once for each of the sources.
    """
    given = queries.standing_endorsements(session, [source.id for source in sources])
    wrote = _wrote(session, sources)
    carried = _each_once([one for one in given if not wrote & _names(one)])
    for old in carried:
        new = Endorsement(proposal_id=survivor.id, account_id=old.account_id, given_at=old.given_at)
        new.organisation_id, new.organisation = old.organisation_id, old.organisation
        session.add(new)
        if old.organisation is not None:
            _record(session, survivor, new, old.organisation, actor=actor, now=now)
    organisations = sum(one.organisation_id is not None for one in carried)
    count(session, survivor, residents=len(carried) - organisations, organisations=organisations, now=now)


def _wrote(session: Session, sources: Sequence[Proposal]) -> set[tuple[str, Any]]:
    """Accounts and organisations whose own text is in any of these proposals, as ``_names`` gives them."""
    family = {one.id: one for source in sources for one in (source, *queries.sources_of(session, source))}
    found: set[tuple[str, Any]] = set()
    for one in family.values():
        found |= {("account", each) for each in queries.author_ids(session, one)}
        found |= {("organisation", mark[2:]) for mark in one.co_authors or () if mark.startswith("o:")}
        if one.organisation is not None:
            found |= {("organisation", one.organisation.id), ("organisation", one.organisation.merged_into_id)}
    return found - {("organisation", None)}


def _names(given: Endorsement) -> set[tuple[str, Any]]:
    """In whose name it was given; an organisation has its ids, its public one, and those of what it was merged into."""
    whose = given.organisation
    if whose is None:
        return {("account", given.account_id)} if given.account_id is not None else set()
    return {("organisation", each) for each in (whose.id, whose.public_id, whose.merged_into_id) if each is not None}


def _each_once(given: Sequence[Endorsement]) -> list[Endorsement]:
    """The first word of each person and each organisation."""
    known: dict[tuple[str, int], Endorsement] = {}
    for one in given:
        if one.organisation is not None:
            known.setdefault(("organisation", one.organisation.merged_into_id or one.organisation.id), one)
        elif one.account_id is not None:
            known.setdefault(("account", one.account_id), one)
        else:
            known[("nobody", one.id)] = one
    return list(known.values())


def _record(
    session: Session, proposal: Proposal, given: Endorsement, whose: Organisation, *, actor: Actor, now: datetime
) -> None:
    """Of an organisation the log says it; of residents it learns the number at night."""
    facts: dict[str, Any] = {"subject": given.ref_in(proposal, whose), "process": proposal.process.ref}
    payload = given.public_payload(whose)
    record(session, EndorsementEvent.CARRIED_OVER, actor=actor, now=now, payload=payload, **facts)


def count_once(session: Session, merged: Organisation, survivor: Organisation, *, now: datetime) -> None:
    """Two entries of the register are one from now on: what both endorse counts once."""
    for proposal in queries.endorsed_by_both(session, merged, survivor):
        count(session, proposal, organisations=-1, now=now)
