"""Every select of opinion maps. Nothing here leads from an answer to a person but for that person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import BigInteger, Select, String, case, cast, func, select, type_coerce
from sqlalchemy.orm import Session, joinedload, selectinload

from ..accounts.models import Account
from ..audit.models import LogOpening
from ..kernel.errors import NotFound
from ..kernel.identity import VISITOR, Actor
from ..moderation.models import Standing
from ..outreach.models import NewsKind
from ..outreach.news import WINDOW, News
from ..processes.models import Process, ProcessState
from ..processes.policies import sees_drafts
from ..vocabularies.uccn import Sector
from . import analysis
from .models import (
    Answer,
    MapState,
    OpinionAnalysis,
    OpinionAnswer,
    OpinionMap,
    OpinionParticipant,
    Showing,
    Statement,
    StatementCount,
)

PAGE = 50
RESIDENT = "resident"
SIDES = (RESIDENT, *(sector.value for sector in Sector))
CODES = {Answer.AGREE: analysis.AGREE, Answer.DISAGREE: analysis.DISAGREE, Answer.PASS: analysis.PASS}
_CODES_OF_TEXTS = {answer.value: code for answer, code in CODES.items()}
_raw_answer = type_coerce(OpinionAnswer.answer, String)
"""As text: making an Answer of each takes most of the time that reading hundreds of thousands of them takes."""
_SHOWN = Statement.standing == Standing.SHOWN


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a map: statements that are shown, people who answer."""

    statements: int
    people: int


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Statements by number; ``after`` continues it."""

    statements: list[Statement]
    after: int | None


def list_maps(session: Session, process: Process) -> list[OpinionMap]:
    """The maps of a process, those that are open longest first."""
    query = select(OpinionMap).where(OpinionMap.process_id == process.id)
    return list(session.scalars(query.order_by(OpinionMap.closes_at.desc(), OpinionMap.id.desc())))


def get_map(session: Session, process_id: str, public_id: str, *, actor: Actor = VISITOR) -> OpinionMap:
    """A map with its process and phases, as far as the actor may see the process. Raises NotFound."""
    return _found(session.scalar(_one(process_id, public_id, actor)))


def map_to_change(session: Session, process_id: str, public_id: str, *, actor: Actor) -> OpinionMap:
    """As get_map, locked until the unit of work ends: numbers of statements stay gapless."""
    return _found(session.scalar(_one(process_id, public_id, actor).with_for_update(of=OpinionMap)))


def map_to_answer(session: Session, process_id: str, public_id: str, *, actor: Actor) -> OpinionMap:
    """As get_map, with a lock that other answers share and that closing waits for."""
    return _found(session.scalar(_one(process_id, public_id, actor).with_for_update(read=True, of=OpinionMap)))


def _one(process_id: str, public_id: str, actor: Actor) -> Select[OpinionMap]:
    query = select(OpinionMap).join(Process).options(joinedload(OpinionMap.process).selectinload(Process.phases))
    hidden = [] if sees_drafts(actor) else [ProcessState.DRAFT]
    mine = OpinionMap.public_id == public_id, Process.public_id == process_id, Process.status.not_in(hidden)
    return query.where(*mine)


def _found(found: OpinionMap | None) -> OpinionMap:
    if found is None:
        raise NotFound()
    return found


def map_by_id(session: Session, map_id: int) -> OpinionMap:
    query = select(OpinionMap).where(OpinionMap.id == map_id)
    query = query.options(joinedload(OpinionMap.process).selectinload(Process.phases))
    return _found(session.scalar(query.with_for_update(of=OpinionMap)))


def find_by_ref(session: Session, ref: str) -> OpinionMap | None:
    """The map ``opinion_map/<public id>`` with its process, whoever may see it."""
    query = select(OpinionMap).where(OpinionMap.public_id == ref.partition("/")[2])
    found: OpinionMap | None = session.scalar(query.options(joinedload(OpinionMap.process)))
    return found


def closed_news(session: Session, now: datetime) -> Iterator[News]:
    """Maps that closed lately: what was found can be read."""
    query = select(OpinionMap).where(OpinionMap.status == MapState.CLOSED, OpinionMap.closed_at > now - WINDOW)
    for found in session.scalars(query.order_by(OpinionMap.id)):
        key = f"opinions:{found.public_id}"
        yield News(found.process_id, NewsKind.OPINIONS, key, dict(found.title), subject=found.ref)


def due_to_close(session: Session, now: datetime) -> list[int]:
    query = select(OpinionMap.id).where(OpinionMap.status == MapState.RUNNING, OpinionMap.closes_at <= now)
    return list(session.scalars(query.order_by(OpinionMap.id)))


def shown_while_open(session: Session, now: datetime) -> list[OpinionMap]:
    """Maps whose results may be seen before they close."""
    query = select(OpinionMap).where(OpinionMap.status == MapState.RUNNING, OpinionMap.showing != Showing.CLOSED)
    return list(session.scalars(query.where(OpinionMap.opens_at <= now, OpinionMap.closes_at > now)))


def running(session: Session) -> list[int]:
    return list(session.scalars(select(OpinionMap.id).where(OpinionMap.status == MapState.RUNNING)))


def counts_of(session: Session, maps: Sequence[OpinionMap]) -> dict[int, Counts]:
    """By id of the map, in two statements."""
    ids = [each.id for each in maps]
    shown = select(Statement.map_id, func.count()).where(Statement.map_id.in_(ids), _SHOWN).group_by(Statement.map_id)
    joined = select(OpinionParticipant.map_id, func.count()).where(OpinionParticipant.map_id.in_(ids))
    statements = dict(session.execute(shown).all())
    people = dict(session.execute(joined.group_by(OpinionParticipant.map_id)).all())
    return {at: Counts(statements.get(at, 0), people.get(at, 0)) for at in ids}


def participant_of(session: Session, opinion_map: OpinionMap, actor: Actor) -> OpinionParticipant | None:
    if actor.account_id is None:
        return None
    found: OpinionParticipant | None = session.scalar(participation_of(opinion_map, actor))
    return found


def participation_of(opinion_map: OpinionMap, actor: Actor) -> Select[OpinionParticipant]:
    """A select of the row of a person in a map, if there is one."""
    mine = OpinionParticipant.map_id == opinion_map.id, OpinionParticipant.account_id == actor.account_id
    return select(OpinionParticipant).where(*mine)


def unanswered(session: Session, opinion_map: OpinionMap, participant: OpinionParticipant | None) -> dict[int, int]:
    """Numbers of the statements that are left for somebody, with how often each was answered at the last count."""
    query = select(Statement.number, func.coalesce(StatementCount.answers, 0))
    query = query.outerjoin(StatementCount, StatementCount.statement_id == Statement.id)
    query = query.where(Statement.map_id == opinion_map.id, _SHOWN)
    if participant is not None:
        done = select(OpinionAnswer.statement_id).where(OpinionAnswer.participant_id == participant.id)
        query = query.where(Statement.id.not_in(done))
    return dict(session.execute(query).all())


def count_answered(session: Session, participant: OpinionParticipant | None) -> int:
    """How many statements that are shown somebody has answered."""
    if participant is None:
        return 0
    mine = OpinionAnswer.participant_id == participant.id
    query = select(func.count()).select_from(OpinionAnswer).join(Statement, Statement.id == OpinionAnswer.statement_id)
    return session.scalar(query.where(mine, _SHOWN)) or 0


def statement_numbered(session: Session, opinion_map: OpinionMap, number: int) -> Statement:
    """A statement that everybody may read, with its map. Raises NotFound."""
    query = select(Statement).where(Statement.map_id == opinion_map.id, Statement.number == number, _SHOWN)
    found: Statement | None = session.scalar(query.options(joinedload(Statement.map)))
    if found is None:
        raise NotFound()
    return found


def answers_of(
    session: Session, participant: OpinionParticipant | None, *, after: int = 0, limit: int | None = PAGE
) -> list[tuple[Statement, Answer]]:
    """Somebody's own answers, by number of the statement; one more than ``limit`` where there are more."""
    if participant is None:
        return []
    query = select(Statement, OpinionAnswer.answer).join(OpinionAnswer, OpinionAnswer.statement_id == Statement.id)
    mine = OpinionAnswer.participant_id == participant.id, _SHOWN, Statement.number > after
    query = query.where(*mine).order_by(Statement.number).limit(None if limit is None else limit + 1)
    return list(session.execute(query))


