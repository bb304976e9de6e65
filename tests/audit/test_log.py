"""The log as the application keeps it: dense, clamped, append-only, signed only forwards, verifiable from outside."""

from __future__ import annotations

import base64
import json
import shutil
from datetime import datetime, timedelta, timezone
from threading import Thread

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError

from ucc_participate.audit import checkpoints, commitments, drift, log, notes, operations, proofs, queries, tiles, tree
from ucc_participate.audit.events import LogEvent
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogEntry, LogOpening, LogPseudonym
from ucc_participate.kernel.identity import SYSTEM_PSEUDONYM, Actor, Role, system_actor

NOW = datetime(2026, 3, 21, 8, 0, tzinfo=timezone.utc)
ACTOR = Actor("account:1", account_id=1, roles=frozenset({Role.RESIDENT}))


@pytest.fixture
def note(app, perform):
    """``note(subject, title=…)`` records one entry and gives it an index."""

    def write(subject="thing/a", *, actor=ACTOR, now=NOW, process="process/p", **payload):
        def work(session):
            return log.record(
                session, LogEvent.KEY_ROTATED, actor=actor, subject=subject, process=process, now=now, payload=payload
            )

        draft = perform(work)
        with app.app_context():
            log.sequence(audit_log().engine)
        return draft

    return write


@pytest.fixture
def entries(read):
    return lambda: read(
        lambda session: [json.loads(row) for row in session.scalars(select(LogEntry.entry).order_by(LogEntry.position))]
    )


def publish(app):
    with app.app_context():
        return audit_log().publish()


def test_an_entry_names_the_commitment_before_it_of_the_same_subject(note, entries):
    note("thing/a", title="one")
    note("thing/b", title="two")
    note("thing/a", title="three")
    first, other, second = entries()
    assert (first["prev"], other["prev"], second["prev"]) == (None, None, first["commit"])


def test_many_entries_noted_at_once_are_as_if_noted_one_by_one(app, note, perform, read, entries):
    note("thing/a", process=None, title="one")
    told = [(LogEvent.KEY_ROTATED, f"thing/{name}", {"title": name}) for name in ("c", "a", "b")]
    told.append((LogEvent.KEY_ROTATED, "thing/d", {}))
    perform(lambda session: log.record_all(session, told, actor=ACTOR, now=NOW))
    with app.app_context():
        log.sequence(audit_log().engine)
    first, *many = entries()
    assert [entry["subject"] for entry in many] == ["thing/c", "thing/a", "thing/b", "thing/d"]
    assert [entry["prev"] for entry in many] == [None, first["commit"], None, None]
    assert many[3]["commit"] == commitments.EMPTY
    differing = {"commit", "prev", "subject"}
    assert all({**first, **{name: entry[name] for name in differing}} == entry for entry in many)
    note("thing/b", process=None, title="again")
    assert entries()[-1]["prev"] == many[2]["commit"]
    opened = read(lambda session: session.scalars(select(LogOpening).where(LogOpening.position == 2)).one())
    assert queries.visible_fields(opened) == {"title": "a"}


def test_an_entry_holds_a_commitment_and_no_text(note, read, entries):
    note(title="نام یک نفر")
    [entry] = entries()
    assert "نام" not in json.dumps(entry, ensure_ascii=False)
    row = read(lambda session: session.scalars(select(LogOpening)).one())
    assert commitments.commit(row.salt, {"title": "نام یک نفر"}) == entry["commit"]


def test_a_person_has_one_random_name_per_scope_and_the_system_none(note, entries):
    note("thing/a", process="process/p")
    note("thing/b", process="process/p")
    note("thing/c", process="process/q")
    note("thing/d", actor=system_actor("job"))
    actors = [entry["actor"] for entry in entries()]
    assert actors[0] == actors[1] != actors[2]
    assert actors[3] == SYSTEM_PSEUDONYM


def test_a_clock_that_is_set_back_does_not_take_the_log_with_it(note, entries):
    """Attack 9: the append clamps."""
    note(now=NOW)
    note(now=NOW - timedelta(hours=3))
    assert [entry["time"] for entry in entries()] == ["2026-03-21T08:00:00Z"] * 2


@pytest.mark.parametrize("statement", [update(LogEntry).values(type="x.y"), delete(LogEntry)])
def test_the_database_itself_refuses_to_change_the_log(app, note, statement, entries):
    """Attack 13: direct SQL on the log."""
    note()
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), audit_log().engine.begin() as connection:
        connection.execute(statement)
    assert len(entries()) == 1


