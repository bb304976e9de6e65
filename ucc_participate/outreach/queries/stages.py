"""Invited organisations, stage by stage: one table, by the alphabet, filtered, page by page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from ...kernel.codes import Digests
from ...kernel.decision import Decision
from ...kernel.identity import Actor
from ...kernel.text import search_terms
from ...processes.models import Invitation, InvitationState, Process, ProcessState
from ...processes.queries import stands_for_itself
from ...stakeholders.models import Organisation
from ...vocabularies.uccn import Sector
from ..digests import address_digest
from ..models import InvitationBatch, InvitationCode, InvitationNote, NoteKind
from ..policies import LEAST_SILENCE, MOST_AT_ONCE, MOST_REMINDERS, can_remind
from .codes import stopped_among

PAGE = 50

OrganisationStages = Mapping[str, Callable[[Process], Select[Any]]]
"""What higher domains know: stage → a select of the ids of organisations that have reached it in a process."""


class Stage(StrEnum):
    """How far an invited organisation has come; it may have reached several."""

    SILENT = "silent"
    OPENED = "opened"
    ANSWERED = "answered"
    REFUSED = "refused"
    ATTENDED = "attended"
    PROPOSED = "proposed"
    COMMENTED = "commented"
    VOTED = "voted"


@dataclass(frozen=True, slots=True)
class StageFilter:
    """Which invited organisations are wanted. ``silent_days``: no sign for at least so long since the invitation."""

    sector: Sector | None = None
    stage: Stage | None = None
    not_reached: Stage | None = None
    silent_days: int | None = None
    text: str = ""


EVERYBODY = StageFilter()


@dataclass(frozen=True, slots=True)
class StageRow:
    """An invitation with its organisation, the stages that it has reached, and how many notes stand beside it."""

    invitation: Invitation
    organisation: Organisation
    stages: frozenset[Stage]
    notes: int


@dataclass(frozen=True, slots=True)
class StagePage:
    """``after`` continues it: the public id of its last organisation, or None at the end."""

    rows: list[StageRow]
    after: str | None


def list_stages(
    session: Session,
    process: Process,
    wanted: StageFilter,
    *,
    beyond: OrganisationStages,
    now: datetime,
    after: str | None = None,
    limit: int = PAGE,
) -> StagePage:
    """One page, by the alphabet, in one query."""
    reached = _reached(process, beyond)
    query = select(Invitation, Organisation, _notes(), *reached.values())
    query = query.join(Organisation).where(Invitation.process_id == process.id, stands_for_itself(process))
    query = _wanted(query, wanted, reached, now)
    query = query.order_by(Organisation.sort_key, Organisation.id).limit(limit + 1)
    if after is not None:
        seen = aliased(Organisation)
        last = select(seen.sort_key, seen.id).where(seen.public_id == after).scalar_subquery()
        query = query.where(tuple_(Organisation.sort_key, Organisation.id) > last)
    found = [_row(list(reached), row) for row in session.execute(query).all()]
    more = len(found) > limit
    return StagePage(found[:limit], found[limit - 1].organisation.public_id if more else None)


def _row(names: Sequence[Stage], row: Any) -> StageRow:
    invitation, organisation, notes, *flags = row
    stages = frozenset(name for name, flag in zip(names, flags, strict=True) if flag)
    return StageRow(invitation, organisation, stages, notes)


def _notes() -> Any:
    count = select(func.count()).where(InvitationNote.invitation_id == Invitation.id)
    return count.correlate(Invitation).scalar_subquery()


def _reached(process: Process, beyond: OrganisationStages) -> dict[Stage, Any]:
    """SQL of every stage, as 0 or 1."""
    known: dict[Stage, ColumnElement[bool]] = {
        Stage.SILENT: _gave_no_sign(),
        Stage.OPENED: Invitation.opened_at.is_not(None),
        Stage.ANSWERED: Invitation.status == InvitationState.ANSWERED,
        Stage.REFUSED: Invitation.status == InvitationState.DECLINED,
        Stage.ATTENDED: Invitation.attended_at.is_not(None),
    }
    known |= {Stage(name): _is_among(ids(process)) for name, ids in beyond.items()}
    return {stage: case((reached, 1), else_=0) for stage, reached in known.items()}


def _is_among(ids: Select[Any]) -> ColumnElement[bool]:
    """SQL: the invited organisation has come so far, or an entry that was merged into it."""
    merged = aliased(Organisation)
    through = select(merged.merged_into_id).where(merged.id.in_(ids), merged.merged_into_id.is_not(None))
    return Invitation.organisation_id.in_(ids) | Invitation.organisation_id.in_(through)


def _wanted(query: Select[Any], wanted: StageFilter, reached: Mapping[Stage, Any], now: datetime) -> Select[Any]:
    if wanted.sector is not None:
        query = query.where(Organisation.sector == wanted.sector)
    if wanted.stage is not None and wanted.stage in reached:
        query = query.where(reached[wanted.stage] == 1)
    if wanted.not_reached is not None and wanted.not_reached in reached:
        query = query.where(reached[wanted.not_reached] == 0)
    if wanted.silent_days is not None:
        query = query.where(_gave_no_sign(), Invitation.invited_at <= now - timedelta(days=wanted.silent_days))
    return query.where(*(Organisation.folded.contains(term) for term in search_terms(wanted.text)))


def _gave_no_sign() -> ColumnElement[bool]:
    """SQL: it neither answered nor came."""
    return (Invitation.status == InvitationState.INVITED) & Invitation.attended_at.is_(None)


def _unwritten_since(moment: datetime) -> ColumnElement[bool]:
    """SQL: it has not answered, and nobody has written to it since."""
    last = func.coalesce(Invitation.reminded_at, Invitation.invited_at)
    return (Invitation.status == InvitationState.INVITED) & (last <= moment)


def count_stages(session: Session, process: Process, *, beyond: OrganisationStages) -> dict[str, int]:
    """How many invited organisations have reached each stage; ``invited``: all of them."""
    reached = _reached(process, beyond)
    sums = [func.coalesce(func.sum(flag), 0) for flag in reached.values()]
    query = select(func.count(), *sums).join(Organisation, Organisation.id == Invitation.organisation_id)
    row = session.execute(query.where(Invitation.process_id == process.id, stands_for_itself(process))).one()
    return {"invited": row[0], **{stage.value: int(count) for stage, count in zip(reached, row[1:], strict=True)}}


def public_ids_of(
    session: Session, process: Process, wanted: StageFilter, *, beyond: OrganisationStages, now: datetime
) -> list[str]:
    """All organisations that a filter finds, at most MOST_AT_ONCE, for a deed on all of them."""
    reached = _reached(process, beyond)
    query = select(Organisation.public_id).join(Invitation)
    query = query.where(Invitation.process_id == process.id, stands_for_itself(process))
    query = _wanted(query, wanted, reached, now).order_by(Organisation.sort_key, Organisation.id)
    return list(session.scalars(query.limit(MOST_AT_ONCE)))


def invitations_to_change(
    session: Session, process: Process, public_ids: Sequence[str]
) -> list[tuple[Invitation, Organisation]]:
    """The invitations of these organisations, locked until the unit of work ends, by the alphabet."""
    query = select(Invitation, Organisation).join(Organisation).where(Invitation.process_id == process.id)
    query = query.where(Organisation.public_id.in_(public_ids)).order_by(Organisation.sort_key, Organisation.id)
    return [(row[0], row[1]) for row in session.execute(query.with_for_update(of=Invitation)).all()]


def uninvited(session: Session, process: Process, public_ids: Sequence[str]) -> list[Organisation]:
    """Those of the organisations that were not invited yet, by the alphabet."""
    invited = exists().where(Invitation.process_id == process.id, Invitation.organisation_id == Organisation.id)
    living = Organisation.merged_into_id.is_(None)
    query = select(Organisation).where(Organisation.public_id.in_(public_ids), living, ~invited)
    return list(session.scalars(query.order_by(Organisation.sort_key, Organisation.id)))


def invited_by_sector(session: Session, process: Process) -> dict[Sector, int]:
    """How many organisations of each sector are invited; without a sector of which none is."""
    query = select(Organisation.sector, func.count()).join(Invitation, Invitation.organisation_id == Organisation.id)
    query = query.where(Invitation.process_id == process.id).group_by(Organisation.sector)
    return {row[0]: row[1] for row in session.execute(query)}


def notes_of(
    session: Session,
    process: Process,
    wanted: StageFilter = EVERYBODY,
    *,
    beyond: OrganisationStages,
    now: datetime,
    limit: int = 200,
) -> list[InvitationNote]:
    """What the wanted organisations said and clerks wrote of them, newest first, with invitation and organisation."""
    query = select(InvitationNote).join(Invitation).join(Organisation).where(Invitation.process_id == process.id)
    query = _wanted(query, wanted, _reached(process, beyond), now)
    query = query.options(joinedload(InvitationNote.invitation).joinedload(Invitation.organisation))
    return list(session.scalars(query.order_by(InvitationNote.id.desc()).limit(limit)))


def delegate_note(session: Session, invitation: Invitation) -> InvitationNote | None:
    """Whom the organisation named to speak for it."""
    of_it = (InvitationNote.invitation_id == invitation.id, InvitationNote.kind == NoteKind.DELEGATE)
    return session.scalar(select(InvitationNote).where(*of_it).order_by(InvitationNote.id.desc()).limit(1))


def silence_limits(session: Session) -> list[int]:
    """The different numbers of days after which batches want reminders."""
    query = select(InvitationBatch.remind_after_days).where(InvitationBatch.remind_after_days.is_not(None)).distinct()
    return [days for days in session.scalars(query) if days is not None]


def silent_invitations(session: Session, *, days: int, now: datetime, today: date) -> dict[str, list[str]]:
    """Process → organisations that a batch wants reminded after so many days of silence and that have an address."""
    silence = max(LEAST_SILENCE, timedelta(days=days))
    query = (
        select(Process.public_id, Organisation.public_id)
        .select_from(Invitation)
        .join(Process, Process.id == Invitation.process_id)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .join(InvitationCode, InvitationCode.invitation_id == Invitation.id)
        .join(InvitationBatch, InvitationBatch.id == InvitationCode.batch_id)
        .where(
            Process.status.in_([ProcessState.PUBLISHED, ProcessState.OPEN]),
            InvitationBatch.remind_after_days == days,
            InvitationBatch.withdrawn_at.is_(None),
            InvitationBatch.expires_on >= today,
            InvitationCode.withdrawn_at.is_(None),
            Organisation.contact_email.is_not(None),
            Invitation.reminders < MOST_REMINDERS,
            _unwritten_since(now - silence),
        )
        .distinct()
    )
    found: dict[str, list[str]] = {}
    for process_id, organisation_id in session.execute(query):
        found.setdefault(process_id, []).append(organisation_id)
    return found


def reminder_fates(
    session: Session,
    process: Process,
    invited: Sequence[tuple[Invitation, Organisation]],
    *,
    digests: Digests,
    actor: Actor,
    now: datetime,
) -> list[Decision]:
    """For each of them whether it may be reminded now, and if not, why."""
    keys = [address_digest(digests, organisation.contact_email or "") for _invitation, organisation in invited]
    stopped = stopped_among(session, keys)
    return [
        can_remind(
            actor,
            process,
            invitation,
            has_address=bool(organisation.contact_email),
            is_stopped=key in stopped,
            now=now,
        )
        for (invitation, organisation), key in zip(invited, keys, strict=True)
    ]


def languages_of(session: Session, invited: Sequence[tuple[Invitation, Organisation]]) -> dict[str, str]:
    """Public id of an organisation → the language in which it was last written to."""
    names = {invitation.id: organisation.public_id for invitation, organisation in invited}
    query = select(InvitationCode.invitation_id, InvitationCode.locale).where(InvitationCode.invitation_id.in_(names))
    return {names[row[0]]: row[1] for row in session.execute(query.order_by(InvitationCode.batch_id))}


def list_invited(
    session: Session, process: Process, public_ids: Sequence[str]
) -> list[tuple[Invitation, Organisation]]:
    """The invitations of these organisations, by the alphabet."""
    query = select(Invitation, Organisation).join(Organisation).where(Invitation.process_id == process.id)
    query = query.where(Organisation.public_id.in_(public_ids)).order_by(Organisation.sort_key, Organisation.id)
    return [(row[0], row[1]) for row in session.execute(query).all()]