def list_statements(
    session: Session, opinion_map: OpinionMap, *, actor: Actor, after: int = 0, limit: int = PAGE
) -> StatementPage:
    """Those that the actor may read, by number: what is shown, one's own, and for staff all of them."""
    query = select(Statement).where(Statement.map_id == opinion_map.id, Statement.number > after)
    if not actor.is_staff:
        query = query.where(_SHOWN | (Statement.author_id == actor.account_id) if actor.account_id else _SHOWN)
    found = list(session.scalars(query.order_by(Statement.number).limit(limit + 1)))
    return StatementPage(found[:limit], found[limit - 1].number if len(found) > limit else None)


def statements_by_number(session: Session, opinion_map: OpinionMap, numbers: Sequence[int]) -> dict[int, Statement]:
    """Whatever their standing: the page says what may be read."""
    query = select(Statement).where(Statement.map_id == opinion_map.id, Statement.number.in_(numbers))
    return {statement.number: statement for statement in session.scalars(query)}


def keys_of(session: Session, opinion_map: OpinionMap) -> list[tuple[int, str]]:
    """(number, folded text) of every statement that nobody has hidden, to compare a new one with."""
    query = select(Statement.number, Statement.folded).where(Statement.map_id == opinion_map.id)
    query = query.where(Statement.standing != Standing.HIDDEN)
    return list(session.execute(query.order_by(Statement.number)))