def test_replacing_a_row_does_not_slip_past_the_triggers(app, note):
    note()
    is_sqlite = app.extensions["ucc.settings"].is_sqlite
    verb = "INSERT OR REPLACE INTO log_entry" if is_sqlite else "TRUNCATE log_entry --"
    columns = "(position, entry, leaf, subject, type) VALUES (0, x'00', x'00', 's', 't')" if is_sqlite else ""
    with app.app_context(), pytest.raises(DBAPIError, match="append-only"), audit_log().engine.begin() as connection:
        connection.exec_driver_sql(f"{verb} {columns}")


def drop_triggers(connection):
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER log_entry_no_update")
        connection.exec_driver_sql("DROP TRIGGER log_entry_no_delete")
    else:
        connection.exec_driver_sql("ALTER TABLE log_entry DISABLE TRIGGER ALL")


def test_bytes_changed_behind_dropped_triggers_are_named(app, note, read):
    """Attack 13, with the triggers dropped first."""
    for number in range(5):
        note(title=str(number))
    publish(app)
    with app.app_context(), audit_log().engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(update(LogEntry).where(LogEntry.position == 2).values(entry=b"{}"))
    size, faults = read(lambda session: queries.verify_log(session.connection()))
    assert size == 5
    assert any("entry 2" in fault for fault in faults)
    assert any("signed" in fault for fault in faults)


def test_a_deleted_entry_is_named(app, note, read):
    for number in range(5):
        note(title=str(number))
    with app.app_context(), audit_log().engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(delete(LogEntry).where(LogEntry.position == 3))
    _size, faults = read(lambda session: queries.verify_log(session.connection()))
    assert "entry 3: missing" in faults


def test_a_checkpoint_is_signed_and_proves_each_entry(app, client, note):
    for number in range(5):
        note(title=str(number))
    checkpoint = publish(app)
    with app.app_context():
        vkey = audit_log().signer.vkey
    opened, names = notes.open_note(client.get("/log/checkpoint").text, [vkey])
    assert names == ["127.0.0.1:8000/log"]
    assert notes.parse_checkpoint(opened).root == checkpoint.root
    proof, _ = proofs.verify(client.get("/log/proof/3.tlog-proof").text, [vkey])
    assert proof.index == 3


def test_tiles_and_bundles_rebuild_the_root(app, client, perform):
    def work(session):
        for number in range(600):
            log.record(session, LogEvent.KEY_ROTATED, actor=ACTOR, subject=f"thing/{number}", now=NOW)

    perform(work)
    checkpoint = publish(app)
    leaves = []
    for place in tiles.places(600):
        body = client.get(f"/log/{place.path}")
        assert body.status_code == 200, place.path
        if place.level is None:
            leaves += [tree.leaf_hash(entry) for entry in tiles.decode_bundle(body.data)]
        elif place.level == 0:
            at = place.n * tiles.WIDTH
            assert tiles.decode_tile(body.data) == leaves[at : at + place.width]
    assert tree.root_of(leaves) == checkpoint.root
    assert client.get("/log/tile/0/002.p/89").status_code == 404


def test_an_unchanged_log_is_not_signed_twice(app, note):
    note()
    assert publish(app).note == publish(app).note


def test_a_database_from_an_older_backup_is_refused_and_changes_stop(app, note, tmp_path, perform):
    """Attack 7: the signer remembers more than the database does."""
    note(title="one")
    publish(app)
    with app.app_context():
        state = audit_log().signer._state_file
    shutil.copy(state, tmp_path / "state")
    state.write_text(json.dumps({"size": 9, "root": base64.b64encode(b"\0" * 32).decode()}))
    note(title="two")
    with pytest.raises(checkpoints.SignerRefused):
        publish(app)
    with pytest.raises(checkpoints.LogClosed):
        perform(lambda session: None)


def test_a_rewritten_prefix_is_not_signed(app, note):
    note(title="one")
    publish(app)
    with app.app_context():
        signer = audit_log().signer
    signer._state_file.write_text(json.dumps({"size": 1, "root": base64.b64encode(b"\1" * 32).decode()}))
    note(title="two")
    with pytest.raises(checkpoints.SignerRefused, match="not those that were signed"):
        publish(app)


