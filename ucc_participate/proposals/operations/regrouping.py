"""Merging and splitting proposals: asking their authors, carrying it out, leaving the edges behind.

The process must have been loaded by ``processes.queries.process_to_change``: its lock keeps numbers gapless, and makes
two merges of the same proposal wait for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from ...accounts.models import Account
from ...audit.log import record
from ...kernel.decision import require
from ...kernel.errors import Invalid
from ...kernel.i18n import lazy_number
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_line, clean_text
from ...notifications.operations import queue_mail
from ...processes.models import Process
from .. import amendments, policies, queries, search
from ..events import LineageEvent, ProposalEvent, RegroupingEvent
from ..models import (
    BODY_LENGTH,
    MOST_PARTS,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    Consent,
    LineageKind,
    Outcome,
    Part,
    Proposal,
    ProposalLineage,
    ProposalState,
    Regrouping,
    RegroupingConsent,
    RegroupingSource,
    RegroupingState,
)
from ..officials import checked_reason, official
from ..queries import Asked
from ..recording import record_state
from ..supporting import carry_over


def ask_to_regroup(
    session: Session,
    process: Process,
    kind: LineageKind,
    sources: Sequence[Proposal],
    parts: Sequence[Part],
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    address: Callable[[str], str],
) -> Regrouping:
    """Plan a merge or a split and ask every author once; ``address``: the plan's page, from its public id.

    Raises Conflict for what cannot be merged or split, Invalid for texts that are missing or too long.
    """
    require(policies.can_regroup(actor, process, now=now))
    _require_possible(session, kind, sources)
    plan = Regrouping(
        public_id=new_public_id(),
        process_id=process.id,
        kind=kind,
        status=RegroupingState.ASKED,
        parts=[asdict(_checked(part)) for part in _counted(kind, parts)],
        reason=checked_reason(reason),
        asked_by=actor.key,
        asked_at=now,
    )
    session.add(plan)
    session.flush()
    session.add_all(RegroupingSource(regrouping_id=plan.id, proposal_id=source.id) for source in sources)
    asked = _authors(session, sources)
    session.add_all(RegroupingConsent(regrouping_id=plan.id, account_id=account.id) for account in asked)
    _record(session, RegroupingEvent.ASKED, plan, process, actor=actor, now=now)
    for account in asked:
        facts = {"title": plan.parts[0]["title"], "reason": plan.reason, "address": address(plan.public_id)}
        _tell(session, account, "proposal_regrouping_asked", plan, facts, now)
    return plan


def answer_regrouping(
    session: Session, process: Process, asked: Asked, *, actor: Actor, now: datetime, agrees: bool
) -> None:
    """An author says yes or no; saying the same again changes nothing."""
    plan, own = asked.regrouping, asked.own
    require(policies.can_consent(actor, plan, process, is_asked=own is not None, now=now))
    if own is None or own.is_given is agrees:
        return
    own.is_given, own.decided_at = agrees, now
    event = RegroupingEvent.AGREED if agrees else RegroupingEvent.DECLINED
    _record(session, event, plan, process, actor=actor, now=now, role=Role.RESIDENT)


def carry_out_regrouping(
    session: Session,
    process: Process,
    asked: Asked,
    *,
    actor: Actor,
    now: datetime,
    override_reason: str | None,
    address: Callable[[str], str],
) -> list[Proposal]:
    """Merge or split; ``override_reason`` is needed, and published, while an author has not agreed.

    The sources stay as they were, answered as merged or split with reason and official; what came of them waits for an
    answer of its own. Changes that wait for their authors lapse. Who endorsed one that was merged endorses what came of
    it. ``address``: the page of a proposal, from its public id.
    """
    plan = asked.regrouping
    require(policies.can_end(actor, plan, process, now=now))
    numbers = [credit.proposal.number or 0 for credit in asked.sources]
    sources = queries.with_numbers_to_change(session, process, numbers)
    _require_possible(session, plan.kind, sources, besides=plan)
    named = official(session, actor)
    if not asked.has_all_consents:
        plan.override_reason = checked_reason(override_reason or "", field="override_reason")
    results = _formed(session, process, plan, sources, actor=actor, now=now)
    consent = Consent.AGREED if asked.has_all_consents else Consent.REASONED
    facts: dict[str, Any] = {"is_merge": plan.kind is LineageKind.MERGE, "address": address(results[0].public_id)}
    for source in sources:
        _end(session, plan, source, named, actor=actor, now=now)
        amendments.lapse(session, source, **facts, actor=actor, now=now)
        _draw_edges(session, plan, source, results, named, consent, actor=actor, now=now)
    if plan.kind is LineageKind.MERGE:
        carry_over(session, sources, results[0], actor=actor, now=now)
    plan.end(RegroupingState.DONE, at=now)
    plan.done_by = named
    _record(session, RegroupingEvent.CARRIED_OUT, plan, process, actor=actor, now=now)
    authors = {account.id for account in _authors(session, sources)}
    for account in _everybody(session, sources):
        facts = {
            "is_author": account.id in authors,
            "title": results[0].title,
            "reason": plan.reason,
            "override_reason": plan.override_reason or "",
            "done_by": named,
            "address": address(results[0].public_id),
        }
        _tell(session, account, "proposal_regrouped", plan, facts, now)
    return results


def drop_regrouping(session: Session, process: Process, asked: Asked, *, actor: Actor, now: datetime) -> None:
    """Give the plan up; its proposals stay as they are."""
    require(policies.can_end(actor, asked.regrouping, process, now=now))
    asked.regrouping.end(RegroupingState.DROPPED, at=now)
    _record(session, RegroupingEvent.DROPPED, asked.regrouping, process, actor=actor, now=now)


def forget_consents(session: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    """When a person is erased: nobody waits for them any more. Part of the erasing operation."""
    open_ones = [
        consent.regrouping_id
        for consent, plan, _process in queries.consents_of_account(session, account)
        if plan.is_open
    ]
    mine = RegroupingConsent.account_id == account.id
    session.execute(delete(RegroupingConsent).where(mine, RegroupingConsent.regrouping_id.in_(open_ones)))


def _require_possible(
    session: Session, kind: LineageKind, sources: Sequence[Proposal], *, besides: Regrouping | None = None
) -> None:
    ids = [source.id for source in sources]
    ancestors = queries.ancestors_of(session, ids)
    waiting = queries.waiting_elsewhere(session, ids, besides=besides)
    require(policies.may_be_regrouped(kind, sources, ancestors=ancestors, waiting=waiting))


def _counted(kind: LineageKind, parts: Sequence[Part]) -> Sequence[Part]:
    if kind is LineageKind.SPLIT and not 2 <= len(parts) <= MOST_PARTS:
        most = lazy_number(MOST_PARTS)
        raise Invalid(_l("Write at least two parts and at most %(most)s.", most=most), field="parts")
    return parts


def _checked(part: Part) -> Part:
    least, most = TITLE_LENGTH
    title = clean_line(part.title, max_length=most)
    summary = clean_text(part.summary, max_length=SUMMARY_LENGTH)
    if len(title) < least:
        text = _l("Write a title of at least %(least)s characters.", least=lazy_number(least))
        raise Invalid(text, field="title")
    if not summary:
        raise Invalid(_l("Say in a few sentences what you propose."), field="summary")
    return Part(title, summary, clean_text(part.body, max_length=BODY_LENGTH))


def _authors(session: Session, sources: Sequence[Proposal]) -> list[Account]:
    """Everybody who wrote one of them, each once."""
    found = {each.id: each for source in sources for each in queries.credited_accounts(session, source)}
    return [found[known] for known in sorted(found)]


def _everybody(session: Session, sources: Sequence[Proposal]) -> list[Account]:
    """Whoever is told what becomes of them, each once."""
    found = {each.id: each for source in sources for each in queries.accounts_to_tell(session, source)}
    return [found[known] for known in sorted(found)]


def _formed(
    session: Session, process: Process, plan: Regrouping, sources: Sequence[Proposal], *, actor: Actor, now: datetime
) -> list[Proposal]:
    """The proposals that stand in the end, numbered and on the list."""
    session.flush()
    first = queries.last_number(session, process) + 1
    made = [_form(process, plan, part, sources, first + at, now) for at, part in enumerate(plan.parts)]
    session.add_all(made)
    session.flush()
    search.enlist(session, made)
    for proposal in made:
        record_state(session, ProposalEvent.FORMED, proposal, actor=actor, now=now)
    return made


def _form(
    process: Process, plan: Regrouping, part: dict[str, str], sources: Sequence[Proposal], number: int, now: datetime
) -> Proposal:
    first = sources[0]
    proposal = Proposal(
        public_id=new_public_id(),
        process_id=process.id,
        process=process,
        number=number,
        kind=first.kind,
        level=first.level,
        language=first.language,
        place=first.place,
        currency=first.currency,
        origin=plan.kind,
        status=ProposalState.DRAFT,
        created_at=now,
        updated_at=now,
        **part,
        **_unions(sources),
        **_shared(sources),
        **_proposer(plan.kind, sources),
    )
    proposal.move_to(ProposalState.SUBMITTED, at=now)
    return proposal


def _unions(sources: Sequence[Proposal]) -> dict[str, list[str] | None]:
    """What any of them serves, in the order in which it was said first."""
    names = ("objectives", "areas", "dimensions", "for_whom", "needs", "assets")
    found = {name: [word for each in sources for word in getattr(each, name) or ()] for name in names}
    unions: dict[str, list[str] | None] = {name: list(dict.fromkeys(words)) for name, words in found.items()}
    return unions | {name: unions[name] or None for name in ("needs", "assets")}


def _shared(sources: Sequence[Proposal]) -> dict[str, Any]:
    """Where it is and what it answers to the process's questions, as far as all of them say the same."""
    first, *others = sources
    district = first.district if all(each.district == first.district for each in others) else None
    points = {(each.latitude, each.longitude) for each in sources}
    latitude, longitude = points.pop() if len(points) == 1 else (None, None)
    fields = {
        code: answer
        for code, answer in (first.fields or {}).items()
        if all((each.fields or {}).get(code) == answer for each in others)
    }
    return {"district": district, "latitude": latitude, "longitude": longitude, "fields": fields or None}


