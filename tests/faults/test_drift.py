"""Attacks 12 and 13: whoever changes rows by SQL is told on, with the row and the entry that knows better."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.faults.city import cast, slot_of, voting_city, whole_history
from ucc_participate.audit import log, queries
from ucc_participate.audit.models import append_only_statements, drop_append_only_statements
from ucc_participate.kernel.db import db
from ucc_participate.voting import queries as voting_queries


@pytest.fixture
def history(perform, clock):
    return whole_history(perform, clock.now())


@pytest.fixture
def audit(app):
    """``audit("check")``: the exit status, and what was printed, line by line."""

    def run(command):
        done = app.test_cli_runner().invoke(args=["audit", command])
        return done.exit_code, done.output.splitlines()

    return run


@pytest.fixture
def execute(app):
    """Direct SQL, past the product."""

    def run(*statements, **values):
        with app.app_context(), db.engine.begin() as connection:
            return [connection.execute(text(statement), values).rowcount for statement in statements]

    return run


def entry_of(app, subject, kind):
    """Index of the newest entry of this type about the subject."""
    with app.app_context():
        log.sequence(db.engine)
        found = queries.latest_entries(db.session.connection(), subject=subject, limit=100)
        db.session.rollback()
    return next(entry.position for entry in found if entry.values["type"] == kind)


def test_a_city_with_a_history_has_no_fault(history, audit):
    assert audit("check") == (0, ["ok tables and log agree"])
    assert audit("verify")[0] == 0


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("title", "Something else entirely", "proposal.answered"),
        ("cost", 1, "proposal.answered"),
        ("author_name", "Nobody", "proposal.answered"),
        ("outcome", "NOT_ADOPTED", "proposal.answered"),
        ("reason", "The council has thought again about it and found better things.", "proposal.answered"),
        ("answered_by", "Somebody else", "proposal.answered"),
    ],
)
def test_a_changed_proposal_or_answer_is_named(app, history, audit, execute, column, value, kind):
    stored = value.lower() if column == "outcome" else value
    assert execute(f"UPDATE proposal SET {column} = :value", value=stored) == [1]
    ref = history.proposal.ref
    code, lines = audit("check")
    assert code == 1
    field = {"author_name": "author"}.get(column, column)
    named = [line for line in lines if line.startswith(f"{ref}: ")]
    assert f"{ref}: {field} is not what entry {entry_of(app, ref, kind)} says" in named
    assert lines[-1] == f"failed {len(named)}"


def test_a_deleted_proposal_is_named(app, history, audit, execute):
    index = entry_of(app, history.proposal.ref, "proposal.answered")
    if app.extensions["ucc.settings"].is_sqlite:
        execute("PRAGMA defer_foreign_keys=ON", "UPDATE proposal SET public_id = 'hidden'")
    else:
        execute("UPDATE proposal SET public_id = 'hidden'")
    _code, lines = audit("check")
    assert f"{history.proposal.ref}: entry {index} tells of it, its row is gone" in lines
    assert "proposal/hidden: there is a row and no entry" in lines


def test_a_changed_ballot_of_an_organisation_is_named(app, history, audit, execute):
    organisation = history.openly.organisations[0][0]
    subject = f"vote/{history.openly.vote_id}/{organisation.ref}"
    execute("UPDATE open_ballot SET choices = :b WHERE organisation_id = :id", b=b"\1\0", id=organisation.id)
    cast_at, told_at = (
        entry_of(app, subject, "ballot.cast_openly"),
        entry_of(app, f"vote/{history.openly.vote_id}", "vote.tallied"),
    )
    assert audit("check") == (
        1,
        [
            f"{subject}: choices is not what entry {cast_at} says",
            f"vote/{history.openly.vote_id}: the ballots do not give the result that entry {told_at} says",
            "failed 2",
        ],
    )


def secret_ballot(read, history):
    """The commitment of a ballot that counts and names option a."""

    def query(session):
        rows = session.execute(
            text("SELECT commitment FROM ballot WHERE NOT is_superseded AND choices = :a ORDER BY commitment"),
            {"a": b"\0\0"},
        )
        return rows.scalars().first()

    return read(query)


@pytest.mark.parametrize("change", ["choices = :other", "salt = :salt", "choices = :broken", "choices = :beyond"])
def test_a_changed_secret_ballot_is_named(app, read, history, audit, execute, change):
    ballot, ref = secret_ballot(read, history), f"vote/{history.secret.vote_id}"
    values = {"other": b"\1\0", "salt": bytes(32), "broken": b"\1", "beyond": b"\xff\0"}
    used = {name: value for name, value in values.items() if f":{name}" in change}
    execute(f"UPDATE ballot SET {change} WHERE commitment = :ballot", ballot=ballot, **used)
    batched, tallied = entry_of(app, ref, "ballots.batched"), entry_of(app, ref, "vote.tallied")
    code, lines = audit("check")
    assert (code, lines[0]) == (1, f"ballot {ballot}: its choices are not what entry {batched} says")
    recount = [f"{ref}: the ballots do not give the result that entry {tallied} says"]
    assert lines[1:-1] == ([] if change.startswith("salt") else recount)


def test_a_ballot_that_is_added_removed_or_revived_is_named(app, read, history, audit, execute):
    ref, ballot = f"vote/{history.secret.vote_id}", secret_ballot(read, history)
    batched, tallied = entry_of(app, ref, "ballots.batched"), entry_of(app, ref, "vote.tallied")
    replaced = entry_of(app, ref, "ballots.superseded")
    columns = "vote_id, choices, salt, group_codes, channel, is_batched, is_superseded"
    execute(
        f'INSERT INTO ballot ("key", commitment, {columns}) '
        f"SELECT 'added', 'added', {columns} FROM ballot WHERE commitment = :ballot",
        ballot=ballot,
    )
    recount = f"{ref}: the ballots do not give the result that entry {tallied} says"
    assert audit("check")[1] == [
        "ballot added: there is a row and no entry",
        "ballot added: its choices are not what its commitment says",
        recount,
        "failed 3",
    ]
    execute("DELETE FROM ballot WHERE commitment = 'added'", "DELETE FROM ballot WHERE commitment = :b", b=ballot)
    assert audit("check")[1] == [f"ballot {ballot}: entry {batched} tells of it, its row is gone", recount, "failed 2"]
    execute("UPDATE ballot SET is_superseded = (1 = 0)")
    _code, lines = audit("check")
    assert any(line.endswith(f": whether it was replaced is not what entry {replaced} says") for line in lines)


def test_a_changed_tally_is_named(app, history, audit, execute):
    for city in (history.secret, history.openly):
        index = entry_of(app, f"vote/{city.vote_id}", "vote.tallied")
        execute("UPDATE vote SET result = :r WHERE public_id = :id", r=json.dumps({"winners": ["b"]}), id=city.vote_id)
        assert f"vote/{city.vote_id}: result is not what entry {index} says" in audit("check")[1]


def test_changed_rules_of_a_vote_are_named(app, history, audit, execute):
    index = entry_of(app, f"vote/{history.secret.vote_id}", "vote.closed")
    execute("UPDATE vote SET roll_size = 99 WHERE public_id = :id", id=history.secret.vote_id)
    assert audit("check")[1][0] == f"vote/{history.secret.vote_id}: roll_size is not what entry {index} says"
    execute("UPDATE vote_option SET cost = 1 WHERE code = 'a'")
    assert f"vote/{history.secret.vote_id}: options is not what entry {index} says" in audit("check")[1]


def test_a_changed_roll_is_named(app, perform, read, audit, execute, clock):
    city = voting_city(perform, clock.now(), residents=5)
    ref = f"vote/{city.vote_id}"
    perform(lambda s: cast(s, city, city.residents[0], ["a"], "k" * 22, now=city.then))
    assert audit("check")[0] == 0
    slots = read(lambda s: [slot_of(s, voting_queries.get_vote(s, city.vote_id), each.id) for each in city.residents])
    voted, idle = city.residents[0].id, city.residents[1].id
    frozen, cast_at = entry_of(app, ref, "roll.frozen"), entry_of(app, slots[0], "ballot.cast")
    execute("UPDATE roll_entry SET has_voted = (1 = 0) WHERE account_id = :id", id=voted)
    execute("UPDATE roll_entry SET has_voted = (1 = 1) WHERE account_id = :id", id=idle)
    assert audit("check")[1] == [
        f"{slots[0]}: entry {cast_at} says that it has voted",
        f"{slots[1]}: it is marked as used, no entry says so",
        "failed 2",
    ]
    execute("UPDATE roll_entry SET has_voted = (account_id = :id)", id=voted)
    execute("UPDATE roll_entry SET slot = 99 WHERE account_id = :id", id=idle)
    assert audit("check")[1] == [
        f"{slots[1]}: entry {frozen} tells of it, its row is gone",
        f"{ref}/slot/000099: there is a row, entry {frozen} ends before it",
        "failed 2",
    ]
    execute("DELETE FROM roll_entry WHERE slot = 99")
    assert audit("check")[1] == [f"{slots[1]}: entry {frozen} tells of it, its row is gone", "failed 1"]


def test_a_ballot_slipped_into_an_open_vote_is_counted_out(app, perform, read, audit, execute, clock):
    city = voting_city(perform, clock.now(), residents=5)
    perform(lambda s: cast(s, city, city.residents[0], ["a"], "k" * 22, now=city.then))
    columns = "vote_id, choices, salt, commitment, group_codes, channel, is_batched, is_superseded"
    execute(f"INSERT INTO ballot (\"key\", {columns}) SELECT 'slipped', {columns} FROM ballot")
    commitment = read(lambda s: s.scalar(text("SELECT min(commitment) FROM ballot")))
    twice = f"ballot {commitment}: it lies there 2 times"
    says = f"vote/{city.vote_id}: 1 ballots were cast by the log, there are 2 rows, 0 committed to"
    assert audit("check") == (1, [twice, says, "failed 2"])


def test_the_sector_of_an_organisation_on_the_roll_is_named(app, history, audit, execute):
    ref = f"vote/{history.openly.vote_id}"
    frozen = entry_of(app, ref, "roll.frozen")
    execute("UPDATE roll_entry SET sector = 'public' WHERE sector = 'private'")
    assert f"{ref}: the sectors of the roll are not what entry {frozen} says" in audit("check")[1]


def test_with_its_triggers_dropped_a_changed_log_has_another_root(app, history, audit, execute):
    """Attack 13: what the insider leaves behind is arithmetic."""
    dialect = "sqlite" if app.extensions["ucc.settings"].is_sqlite else "postgresql"
    with app.app_context():
        log.sequence(db.engine)
    execute(*drop_append_only_statements(dialect))
    execute("DELETE FROM log_entry WHERE position = 7", "UPDATE log_entry SET position = 7 WHERE position = 8")
    execute(*append_only_statements(dialect))
    code, lines = audit("verify")
    assert code == 1
    assert "entry 8: missing" in lines
    assert any("or their root differs" in line for line in lines)