def last_number(session: Session, opinion_map: OpinionMap) -> int:
    return session.scalar(select(func.max(Statement.number)).where(Statement.map_id == opinion_map.id)) or 0


def count_by_author(session: Session, opinion_map: OpinionMap, account_id: int) -> int:
    mine = Statement.map_id == opinion_map.id, Statement.author_id == account_id, ~Statement.is_seed
    return session.scalar(select(func.count()).select_from(Statement).where(*mine)) or 0


def same_statement(session: Session, opinion_map: OpinionMap, folded: str) -> Statement | None:
    """A statement of the same words, if one is there that is not hidden."""
    mine = Statement.map_id == opinion_map.id, Statement.folded == folded, Statement.standing != Standing.HIDDEN
    query = select(Statement).where(*mine).options(joinedload(Statement.map)).order_by(Statement.number).limit(1)
    found: Statement | None = session.scalar(query)
    return found


def get_statement(session: Session, ref: str) -> Statement | None:
    """By its ref ``statement/…``, with its map, process and phases."""
    query = select(Statement).where(Statement.public_id == ref.partition("/")[2]).options(_with_process())
    found: Statement | None = session.scalar(query)
    return found


def _with_process() -> Any:
    return joinedload(Statement.map).joinedload(OpinionMap.process).selectinload(Process.phases)


def table_of_answers(session: Session, opinion_map: OpinionMap) -> tuple[analysis.Table, list[int]]:
    """Everybody's answers to what is shown, without names; and the number of the statement of each column."""
    shown = select(Statement.id, Statement.number).where(Statement.map_id == opinion_map.id, _SHOWN)
    statements = session.execute(shown.order_by(Statement.number)).all()
    people = session.execute(
        select(OpinionParticipant.id, OpinionParticipant.sector).where(OpinionParticipant.map_id == opinion_map.id)
    ).all()
    answers = np.full((len(people), len(statements)), analysis.UNSEEN, dtype=np.int8)
    rows = {row.id: at for at, row in enumerate(people)}
    columns = {at: place for place, (at, _number) in enumerate(statements)}
    for participant, statement, answer in session.execute(_answers_to(opinion_map)):
        if participant in rows and statement in columns:
            answers[rows[participant], columns[statement]] = _CODES_OF_TEXTS[answer]
    sides = [SIDES.index(row.sector.value if row.sector else RESIDENT) for row in people]
    return analysis.Table.of(answers, sides, SIDES), [number for _at, number in statements]