def _proposer(kind: LineageKind, sources: Sequence[Proposal]) -> dict[str, Any]:
    """A part is its author's; what was merged is nobody's alone, or of the public body whose plan was taken over."""
    if kind is LineageKind.MERGE:
        bodies = {each.author_name if each.given and each.author_id is None else None for each in sources}
        named = bodies.pop() if len(bodies) == 1 else None
        every = {each for source in sources for each in (source.proposers or [str(source.sector or "resident")])}
        return {"author_id": None, "organisation": None, "author_name": named, "proposers": sorted(every)}
    [source] = sources
    names = ("author_id", "organisation_id", "organisation", "author_name", "sector", "proposers")
    return {name: getattr(source, name) for name in names}


def _end(session: Session, plan: Regrouping, source: Proposal, named: str, *, actor: Actor, now: datetime) -> None:
    """The source has its answer: what it was merged or split into."""
    before = source.tags
    source.move_to(ProposalState.ANSWERED, at=now)
    source.outcome = Outcome.MERGED if plan.kind is LineageKind.MERGE else Outcome.SPLIT
    source.reason, source.answered_by, source.updated_at = plan.reason, named, now
    search.retag(session, source, before)
    event = ProposalEvent.MERGED if plan.kind is LineageKind.MERGE else ProposalEvent.SPLIT
    record_state(session, event, source, actor=actor, now=now)


