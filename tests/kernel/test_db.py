"""The one door: one unit of work, one commit, one audit entry at least; nothing half done, nothing lost."""

from __future__ import annotations

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError

from ucc_participate.audit import log, queries, reading
from ucc_participate.audit.events import LogEvent
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogEntry
from ucc_participate.kernel import db as door
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.vocabularies.uccn import Sector

NOW = datetime(2026, 3, 21, 8, 0, tzinfo=timezone.utc)
ACTOR = Actor("account:1", account_id=1, roles=frozenset({Role.RESIDENT}))


class Fault(Exception):
    """What a failing unit of work raises in these tests."""


def organisation(name):
    return Organisation(
        public_id=name,
        name=name,
        sort_key=name,
        folded=name,
        sector=Sector.PUBLIC,
        subtype="museum_library",
        identified_by="0",
        registered_at=NOW,
    )


def note(session, subject, **payload):
    return log.record(session, LogEvent.KEY_ROTATED, actor=ACTOR, subject=subject, now=NOW, payload=payload)


def add(name):
    def work(session):
        session.add(organisation(name))
        note(session, f"organisation/{name}", name=name)
        return name

    return work


def names(session):
    return sorted(session.scalars(select(Organisation.name)))


def test_what_the_work_returns_comes_back_after_the_commit(perform, read):
    assert perform(add("guild")) == "guild"
    assert read(names) == ["guild"]


def test_a_failing_work_leaves_neither_rows_nor_entries(app, perform, read):
    def work(session):
        add("guild")(session)
        session.flush()
        raise Fault

    with pytest.raises(Fault):
        perform(work)
    assert read(names) == []
    with app.app_context():
        log.sequence(audit_log().engine)
    assert read(lambda session: reading.head(session.connection()).size) == 0


def test_a_change_without_an_audit_entry_is_refused(perform, read):
    with pytest.raises(door.UnrecordedChange, match="organisation"):
        perform(lambda session: session.add(organisation("silent")))
    perform(add("guild"))
    with pytest.raises(door.UnrecordedChange, match="organisation"):
        perform(lambda session: session.execute(update(Organisation).values(name="changed")))
    assert read(names) == ["guild"]


def test_work_may_not_commit_by_itself(perform):
    with pytest.raises(door.StrayWrite):
        perform(lambda session: session.commit())


def test_the_requests_session_only_reads(app):
    with app.app_context():
        door.db.session.add(organisation("stray"))
        with pytest.raises(door.StrayWrite):
            door.db.session.commit()
        with pytest.raises(door.StrayWrite):
            door.db.session.flush()
        door.db.session.rollback()
        with pytest.raises(door.StrayWrite):
            door.db.session.execute(update(Organisation).values(name="stray"))


def test_a_request_reads_through_one_connection(app):
    with app.app_context():
        taken = {id(door.db.session.connection().connection.dbapi_connection) for _statement in range(3)}
        assert len(taken) == 1


def test_operations_do_not_open_the_door_again(app, perform):
    if not app.extensions["ucc.settings"].is_sqlite:
        return

    def nested(_session):
        with app.app_context():
            door.perform(add("inner"))

    with pytest.raises(door.StrayWrite, match="inside"):
        perform(nested)


def test_eight_writers_with_failures_lose_no_update_and_leave_no_gap(app, perform, read):
    """Attack 15: read-then-write from eight threads, one work in ten fails after its change."""
    perform(add("counter"))

    def bump(number):
        def work(session):
            counter = select(Organisation).where(Organisation.public_id == "counter").with_for_update()
            row = session.scalars(counter).one()
            row.name = str(int(row.name) + 1) if row.name.isdigit() else "1"
            note(session, "organisation/counter", name=row.name)
            session.flush()
            if number % 10 == 0:
                raise Fault

        try:
            perform(work)
        except Fault:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        done = sum(pool.map(bump, range(200)))
    assert done == 180
    assert read(names) == ["180"]
    with app.app_context():
        log.sequence(audit_log().engine)
    positions = read(lambda session: list(session.scalars(select(LogEntry.position).order_by(LogEntry.position))))
    assert positions == list(range(181))
    assert read(lambda session: queries.verify_log(session.connection())) == (181, [])


def test_a_failing_unit_does_not_take_its_batch_with_it(app, read):
    """Units wait while one holds the writer, so that they share a transaction on SQLite."""
    gate, started = threading.Event(), threading.Event()
    doors = app.extensions["ucc.door"]

    def slow(session):
        started.set()
        gate.wait(10)
        return add("slow")(session)

    def failing(session):
        add("failing")(session)
        session.flush()
        raise Fault

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(_in_context, app, doors, slow)
        started.wait(10)
        others = [pool.submit(_in_context, app, doors, work) for work in (add("a"), failing, add("b"))]
        gate.set()
        assert first.result(10) == "slow"
        outcomes = [future.exception(10) for future in others]
    assert [type(fault) for fault in outcomes] == [type(None), Fault, type(None)]
    assert read(names) == ["a", "b", "slow"]


def _in_context(app, doors, work):
    with app.app_context():
        return doors.perform(work)


def test_a_full_disk_fails_the_work_and_the_next_one_succeeds(app, perform, read):
    """Attack 14: the database cannot grow; nothing of the work remains, and writing goes on once there is room."""
    if not app.extensions["ucc.settings"].is_sqlite:
        with pytest.raises(DBAPIError):
            perform(lambda session: (add("guild")(session), session.execute(text("SELECT 1/0"))))
        assert read(names) == []
        return
    engine = app.extensions["ucc.door"].engine

    def limit(connection, pages):
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def big(session):
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        limit(session.connection(), pages)
        for number in range(300):
            add(f"{number:03d}" + "x" * 100)(session)
        session.flush()

    with pytest.raises(OperationalError, match="full"):
        perform(big)
    assert read(names) == []
    with engine.connect() as connection:
        limit(connection, 1_000_000)
    perform(lambda session: (limit(session.connection(), 1_000_000), add("guild")(session))[1])
    assert read(names) == ["guild"]


def test_random_batches_keep_the_tree_and_the_stored_bytes_equal(app, perform, read):
    generator = random.Random(7)
    for number in range(30):
        size = generator.randrange(1, 4)
        perform(lambda session, number=number, size=size: [note(session, f"x/{i}", number=number) for i in range(size)])
    with app.app_context():
        log.sequence(audit_log().engine)
        newest = audit_log().publish()
    size, faults = read(lambda session: queries.verify_log(session.connection()))
    assert faults == []
    assert newest is not None
    assert newest.size == size