def mark_of_answers(session: Session, opinion_map: OpinionMap) -> str:
    """A mark that changes with every answer to what is shown: to know quickly whether a result still holds.

    How many there are, and the sum over them of participant × (3 × statement + what was said).
    """
    said = case((_raw_answer == Answer.AGREE.value, 0), (_raw_answer == Answer.DISAGREE.value, 1), else_=2)
    each = cast(OpinionAnswer.participant_id, BigInteger) * (3 * OpinionAnswer.statement_id + said)
    query = select(func.count(), func.sum(each)).select_from(OpinionAnswer)
    query = query.join(Statement, Statement.id == OpinionAnswer.statement_id)
    count, total = session.execute(query.where(Statement.map_id == opinion_map.id, _SHOWN)).one()
    return f"{count}:{int(total or 0)}"


def _answers_to(opinion_map: OpinionMap) -> Select[Any]:
    columns: tuple[Any, ...] = (OpinionAnswer.participant_id, OpinionAnswer.statement_id, _raw_answer)
    joined = select(*columns).join(OpinionParticipant, OpinionParticipant.id == OpinionAnswer.participant_id)
    return joined.where(OpinionParticipant.map_id == opinion_map.id).execution_options(yield_per=10_000)


def answers_counted(session: Session, opinion_map: OpinionMap) -> list[tuple[int, int]]:
    """(statement, answers) of the whole map."""
    query = select(OpinionAnswer.statement_id, func.count()).join(Statement, Statement.id == OpinionAnswer.statement_id)
    query = query.where(Statement.map_id == opinion_map.id).group_by(OpinionAnswer.statement_id)
    return list(session.execute(query))


def counts_are_old(session: Session, opinion_map: OpinionMap) -> bool:
    """Whether answers were given since the counts were made."""
    counted = select(func.sum(StatementCount.answers)).join(Statement, Statement.id == StatementCount.statement_id)
    return (session.scalar(counted.where(Statement.map_id == opinion_map.id)) or 0) != sum(
        number for _at, number in answers_counted(session, opinion_map)
    )


def analysis_of(session: Session, opinion_map: OpinionMap) -> OpinionAnalysis | None:
    return session.get(OpinionAnalysis, opinion_map.id)


def count_changed(session: Session, opinion_map: OpinionMap, since: datetime | None) -> int:
    """How many people have answered, or changed an answer, since."""
    query = select(func.count(OpinionAnswer.participant_id.distinct()))
    query = query.join(OpinionParticipant, OpinionParticipant.id == OpinionAnswer.participant_id)
    query = query.where(OpinionParticipant.map_id == opinion_map.id)
    if since is not None:
        query = query.where(OpinionAnswer.answered_at > since)
    return session.scalar(query) or 0


def live_maps(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every map with its public state, for the drift check."""
    for found in session.scalars(select(OpinionMap)):
        yield found.ref, found.public_payload()


def live_statements(session: Session) -> Iterator[tuple[str, dict[str, Any]]]:
    query = select(Statement).options(selectinload(Statement.map)).execution_options(yield_per=500)
    for statement in session.scalars(query):
        yield statement.ref, statement.public_payload()


def taken_part_by(session: Session, account: Account) -> list[tuple[OpinionMap, OpinionParticipant]]:
    query = select(OpinionMap, OpinionParticipant).join(OpinionParticipant, OpinionParticipant.map_id == OpinionMap.id)
    rows = session.execute(query.where(OpinionParticipant.account_id == account.id).order_by(OpinionParticipant.id))
    return list(rows)


def written_by(session: Session, account: Account) -> list[Statement]:
    """Statements of an account, with map and process, in the order in which they were written."""
    query = select(Statement).where(Statement.author_id == account.id).options(_with_process())
    return list(session.scalars(query.order_by(Statement.id)))


def logged_authors(session: Session, statements: Sequence[Statement]) -> dict[str, list[int]]:
    """Positions of the entries that may hold the author's name, by the process that they belong to."""
    by_ref = {statement.ref: statement.map.process.ref for statement in statements}
    found: dict[str, list[int]] = {}
    rows = select(LogOpening.subject, LogOpening.position).where(LogOpening.subject.in_(by_ref))
    for subject, position in session.execute(rows.order_by(LogOpening.position)):
        found.setdefault(by_ref[subject], []).append(position)
    return found
