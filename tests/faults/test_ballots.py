"""Attacks 14 and 15 on ballots: many at once, and the database failing under them at every step."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from tests.faults.breaking import COMMIT, at_every_step
from tests.faults.city import CHOICES, cast, cast_openly, close, slot_of, voting_city
from ucc_participate.audit import drift, log, queries
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogEntry, LogOpening, LogQueue
from ucc_participate.kernel.db import db
from ucc_participate.voting import queries as voting_queries
from ucc_participate.voting.building import codes_of
from ucc_participate.voting.models import Ballot, BallotLink, Franchise, OpenBallot, RollEntry

WRITERS = 8


class Fault(Exception):
    """What breaks in these tests."""


def everything(app):
    """Faults that the log or the tables show, and how much there is of each kind."""
    with app.app_context():
        log.sequence(db.engine)
        size, faults = queries.verify_log(db.session.connection())
        faults += drift.check(db.session())
        models = (LogEntry, LogOpening, LogQueue, Ballot, BallotLink, OpenBallot)
        counts = {model.__name__: db.session.scalar(select(func.count()).select_from(model)) for model in models}
        positions = list(db.session.scalars(select(LogEntry.position).order_by(LogEntry.position)))
        used = db.session.scalar(select(func.count()).select_from(RollEntry).where(RollEntry.has_voted))
        db.session.rollback()
    assert positions == list(range(size))
    assert faults == []
    return {**counts, "used": used}


def outcome(perform, work):
    """What the work returned, or the fault that it met."""
    try:
        return perform(work)
    except (Fault, DBAPIError) as fault:
        return fault


def test_eight_writers_cast_ballots_and_one_in_ten_is_rolled_back(app, perform, read, clock):
    """Attack 15: each voter votes three times over, all at once; the log stays dense and says what was acknowledged."""
    city = voting_city(perform, clock.now(), residents=40)
    before = everything(app)
    chance = random.Random(15)
    people = list(enumerate(city.residents * 3))
    jobs = [(account, chance.choice(CHOICES), f"{n:022d}", (n + n // 40) % 10 == 9) for n, account in people]

    def one(job):
        account, choices, key, fails = job

        def work(session):
            made = cast(session, city, account, choices, key, now=city.then)
            if fails:
                session.flush()
                raise Fault
            return made

        return outcome(perform, work)

    with ThreadPoolExecutor(WRITERS) as pool:
        done = list(pool.map(one, jobs))
    made = {job[2]: (job, each) for job, each in zip(jobs, done, strict=True) if not isinstance(each, Fault)}
    assert (len(made), sum(isinstance(each, Fault) for each in done)) == (108, 12)
    after = everything(app)
    assert after["used"] == after["BallotLink"] == 40
    assert after["Ballot"] == 108
    assert after["LogQueue"] == 0
    assert after["LogEntry"] == before["LogEntry"] + 108 + 40  # a ballot each, and once each: the person joined
    for (_account, choices, _key, _fails), ballot in made.values():
        said = {"subject": ballot.draft.subject, "commit": ballot.draft.commit, "kind": ballot.draft.type}
        assert read(lambda s, said=said: queries.find_entry(s.connection(), **said)) is not None
        assert ballot.choices == tuple(choices)
    for account_id, (key, choices, is_superseded) in read(lambda s: counted(s, city)).items():
        (account, chosen, _key, _fails), _ballot = made[key]
        assert (account_id, choices, is_superseded) == (account.id, chosen, False)


def counted(session, city):
    """The ballot of each voter: key, choices, whether it is superseded."""
    vote = voting_queries.get_vote(session, city.vote_id)
    query = (
        select(RollEntry.account_id, BallotLink.idempotency_key, Ballot.choices, Ballot.is_superseded)
        .join(BallotLink, BallotLink.roll_entry_id == RollEntry.id)
        .join(Ballot, Ballot.key == BallotLink.ballot_key)
    )
    rows = session.execute(query).all()
    assert len(rows) == len({row.account_id for row in rows}) == len(city.residents)
    return {row.account_id: (row[1], codes_of(vote, row.choices), row.is_superseded) for row in rows}


def test_the_same_ballot_sent_eight_times_at_once_is_one_ballot(app, perform, clock):
    """A double submit: impatient fingers, or a network that repeats."""
    city = voting_city(perform, clock.now(), residents=2, franchise=Franchise.INDIVIDUAL)
    before = everything(app)
    with ThreadPoolExecutor(WRITERS) as pool:
        made = list(
            pool.map(
                lambda _: perform(lambda s: cast(s, city, city.residents[0], ["a"], "k" * 22, now=city.then)),
                range(WRITERS),
            )
        )
    assert len({each.commitment for each in made}) == 1
    after = everything(app)
    assert (after["Ballot"], after["used"]) == (1, 1)
    assert after["LogEntry"] == before["LogEntry"] + 2


def test_an_organisation_whose_delegates_vote_at_once_has_one_ballot(app, perform, read, clock):
    city = voting_city(perform, clock.now(), residents=3, franchise=Franchise.ORGANISATION)
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [(number % 3, CHOICES[number % 6], f"{number:022d}") for number in range(24)]
        list(
            pool.map(
                lambda job: perform(lambda s: cast_openly(s, city, job[0], job[1], job[2], now=city.then)),
                jobs,
            )
        )
    after = everything(app)
    assert (after["OpenBallot"], after["used"]) == (3, 3)
    close(perform, city)
    everything(app)


def cast_first(city):
    return lambda session: cast(session, city, city.residents[0], ["a"], "k" * 22, now=city.then)


def test_a_fault_at_any_statement_rolls_the_whole_ballot_back(app, perform, clock):
    """Attack 14, without the kill: reading, writing, appending, committing."""
    city = voting_city(perform, clock.now(), residents=1)
    engine = app.extensions["ucc.door"].engine
    before, broken = everything(app), []
    for fatal in range(1, 200):
        statements: list[str] = []

        def fail(number, statement, fatal=fatal, statements=statements):
            statements.append(statement)
            if number == fatal:
                raise Fault

        with at_every_step(engine, fail):
            result = outcome(perform, cast_first(city))
        if not isinstance(result, Exception):
            break
        broken.append(statements[fatal - 1])
        assert everything(app) == before
    assert broken[-1] == COMMIT
    assert len(broken) > 10
    assert any("INSERT INTO log_" in statement for statement in broken)
    after = everything(app)
    assert after["Ballot"] == before["Ballot"] + 1
    assert after["LogEntry"] == before["LogEntry"] + 2


def test_a_commit_that_the_database_refuses_leaves_nothing(app, perform, clock):
    """Attack 14: what is checked only at COMMIT fails there, after everything was written."""
    city = voting_city(perform, clock.now(), residents=2)
    is_sqlite = app.extensions["ucc.settings"].is_sqlite
    before = everything(app)

    def doomed(session):
        made = cast_first(city)(session)
        connection = session.connection()
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection.exec_driver_sql("UPDATE roll_entry SET account_id = 999999 WHERE has_voted = 0")
        else:
            connection.exec_driver_sql("ALTER TABLE log_queue ADD UNIQUE (draft) DEFERRABLE INITIALLY DEFERRED")
            connection.exec_driver_sql("INSERT INTO log_queue (draft) VALUES ('twice'), ('twice')")
        return made

    with pytest.raises(IntegrityError):
        perform(doomed)
    assert everything(app) == before
    perform(cast_first(city))
    assert everything(app)["Ballot"] == 1


@contextmanager
def full_disk(app):
    """No table of the database can grow any more."""
    engine = app.extensions["ucc.door"].engine
    if engine.dialect.name == "sqlite":

        def limit(connection):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

        def widen(connection):
            connection.exec_driver_sql("PRAGMA max_page_count=1000000")

        event.listen(engine, "begin", limit)
        yield
        event.remove(engine, "begin", limit)
        event.listen(engine, "begin", widen)
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION is_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER is_full BEFORE INSERT ON log_queue FOR EACH ROW EXECUTE FUNCTION is_full()"
        )
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER is_full ON log_queue")


def test_on_a_full_disk_a_ballot_is_refused_whole_and_voting_goes_on_when_there_is_room(app, perform, read, clock):
    """Attack 14: every ballot is either acknowledged and there, or refused and nowhere."""
    city = voting_city(perform, clock.now(), residents=60)
    before = everything(app)
    with full_disk(app):
        with ThreadPoolExecutor(WRITERS) as pool:
            results = list(
                pool.map(
                    lambda account: outcome(
                        perform, lambda s: cast(s, city, account, ["a", "b"], "k" * 22, now=city.then)
                    ),
                    city.residents,
                )
            )
        refused = [fault for fault in results if isinstance(fault, Exception)]
        assert refused
        assert all(isinstance(fault, OperationalError) for fault in refused)
    after = everything(app)
    acknowledged = len(results) - len(refused)
    assert (after["Ballot"], after["used"], after["BallotLink"]) == (acknowledged,) * 3
    assert after["LogEntry"] == before["LogEntry"] + 2 * acknowledged
    for account in city.residents:
        perform(lambda s, account=account: cast(s, city, account, ["a", "b"], "k" * 22, now=city.then))
    whole = everything(app)
    assert (whole["Ballot"], whole["used"]) == (60, 60)
    with app.app_context():
        assert audit_log().publish() is not None
    slots = read(lambda s: {slot_of(s, voting_queries.get_vote(s, city.vote_id), a.id) for a in city.residents})
    assert len(slots) == 60