def test_a_withheld_field_keeps_its_commitment_and_is_declared(app, note, perform, read):
    """Attack 16: after erasing, the opening still gives the commitment, and an entry lists what is missing."""
    draft = note(title="kept", author="somebody")

    def erase(session):
        operations.withhold_fields(
            session,
            [(0, "author")],
            actor=system_actor("test"),
            now=NOW,
            event=LogEvent.ERASURE_EXECUTED,
            subject="process/p",
            process="process/p",
            reason="asked",
        )

    perform(erase)
    with app.app_context():
        log.sequence(audit_log().engine)
    row = read(lambda session: session.get(LogOpening, 0))
    opening = queries.opening_object(row)
    assert row.salt is None
    assert "somebody" not in json.dumps(opening)
    digests = [bytes.fromhex(opening["withheld"]["author"])]
    salt, value = opening["fields"]["title"]
    digests.append(commitments.field_digest(bytes.fromhex(salt), "title", value))
    assert commitments.commit_digests(digests) == draft.commit
    declared = read(lambda session: queries.visible_fields(session.get(LogOpening, 1)))
    assert declared == {"reason": "asked", "withheld": [[0, "author"]]}


def test_the_drift_check_names_row_and_entry(app, note, read):
    """Attack 12: a row changed behind the log's back."""
    note("thing/a", title="as decided")
    schema = "ucc.key/1"
    with app.app_context():
        drift.register(app, schema, lambda session: [("thing/a", {"title": "as decided"})])
        assert drift.check(queries_session()) == []
        drift.register(app, schema, lambda session: [("thing/a", {"title": "as wished"})])
        assert drift.check(queries_session()) == ["thing/a: title is not what entry 0 says"]
        drift.register(app, schema, lambda session: [])
        assert drift.check(queries_session()) == ["thing/a: entry 0 tells of it, its row is gone"]


def queries_session():
    from ucc_participate.kernel.db import db

    return db.session()


def test_pseudonyms_can_be_forgotten_and_nothing_breaks(app, note, perform, read):
    note(title="one")

    def forget(session):
        session.execute(delete(LogPseudonym).where(LogPseudonym.person == ACTOR.key))
        log.record(session, LogEvent.ERASURE_EXECUTED, actor=system_actor("t"), subject="thing/a", now=NOW)

    perform(forget)
    publish(app)
    assert read(lambda session: queries.verify_log(session.connection())) == (2, [])


def test_the_command_line_verifies_checks_and_prints_the_key(app, note):
    note(title="one")
    publish(app)
    run = app.test_cli_runner().invoke
    assert run(args=["audit", "verify"]).output.splitlines()[-1] == "ok 1 entries verified"
    assert run(args=["audit", "check"]).output.splitlines()[-1] == "ok tables and log agree"
    assert run(args=["audit", "vkey"]).output.startswith("127.0.0.1:8000/log+")
    with app.app_context(), audit_log().engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text("UPDATE log_entry SET leaf = entry"))
    failed = run(args=["audit", "verify"])
    assert failed.exit_code == 1
    assert failed.output.splitlines()[-1].startswith("failed ")


@pytest.mark.parametrize("before", ["-1", str(10**30), "9223372036854775808", "x", ""])
def test_a_page_of_the_log_before_nowhere_is_its_first_page(client, note, before):
    note(title="one")
    page = client.get("/log", query_string={"before": before})
    assert page.status_code == 200
    assert "thing/a" in page.text


def test_a_change_under_way_is_no_fault_and_a_standing_one_is(app, note):
    """While a city works, a row may be there a moment before its entry has its index."""
    note("thing/a", title="as decided")
    looks: list[str] = []

    def rows(_session):
        looks.append("on its way" if not looks else "as decided")
        return [("thing/a", {"title": looks[-1]})]

    with app.app_context():
        drift.register(app, "ucc.key/1", rows)
        assert drift.standing_faults(audit_log().engine, queries_session()) == []
        assert looks == ["on its way", "as decided"]
        drift.register(app, "ucc.key/1", lambda _session: [("thing/a", {"title": "as wished"})])
        fault = "thing/a: title is not what entry 0 says"
        assert drift.standing_faults(audit_log().engine, queries_session()) == [fault]


def test_a_reader_sees_one_moment_until_it_lets_go(app, note):
    """What a check, a record or a page reads fits together, on both databases."""
    note(title="one")
    with app.app_context():
        session = queries_session()
        count = select(func.count()).select_from(LogEntry)
        assert session.scalar(count) == 1
        session.rollback()
        assert session.scalar(count) == 1
        note_beside = Thread(target=note, kwargs={"title": "two"})
        note_beside.start()
        note_beside.join()
        assert session.scalar(count) == 1
        session.rollback()
        assert session.scalar(count) == 2
