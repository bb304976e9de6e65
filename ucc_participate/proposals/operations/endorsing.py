"""Endorsing: standing behind a proposal, taking it back, how many are needed, holding the counts to the rows.

The proposal is locked by ``queries.proposal_to_change``: two presses of a button wait for one another, and the text
cannot change under an endorsement.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...audit.log import pseudonym, record
from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid
from ...kernel.identity import Actor, Role
from ...processes.models import Process, ProcessState
from ...processes.participation import join
from ...stakeholders.models import Organisation
from ...stakeholders.queries import get_organisation
from .. import policies, queries, supporting
from ..events import EndorsementEvent
from ..models import MOST_NEEDED, Endorsement, EndorsementCount, Proposal, ProposalRule


def endorse_proposal(
    session: Session,
    proposal: Proposal,
    *,
    actor: Actor,
    now: datetime,
    organisation: str | None = None,
    text_version: int | None = None,
) -> bool:
    """Stand behind it, for oneself or for an organisation (public id); False when that is so already.

    ``text_version``: the text that was on the page. Raises Conflict when there is a newer one.
    """
    sources = queries.sources_of(session, proposal)
    require(policies.can_endorse(actor, proposal, now=now, organisation=organisation, sources=sources))
    if text_version is not None and text_version != proposal.text_version:
        raise Conflict(_l("The text has changed meanwhile. Read the new one first."))
    whose = get_organisation(session, organisation) if organisation is not None else None
    rows = _rows(session, proposal, actor, whose)
    if any(one.withdrawn_at is None for one in rows):
        return False
    wanted = whose.id if whose is not None else None
    known = next((one for one in rows if one.organisation_id == wanted), None)
    if known is None:
        known = Endorsement(proposal_id=proposal.id, organisation_id=wanted)
        session.add(known)
    known.account_id, known.given_at, known.withdrawn_at = actor.account_id, now, None
    _count(session, proposal, whose, 1, now)
    if actor.account_id is not None:
        join(session, proposal.process, actor.account_id, actor=actor, now=now)
    _record(session, EndorsementEvent.GIVEN, proposal, known, whose, actor=actor, now=now)
    return True


def withdraw_endorsement(
    session: Session, proposal: Proposal, *, actor: Actor, now: datetime, organisation: str | None = None
) -> bool:
    """Stand behind it no longer; False when that is so already. For an organisation also what was merged into it."""
    require(policies.can_take_endorsement_back(actor, proposal, now=now, organisation=organisation))
    whose = get_organisation(session, organisation) if organisation is not None else None
    standing = [one for one in _rows(session, proposal, actor, whose) if one.withdrawn_at is None]
    if not standing:
        return False
    for known in standing:
        if whose is None:
            session.delete(known)
        else:
            known.withdrawn_at = now
    _count(session, proposal, whose, -1, now)
    for known in standing:
        _record(session, EndorsementEvent.WITHDRAWN, proposal, known, known.organisation, actor=actor, now=now)
    return True


def set_rule(
    session: Session, process: Process, *, actor: Actor, now: datetime, needed: int, is_needed_for_ballot: bool
) -> None:
    """Lay down how many endorsements a proposal needs (0: none), and whether it needs them to go on a ballot.

    Once the process is open the number may only sink: nobody is held to more than was said at the beginning.
    """
    rule = queries.get_rule(session, process)
    require(policies.can_set_rule(actor, process, now=now, rule=rule))
    if not 0 <= needed <= MOST_NEEDED:
        raise Invalid(_l("Write a whole number."), field="needed")
    for_ballot = is_needed_for_ballot and needed > 0
    before = (rule.needed, rule.is_needed_for_ballot) if rule is not None else (0, False)
    if (needed, for_ballot) == before:
        return
    if process.status is ProcessState.OPEN and (needed > before[0] or (for_ballot and not before[1])):
        raise Invalid(_l("The process is open: what a proposal needs may only become less."), field="needed")
    rule = rule or ProposalRule(process_id=process.id)
    rule.needed, rule.is_needed_for_ballot, rule.set_at = needed, for_ballot, now
    session.add(rule)
    session.flush()
    for proposal in queries.crossing(session, process, needed):
        supporting.mark(session, proposal, needed, now)
    facts: dict[str, Any] = {"subject": f"{process.ref}/proposal_rule", "process": process.ref}
    record(session, EndorsementEvent.RULE_SET, actor=actor, now=now, payload=rule.public_payload(), **facts)


def recount_endorsements(session: Session, *, actor: Actor, now: datetime) -> int:
    """Hold the counts to the rows, and tell the log those that are new; how many were wrong.

    The log learns numbers once a night: an entry at each endorsement would tell which random name gave it.
    """
    true = queries.true_counts(session)
    wrong = queries.miscounted(session)
    for proposal in wrong:
        residents, organisations = true.get(proposal.id, (0, 0))
        proposal.resident_endorsements, proposal.organisation_endorsements = residents, organisations
        supporting.mark(session, proposal, supporting.needed(session, proposal), now)
    session.flush()
    fresh = {proposal.id: proposal for proposal in [*wrong, *queries.untold(session)]}
    for proposal in fresh.values():
        _tell_count(session, proposal, actor=actor, now=now)
    return len(wrong)


def _rows(session: Session, proposal: Proposal, actor: Actor, whose: Organisation | None) -> list[Endorsement]:
    return queries.endorsements_to_change(session, proposal, account_id=actor.account_id, organisation=whose)


def _count(session: Session, proposal: Proposal, whose: Organisation | None, by: int, now: datetime) -> None:
    if whose is None:
        supporting.count(session, proposal, residents=by, now=now)
    else:
        supporting.count(session, proposal, organisations=by, now=now)


def _record(
    session: Session,
    event: EndorsementEvent,
    proposal: Proposal,
    endorsement: Endorsement,
    whose: Organisation | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """An organisation's word in full; of a resident only that they endorsed something in this process."""
    process = proposal.process
    if whose is not None:
        payload, subject = endorsement.public_payload(whose), endorsement.ref_in(proposal, whose)
        facts: dict[str, Any] = {"payload": payload, "role": Role.DELEGATE}
    else:
        name = pseudonym(session.connection(), actor, process.ref)
        subject = f"{process.ref}/participant/{name}"
        facts = {"role": Role.RESIDENT, "schema": "ucc.endorsement_act/1"}
    record(session, event, actor=actor, subject=subject, process=process.ref, now=now, **facts)


def _tell_count(session: Session, proposal: Proposal, *, actor: Actor, now: datetime) -> None:
    told = session.get(EndorsementCount, proposal.id) or EndorsementCount(proposal_id=proposal.id)
    told.residents, told.organisations = proposal.resident_endorsements, proposal.organisation_endorsements
    told.is_reached, told.told_at = proposal.supported_at is not None, now
    session.add(told)
    facts: dict[str, Any] = {"subject": f"{proposal.ref}/endorsements", "process": proposal.process.ref}
    record(session, EndorsementEvent.COUNTED, actor=actor, now=now, payload=told.public_payload(), **facts)
