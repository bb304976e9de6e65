"""Reading processes: one with its phases and documents, lists, invitations, and who is there from each sector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from ..accounts.models import Account, Profile
from ..kernel.errors import NotFound
from ..kernel.identity import VISITOR, Actor
from ..stakeholders.models import Delegate, Organisation
from ..vocabularies.uccn import Sector
from . import policies
from .models import GateOverride, Invitation, InvitationState, Participation, Process, ProcessDocument, ProcessState

PAGE = 20


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """A page of processes, newest first. ``after`` continues it: the public id of its last one, or None at the end."""

    processes: list[Process]
    after: str | None


@dataclass(frozen=True, slots=True)
class GroupPresence:
    """How many organisations of a group were invited, said yes or no, and take part: somebody speaks
    for them here, or came to a meeting in their name.

    ``group``: ``sector:<sector>``, ``womens_group`` or ``youth_group``; ``target``: a number of organisations or None.
    """

    group: str
    invited: int
    answered: int
    declined: int
    participating: int
    target: int | None


@dataclass(frozen=True, slots=True)
class _Counted:
    """What the board counts of one organisation."""

    sector: Sector
    is_womens_group: bool
    is_youth_group: bool
    status: InvitationState | None
    takes_part: bool


def get_process(session: Session, public_id: str, *, actor: Actor = VISITOR) -> Process:
    """The process with its phases and documents. Raises NotFound when it is not there or the actor may not see it."""
    return _one(session, _whole().where(Process.public_id == public_id, _visible_to(actor)))


def process_in_brief(session: Session, public_id: str, *, actor: Actor = VISITOR) -> Process:
    """As get_process, with its phases alone: all that the pages inside a process need."""
    brief = select(Process).options(selectinload(Process.phases))
    return _one(session, brief.where(Process.public_id == public_id, _visible_to(actor)))


def process_to_change(session: Session, public_id: str, *, actor: Actor) -> Process:
    """As get_process, locked until the unit of work ends."""
    query = _whole().where(Process.public_id == public_id, _visible_to(actor))
    return _one(session, query.with_for_update(of=Process))


def _one(session: Session, query: Select[Process]) -> Process:
    found = session.scalar(query)
    if found is None:
        raise NotFound()
    return found


def _whole() -> Select[Process]:
    return select(Process).options(selectinload(Process.phases), selectinload(Process.documents))


def current_process(session: Session) -> Process | None:
    """The process of the home page: the newest open one, else the newest announced one, with phases and documents.

    The newest to be announced, not the one where most can be done today: the home page, and menus with it, would jump
    from process to process as phases begin and end. What else is open stands below it (other_processes), votes first.
    """
    found: Process | None = session.scalar(_current(_whole()))
    return found


@cache
def current_process_id() -> Select[str]:
    """The public id of current_process, as a query: all that the menus of every page need. Built once."""
    return _current(select(Process.public_id))


def _current(query: Select[Any]) -> Select[Any]:
    running = Process.status.in_([ProcessState.OPEN, ProcessState.PUBLISHED])
    is_open = case((Process.status == ProcessState.OPEN, 0), else_=1)
    newest_first = (is_open, Process.published_at.desc(), Process.id.desc())
    return query.where(running, ~Process.is_imported).order_by(*newest_first).limit(1)


def other_processes(session: Session, *, besides: Process, limit: int) -> list[Process]:
    """What else the city asks or has asked of everybody, with phases: open ones, announced ones, the last closed."""
    states = [ProcessState.OPEN, ProcessState.PUBLISHED, ProcessState.CLOSED]
    order = case(*((Process.status == state, place) for place, state in enumerate(states)))
    query = select(Process).options(selectinload(Process.phases))
    query = query.where(Process.status.in_(states), ~Process.is_imported, Process.id != besides.id)
    return list(session.scalars(query.order_by(order, Process.published_at.desc(), Process.id.desc()).limit(limit)))


def list_processes(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[ProcessState] = tuple(ProcessState),
    after: str | None = None,
    limit: int = PAGE,
) -> ProcessPage:
    """Processes that the actor may see, imported ones too, newest first, with phases and documents."""
    query = _whole().where(Process.status.in_(states), _visible_to(actor)).order_by(Process.id.desc()).limit(limit + 1)
    if after is not None:
        seen = aliased(Process)
        query = query.where(Process.id < select(seen.id).where(seen.public_id == after).scalar_subquery())
    found = list(session.scalars(query))
    more = len(found) > limit
    return ProcessPage(found[:limit], found[limit - 1].public_id if more else None)


def _visible_to(actor: Actor) -> Any:
    """SQL of policies.can_view."""
    hidden = [] if policies.sees_drafts(actor) else [ProcessState.DRAFT]
    return Process.status.not_in(hidden)


def get_document(process: Process, public_id: str) -> ProcessDocument:
    """A document of this process. Raises NotFound."""
    found = next((document for document in process.documents if document.public_id == public_id), None)
    if found is None:
        raise NotFound()
    return found


def list_invitations(session: Session, process: Process) -> list[Invitation]:
    """Everybody who was invited, with the organisation, by sector and alphabet; of merged entries the survivor, if it
    was invited itself."""
    query = select(Invitation).join(Organisation).where(Invitation.process_id == process.id)
    query = query.where(stands_for_itself(process))
    query = query.options(selectinload(Invitation.organisation))
    return list(session.scalars(query.order_by(_sector_order(), Organisation.sort_key, Organisation.id)))


def stands_for_itself(process: Process) -> Any:
    """SQL: not a merged entry whose survivor was invited to the process as well and is listed in its place."""
    own = aliased(Invitation)
    return ~exists().where(own.process_id == process.id, own.organisation_id == Organisation.merged_into_id)


def _sector_order() -> Any:
    return case(*((Organisation.sector == sector, place) for place, sector in enumerate(Sector)))


def list_uninvited(session: Session, process: Process) -> list[Organisation]:
    """Registered organisations that were not invited to this process, by sector and alphabet."""
    invited = exists().where(Invitation.process_id == process.id, Invitation.organisation_id == Organisation.id)
    query = select(Organisation).where(~invited, Organisation.merged_into_id.is_(None))
    return list(session.scalars(query.order_by(_sector_order(), Organisation.sort_key, Organisation.id)))


def list_invitations_of(session: Session, organisation: Organisation) -> list[Invitation]:
    """The invitations of an organisation to processes that everybody may see, newest first, with the process; those of
    entries that were merged into it too, where it was not invited itself."""
    alias = aliased(Organisation)
    merged = select(alias.id).where(alias.merged_into_id == organisation.id)
    of_it = or_(Invitation.organisation_id == organisation.id, Invitation.organisation_id.in_(merged))
    query = select(Invitation).join(Process).where(of_it, _visible_to(VISITOR))
    found = session.scalars(query.options(selectinload(Invitation.process)).order_by(Invitation.id.desc())).all()
    own_last = sorted(found, key=lambda each: each.organisation_id == organisation.id)
    shown = {each.process_id: each for each in own_last}
    return sorted(shown.values(), key=lambda each: each.id, reverse=True)


def list_overrides(session: Session, process: Process) -> list[GateOverride]:
    query = select(GateOverride).where(GateOverride.process_id == process.id)
    return list(session.scalars(query.order_by(GateOverride.id)))


def presence_of_stakeholders(session: Session, process: Process) -> list[GroupPresence]:
    """Organisations by sector, then women's and youth groups: the board "are all sectors present".

    Entries that were merged count as their survivor, once.
    """
    rows = _one_for_each(session.execute(_known_of_stakeholders(process)).all())
    groups = {f"sector:{sector.value}": [row for row in rows if row.sector is sector] for sector in Sector}
    groups["womens_group"] = [row for row in rows if row.is_womens_group]
    groups["youth_group"] = [row for row in rows if row.is_youth_group]
    return [_presence(group, members, process.targets.get(group)) for group, members in groups.items()]


def _known_of_stakeholders(process: Process) -> Any:
    """A row for each entry that was invited or takes part, with what is counted of it or of its survivor."""
    takes_part = case((or_(_has_a_delegate_in(process), Invitation.attended_at.is_not(None)), 1), else_=0)
    survivor = aliased(Organisation)
    columns = (
        func.coalesce(survivor.id, Organisation.id).label("id"),
        func.coalesce(survivor.sector, Organisation.sector).label("sector"),
        func.coalesce(survivor.is_womens_group, Organisation.is_womens_group).label("is_womens_group"),
        func.coalesce(survivor.is_youth_group, Organisation.is_youth_group).label("is_youth_group"),
    )
    known = select(*columns, Invitation.status, Invitation.answered_at, takes_part.label("takes_part"))
    joined = and_(Invitation.organisation_id == Organisation.id, Invitation.process_id == process.id)
    return (
        known.select_from(Organisation)
        .outerjoin(survivor, survivor.id == Organisation.merged_into_id)
        .outerjoin(Invitation, joined)
        .where(or_(Invitation.id.is_not(None), takes_part == 1))
        .order_by(Invitation.answered_at.is_not(None), Invitation.answered_at, Organisation.id)
    )


def _one_for_each(rows: Sequence[Any]) -> list[_Counted]:
    """One for each organisation, however many entries it had: the last answer holds (``rows`` by its time)."""
    found: dict[int, _Counted] = {}
    for row in rows:
        before = found.get(row.id)
        status = row.status or (before.status if before else None)
        takes_part = bool(row.takes_part) or (before is not None and before.takes_part)
        found[row.id] = _Counted(row.sector, row.is_womens_group, row.is_youth_group, status, takes_part)
    return list(found.values())


def _presence(group: str, rows: Sequence[_Counted], target: int | None) -> GroupPresence:
    states = [row.status for row in rows]
    return GroupPresence(
        group,
        invited=sum(state is not None for state in states),
        answered=states.count(InvitationState.ANSWERED),
        declined=states.count(InvitationState.DECLINED),
        participating=sum(row.takes_part for row in rows),
        target=target,
    )


def _has_a_delegate_in(process: Process) -> Any:
    """SQL: somebody who took part spoke for the organisation then or was named its delegate later."""
    joined = Participation.joined_at
    return exists().where(
        Participation.process_id == process.id,
        Participation.account_id == Delegate.account_id,
        Delegate.organisation_id == Organisation.id,
        or_(Delegate.revoked_at.is_(None), Delegate.revoked_at > joined),
        or_(Delegate.ends_on.is_(None), Delegate.ends_on >= func.date(joined)),
    )


def sectors_without_invitation(session: Session, process: Process) -> list[Sector]:
    groups = {presence.group: presence for presence in presence_of_stakeholders(session, process)}
    return [sector for sector in Sector if not groups[f"sector:{sector.value}"].invited]


def sectors_without_participants(session: Session, process: Process) -> list[Sector]:
    groups = {presence.group: presence for presence in presence_of_stakeholders(session, process)}
    return [sector for sector in Sector if not groups[f"sector:{sector.value}"].participating]


def count_participants(session: Session, process: Process) -> int:
    return session.scalar(select(func.count()).where(Participation.process_id == process.id)) or 0


def participations_of(session: Session, account: Account) -> list[tuple[Process, datetime]]:
    """The processes in which the account took part, and since when."""
    query = select(Process, Participation.joined_at).join(Participation, Participation.process_id == Process.id)
    rows = session.execute(query.where(Participation.account_id == account.id).order_by(Participation.joined_at))
    return [(row[0], row[1]) for row in rows]


def live_processes(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every process with its public state, for the drift check."""
    for process in session.scalars(_whole()):
        yield process.ref, process.public_payload()