def _draw_edges(
    session: Session,
    plan: Regrouping,
    source: Proposal,
    results: Sequence[Proposal],
    named: str,
    consent: Consent,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    for result in results:
        edge = ProposalLineage(
            source_id=source.id,
            result_id=result.id,
            kind=plan.kind,
            at=now,
            by=named,
            reason=plan.override_reason or plan.reason,
            consent=consent,
        )
        session.add(edge)
        record(
            session,
            LineageEvent.RECORDED,
            actor=actor,
            subject=queries.lineage_ref(source.public_id, result.public_id),
            process=source.process.ref,
            payload=edge.public_payload(source.ref, result.ref),
            now=now,
        )


def _record(
    session: Session,
    event: RegroupingEvent,
    plan: Regrouping,
    process: Process,
    *,
    actor: Actor,
    now: datetime,
    role: Role | None = None,
) -> None:
    payload = plan.public_payload()
    record(session, event, actor=actor, subject=plan.ref, process=process.ref, payload=payload, now=now, role=role)


def _tell(
    session: Session, account: Account, template: str, plan: Regrouping, facts: dict[str, Any], now: datetime
) -> None:
    data = {"name": account.display_name, "is_merge": plan.kind is LineageKind.MERGE, **facts}
    to: dict[str, Any] = {"to": account.email, "owner": account.key, "locale": account.locale}
    queue_mail(session, **to, template=template, data=data, now=now)
