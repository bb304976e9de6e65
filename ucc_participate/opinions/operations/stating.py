"""Statements: the city's first ones, those that people add, and what moderators decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.errors import Conflict, Invalid, NotFound, UccError
from ...kernel.identity import Actor, Role, new_public_id
from ...kernel.text import clean_line
from ...moderation.models import Standing
from ...moderation.screening import screen
from ...processes.participation import join
from ...stakeholders.models import Organisation
from .. import policies, queries
from ..events import StatementEvent
from ..likeness import key_of, nearest
from ..models import MOST_OF_ONE, MOST_STATEMENTS, STATEMENT_LENGTH, OpinionMap, Statement
from ..recording import record_statement

KIND = "statement"


class LooksAlike(UccError):
    """Somebody has said much the same; ``numbers`` of those statements. Saying that it is different sends it."""

    status = 409

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(_l("Somebody has said something much like this."))
        self.numbers = tuple(numbers)


def add_statement(
    session: Session,
    opinion_map: OpinionMap,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    language: str,
    author_name: str | None = None,
    organisation: Organisation | None = None,
    is_different: bool = False,
    network: str | None = None,
) -> Statement:
    """Add a statement, for oneself (named or not) or for an organisation. The same words again change nothing.

    Raises LooksAlike unless ``is_different``, Conflict when somebody has said the very same, Invalid for its length.
    """
    require(policies.can_add(actor, opinion_map, now=now))
    require(policies.can_speak_for(actor, organisation.public_id if organisation else None))
    cleaned = _checked(text)
    known = queries.same_statement(session, opinion_map, key_of(cleaned))
    if known is not None and known.author_id == actor.account_id:
        return known
    _refuse_repetition(session, opinion_map, cleaned, known, is_different=is_different)
    _refuse_too_many(session, opinion_map, actor)
    name = organisation.name if organisation else author_name
    made = _new(session, opinion_map, cleaned, language, now, author_id=actor.account_id, author_name=name)
    if organisation is not None:
        made.speaks_for, made.sector = organisation.ref, organisation.sector
    process = opinion_map.process
    facts: dict[str, Any] = {"text": cleaned, "kind": KIND, "ref": made.ref, "place": opinion_map.ref}
    made.standing = screen(session, process, actor=actor, now=now, network=network, **facts)
    session.add(made)
    session.flush()
    if actor.account_id is not None:
        join(session, process, actor.account_id, actor=actor, now=now)
    role = Role.DELEGATE if organisation else Role.RESIDENT
    record_statement(session, StatementEvent.ADDED, made, actor=actor, now=now, role=role)
    return made


def seed_statements(
    session: Session, opinion_map: OpinionMap, texts: Sequence[str], *, actor: Actor, now: datetime, language: str
) -> list[Statement]:
    """The city's own statements; those that are there already are left out. Raises Invalid naming the line."""
    require(policies.can_seed(actor, opinion_map, now=now))
    made: list[Statement] = []
    for line, text in enumerate(texts, 1):
        cleaned = _checked(text, line=line)
        if queries.same_statement(session, opinion_map, key_of(cleaned)) is None:
            statement = _new(session, opinion_map, cleaned, language, now, author_id=actor.account_id, is_seed=True)
            session.add(statement)
            session.flush()
            record_statement(session, StatementEvent.ADDED, statement, actor=actor, now=now)
            made.append(statement)
    return made


def conceal_statement(session: Session, ref: str, standing: Standing, *, actor: Actor, now: datetime) -> None:
    """Show, hold or hide a statement, as moderation decides (its own policies have been asked)."""
    statement = queries.get_statement(session, ref)
    if statement is None:
        raise NotFound()
    statement.standing = standing
    record_statement(session, StatementEvent.MODERATED, statement, actor=actor, now=now)


def _checked(text: str, *, line: int | None = None) -> str:
    least, most = STATEMENT_LENGTH
    cleaned = clean_line(text)
    if least <= len(cleaned) <= most and key_of(cleaned):
        return cleaned
    if line is not None:
        reason = _l("Line %(line)s: write from %(least)s to %(most)s characters.", line=line, least=least, most=most)
        raise Invalid(reason, field="text")
    raise Invalid(_l("Write from %(least)s to %(most)s characters.", least=least, most=most), field="text")


def _refuse_repetition(
    session: Session, opinion_map: OpinionMap, text: str, known: Statement | None, *, is_different: bool
) -> None:
    if known is not None:
        raise Conflict(_l("Somebody has said this already, word for word."))
    near = [] if is_different else nearest(key_of(text), queries.keys_of(session, opinion_map))
    if near:
        raise LooksAlike(near)


def _refuse_too_many(session: Session, opinion_map: OpinionMap, actor: Actor) -> None:
    if queries.last_number(session, opinion_map) >= MOST_STATEMENTS:
        raise Conflict(_l("This map has as many statements as people can answer. Answer some of them instead."))
    if actor.account_id is not None and queries.count_by_author(session, opinion_map, actor.account_id) >= MOST_OF_ONE:
        raise Conflict(_l("You have added as many statements as one person can."))


def _new(
    session: Session,
    opinion_map: OpinionMap,
    text: str,
    language: str,
    now: datetime,
    *,
    author_id: int | None,
    author_name: str | None = None,
    is_seed: bool = False,
) -> Statement:
    return Statement(
        public_id=new_public_id(),
        map_id=opinion_map.id,
        map=opinion_map,
        number=queries.last_number(session, opinion_map) + 1,
        text=text,
        folded=key_of(text),
        language=language,
        author_id=author_id,
        author_name=author_name,
        is_seed=is_seed,
        standing=Standing.SHOWN,
        created_at=now,
    )