def live_invitations(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every invitation with its public state, for the drift check."""
    query = select(Invitation).options(selectinload(Invitation.organisation), selectinload(Invitation.process))
    for invitation in session.scalars(query):
        yield invitation.ref(invitation.process, invitation.organisation), invitation.public_payload()


def profiles_past_their_time(session: Session, closed_before: datetime) -> list[int]:
    """Accounts that said something of themselves, took part, and only in processes that were closed by then."""
    mine = Participation.account_id == Profile.account_id
    joined = select(Process.id).join(Participation, Participation.process_id == Process.id).where(mine)
    still_needed = joined.where(or_(Process.closed_at.is_(None), Process.closed_at >= closed_before)).exists()
    rows = select(Profile.account_id).where(joined.exists(), ~still_needed)
    return list(session.scalars(rows.order_by(Profile.account_id)))


def contacts_past_their_time(session: Session, since: datetime, *, limit: int) -> list[Organisation]:
    """Organisations with contact data, in the register since before then and invited to no process since."""
    invited = select(Invitation.id).where(Invitation.organisation_id == Organisation.id, Invitation.invited_at >= since)
    contact = (Organisation.contact_name, Organisation.contact_email, Organisation.contact_phone)
    has_contact = or_(*(column.is_not(None) for column in contact))
    rows = select(Organisation).where(has_contact, Organisation.registered_at < since, ~invited.exists())
    return list(session.scalars(rows.order_by(Organisation.registered_at, Organisation.id).limit(limit)))


def invitations_of_delegate(session: Session, account: Account) -> list[Invitation]:
    """Invitations of the organisations for which an account speaks or spoke, oldest first."""
    mine = select(Delegate.organisation_id).where(Delegate.account_id == account.id)
    rows = select(Invitation).where(Invitation.organisation_id.in_(mine)).order_by(Invitation.id)
    return list(session.scalars(rows.options(joinedload(Invitation.organisation), joinedload(Invitation.process))))
