"""A whole city with its dossier: `python -m bench._city FOLDER S|M|tiny [entries]` prints the public id of its process.

Through the operations: process, proposals and their answers, the vote from its announcement to its result, dossier and
plan. As rows, each with its entry in the log: accounts, comments, who took part, ballots (they are committed to and
counted like any). Endorsements fill the log up to its size; they have entries and no rows.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, joinedload

from bench._comments import fill as fill_comments
from bench._filling import BATCH, draft
from tests.accounts.making import acting, make_account
from tests.dossier.making import begin, content_of, enter, write
from tests.eligibility.making import NOBODY_CHECKED, set_rules
from tests.processes.making import day, make_process, open_process
from tests.proposals.making import answer, official, submit
from tests.stakeholders.making import CITY
from tests.submission.making import note, plan_of_two
from tests.voting.making import CLOSES_ON, GREEDY, OPENS_ON, announce, change, lines
from ucc_participate.accounts.models import Account
from ucc_participate.app import create_app
from ucc_participate.audit import commitments, log, reading
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogEntry, LogSubject
from ucc_participate.deliberation.models import Comment, Thread
from ucc_participate.dossier.models import Answer, Citation
from ucc_participate.dossier.sections import SectionKind, sections_of
from ucc_participate.kernel.clock import SystemClock, utc_text
from ucc_participate.kernel.db import db, perform, table_of
from ucc_participate.kernel.identity import new_pseudonym, new_public_id
from ucc_participate.plan.models import Initiative, InitiativeSource, Plan
from ucc_participate.processes.models import Participation, Process, ProcessState, WayIn
from ucc_participate.proposals.models import Outcome, Proposal
from ucc_participate.settings import Settings
from ucc_participate.voting import operations
from ucc_participate.voting.models import Ballot, RollEntry, Vote
from ucc_participate.voting.rules import pack

T = TypeVar("T")
BLOCK = 8_000
AGO = 45
"""Days since the process opened: its vote is over."""
WORDS = {
    "fa": "در این شهر بافندگان، سفالگران و هنرستان‌ها با هم نشستند و گفتند چه می‌خواهند و چه می‌توانند UCCN 2027",
    "en": "In this city weavers, potters and art schools sat down and said what they want and what they can do",
}
DEEDS = ("کارگاه شبانهٔ بافندگان جوان", "بایگانی نقش‌های قالی شهر", "جشنوارهٔ سازهای دست‌ساز", "کلاس رایگان خوش‌نویسی")


@dataclass(frozen=True, slots=True)
class Size:
    accounts: int
    proposals: int
    comments: int
    voters: int
    choices: int
    entries: int
    options: int = 150
    initiatives: int = 24


SIZES = {
    "tiny": Size(60, 20, 48, 40, 3, 1_000, options=10, initiatives=4),
    "S": Size(10_000, 500, 6_000, 5_000, 8, 100_000),
    "M": Size(150_000, 5_000, 60_000, 100_000, 9, 2_000_000),
}


@dataclass(frozen=True, slots=True)
class City:
    size: Size
    process: Process
    start: datetime

    def on(self, days: float) -> datetime:
        return day(self.start, days)

    def entry(self, subject: str, event: str, days: float, payload: dict[str, Any] | None = None) -> log.Draft:
        return draft(subject, event, self.process.ref, utc_text(self.on(days)), None, payload or {})


def build(folder: Path, size: Size) -> str:
    app = create_app(Settings.from_environment({"UCC_INSTANCE_PATH": str(folder)}))
    with app.app_context():
        upgrade()
        start = day(SystemClock().now(), -AGO)
        process = make_process(perform, start, ProcessState.PUBLISHED)
        set_rules(perform, process, NOBODY_CHECKED, now=start)
        open_process(perform, process, now=start)
        city = City(size, process, start)
        authors = accounts(city)
        found = proposals(city, authors[0])
        talk(city, found, authors[:500])
        vote(city, found)
        participants(city, authors[1 : size.voters])  # the first took part with proposals
        written(city, found)
        endorsements(city)
        with db.engine.begin() as connection:
            reading.integrate(connection)
        audit_log().publish()
        public_id = process.public_id
        db.session.remove()
    app.extensions["ucc.door"].close()
    return public_id


def batched(each: Iterable[T], size: int) -> Iterator[list[T]]:
    """In lists of so many."""
    rest = iter(each)
    while block := list(islice(rest, size)):
        yield block


def keep(drafts: Iterable[log.Draft]) -> None:
    """Into the log, a block at a time."""
    for block in batched(drafts, BLOCK):
        with db.engine.begin() as connection:
            log.append_drafts(connection, list(block))


def insert_all(table: Any, rows: Iterable[dict[str, Any]]) -> None:
    for block in batched(rows, BLOCK):
        with db.engine.begin() as connection:
            connection.execute(insert(table_of(table)), list(block))


def accounts(city: City) -> list[int]:
    """One is made as people make it, the others after it; their ids."""
    first = make_account(perform, "n0@city.example", now=city.start, locale="fa")
    table = table_of(Account)
    with db.engine.connect() as connection:
        like = dict(connection.execute(select(table).where(table.c.id == first.id)).mappings().one())
    del like["id"]
    numbers = range(1, city.size.accounts)
    insert_all(Account, (like | {"public_id": new_public_id(), "email": f"n{at}@city.example"} for at in numbers))
    keep(city.entry(f"account/n{at}", "account.registered", 0) for at in numbers)
    with db.engine.connect() as connection:
        return list(connection.scalars(select(table.c.id).order_by(table.c.id)))


def proposals(city: City, author_id: int) -> list[Proposal]:
    """Sent, and every fifth adopted, wholly or in part."""
    author = acting(db.session.get_one(Account, author_id))
    db.session.remove()
    found = []
    for at in range(city.size.proposals):
        title = f"{DEEDS[at % 4]} در محلهٔ {at // 4 + 1}"
        summary = f"{title}: سه شب در هفته، با همراهی استادان و نوآموزان، بی هیچ هزینه‌ای برای شهروندان."
        found.append(submit(perform, city.process, author, now=city.on(8), title=title, summary=summary, language="fa"))
    leila = official(perform, now=city.start)
    for at, proposal in enumerate(found[::5]):
        outcome = Outcome.PARTLY_ADOPTED if at % 3 == 0 else Outcome.ADOPTED
        answer(perform, proposal, leila, now=city.on(41), outcome=outcome)
    return found


def talk(city: City, found: list[Proposal], authors: list[int]) -> None:
    """Comments, every fourth of them answered by another."""
    each = city.size.comments * 4 // 5 // len(found)
    for block in batched(found, 200):
        with db.engine.begin() as connection:
            for proposal in block:
                fill_comments(connection, proposal, authors, each, city.on(30))
    keep(list(_comments_told(city)))  # nothing may still be read while something is written


def _comments_told(city: City) -> Iterator[log.Draft]:
    whole = (joinedload(Comment.thread), joinedload(Comment.parent), joinedload(Comment.organisation))
    query = select(Comment).join(Thread, Thread.id == Comment.thread_id).where(Thread.process_id == city.process.id)
    with Session(db.engine) as session:
        for comment in session.scalars(query.options(*whole).order_by(Comment.id).execution_options(yield_per=2_000)):
            yield city.entry(comment.ref, "comment.posted", 30, comment.public_payload())


def vote(city: City, found: list[Proposal]) -> None:
    """From announcement to result; ballots by draw."""
    rules = GREEDY | {"max_choices": city.size.choices, "budget": 30 * GREEDY["budget"]}
    options = lines(found[: city.size.options])
    made = announce(perform, city.process, found, start=city.start, rules=rules, options=options)
    change(perform, made, operations.open_vote, now=city.on(OPENS_ON))
    with db.engine.connect() as connection:
        slots = connection.execute(
            select(RollEntry.id, RollEntry.slot).where(RollEntry.vote_id == made.id).limit(city.size.voters)
        ).all()
        newest = connection.scalar(select(LogSubject.commitment).where(LogSubject.subject == made.ref))
    insert_all(Ballot, _ballots(city, made, [option.code for option in made.options]))
    used = update(table_of(RollEntry)).where(RollEntry.vote_id == made.id)
    with db.engine.begin() as connection:
        connection.execute(
            used.where(RollEntry.id.in_(select(RollEntry.id).limit(city.size.voters))), {"has_voted": True}
        )
        hashes = list(connection.scalars(select(Ballot.commitment).order_by(func.random())))
    keep(_ballots_told(city, made, [f"{made.ref}/slot/{slot:06d}" for _id, slot in slots], hashes, newest))
    change(perform, made, operations.close_vote, now=city.on(CLOSES_ON))


def _ballots(city: City, made: Vote, codes: list[str]) -> Iterator[dict[str, Any]]:
    chance = np.random.default_rng(20260321)
    for _number in range(city.size.voters):
        places = sorted(int(at) for at in chance.choice(len(codes), city.size.choices, replace=False))
        salt = commitments.new_salt()
        yield {
            "key": secrets.token_hex(16),
            "vote_id": made.id,
            "choices": pack(places),
            "salt": salt,
            "commitment": commitments.ballot(salt, made.ref, [codes[at] for at in places]),
            "group_codes": 0,
            "channel": "internet",
            "is_batched": True,
            "is_superseded": False,
        }


def _ballots_told(
    city: City, made: Vote, slots: list[str], hashes: list[str], newest: str | None
) -> Iterator[log.Draft]:
    """As many entries of casting as then stand in the batch that follows them."""
    at = utc_text(city.on(OPENS_ON + 1))
    for batch in batched(zip(slots, hashes, strict=True), BATCH):
        yield from (draft(slot, "ballot.cast", city.process.ref, at, None, {}) for slot, _hash in batch)
        names = {"commitments": sorted(each for _slot, each in batch)}
        told = draft(made.ref, "ballots.batched", city.process.ref, at, newest, names)
        told.values["role"] = "system"
        newest = told.commit
        yield told
    with db.engine.begin() as connection:
        moved = update(table_of(LogSubject)).where(LogSubject.subject == made.ref)
        connection.execute(moved.values(commitment=newest))


def participants(city: City, people: list[int]) -> None:
    row = {"process_id": city.process.id, "joined_at": city.on(37), "way_in": WayIn.INTERNET}
    insert_all(Participation, (row | {"account_id": person} for person in people))
    subject = f"{city.process.ref}/participant/"
    keep(city.entry(subject + new_pseudonym(), "participant.joined", 37) for _person in people)


def written(city: City, found: list[Proposal]) -> None:
    """A dossier on the form of 2021 with every text in two languages, which cite proposals, and a plan."""
    now = city.on(42)
    content = content_of() | {"code": "bench-2021"}
    dossier = begin(perform, city.process, enter(perform, content, now), now)
    for section in sections_of(content):
        for language, words in WORDS.items():
            if section.kind is SectionKind.TEXT:
                text = "\n\n".join([" ".join([words] * 4)] * 3)
                write(perform, (city.process, dossier), section.id, language, text, actor=CITY, now=now)
    taken = found[::5]
    perform(lambda session: _cite(session, dossier.id, taken, now))
    perform(lambda session: _plan(session, city, taken, now))


def _cite(session: Any, dossier_id: int, taken: list[Proposal], now: datetime) -> None:
    """Four proposals behind every paragraph."""
    at = 0
    for text in session.scalars(select(Answer).where(Answer.dossier_id == dossier_id)):
        for part in text.paragraphs:
            for _each in range(min(4, len(taken))):
                ref, at = taken[at % len(taken)].ref, at + 1
                row = {"paragraph": part["key"], "subject": ref, "added_by": "Leila", "added_at": now}
                session.add(Citation(answer_id=text.id, **row))
    note(session, now)


def _plan(session: Any, city: City, taken: list[Proposal], now: datetime) -> None:
    """Initiatives like the first two; the adopted proposals are their sources."""
    plan: Plan = plan_of_two(session, city.process, now)
    session.flush()
    made = list(session.scalars(select(Initiative).where(Initiative.plan_id == plan.id)))
    for number in range(3, city.size.initiatives + 1):
        made.append(like(made[number % 2], number))
        session.add(made[-1])
    session.flush()
    for at, proposal in enumerate(taken):
        if at % 4:  # the others are not used by any
            session.add(InitiativeSource(initiative_id=made[at % len(made)].id, proposal_id=proposal.id, how=""))


def like(initiative: Initiative, number: int) -> Initiative:
    """Another one with the same costs and indicators."""
    fresh = _copy(initiative, public_id=f"init{number:05d}", number=number, place=number)
    fresh.costs = [_copy(each) for each in initiative.costs]
    fresh.indicators = [_copy(each, public_id=new_public_id()) for each in initiative.indicators]
    return fresh


def _copy(row: Any, **changes: Any) -> Any:
    owned = {"id", "initiative_id"}
    facts = {each.key: getattr(row, each.key) for each in type(row).__mapper__.column_attrs if each.key not in owned}
    return type(row)(**(facts | changes))


def endorsements(city: City) -> None:
    """As many entries as are wanting."""
    with db.engine.connect() as connection:
        there = connection.scalar(select(func.count()).select_from(table_of(LogEntry))) or 0
    wanting = range(max(0, city.size.entries - there))
    keep(city.entry(f"endorsement/{at:07d}", "endorsement.given", 20) for at in wanting)


if __name__ == "__main__":
    chosen = SIZES[sys.argv[2]]
    if sys.argv[3:]:
        chosen = replace(chosen, entries=int(sys.argv[3]))
    print(build(Path(sys.argv[1]), chosen))
