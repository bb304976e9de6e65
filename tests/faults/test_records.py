"""Attacks 16, 17 and 18 on records of a real process: an insider changes the database, and the product exports it.

So everything in the package fits but what was done: manifests, tables and signatures are the product's own.
"""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text, update

from tests.faults.city import CLOSED, announce, begin, cast, cast_openly, close, speaking_for, whole_history
from tests.faults.city import City as Vote
from tests.processes.making import day
from ucc_participate.accounts.models import Account
from ucc_participate.accounts.operations import erase_account
from ucc_participate.audit import log, operations
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogOpening
from ucc_participate.kernel.db import db
from ucc_participate.record import exporting, verify
from ucc_participate.voting.models import Ballot, Franchise


@pytest.fixture
def start(clock):
    return clock.now()


@pytest.fixture
def export(app, clock):
    """``export(process)``: the verifier's report on the record that the product makes now."""

    def run(process):
        clock.advance(days=61)
        with app.app_context():
            log.sequence(db.engine)
            made = exporting.export(process.public_id)
            return verify.verify(str(made.path), [audit_log().signer.vkey])

    return run


@pytest.fixture
def insider(app):
    """``insider(statement, **values)``: SQL with the rights of whoever runs the machine."""

    def run(statement, **values):
        with app.app_context(), db.engine.begin() as connection:
            log.sequence(db.engine)
            return connection.execute(text(statement) if isinstance(statement, str) else statement, values).rowcount

    return run


def found(report):
    return {(failure.check, failure.where) for failure in report.failed}


def opening_of(read, subject, app):
    with app.app_context():
        log.sequence(db.engine)
    return read(
        lambda s: s.scalars(
            select(LogOpening).where(LogOpening.subject == subject).order_by(LogOpening.position)
        ).first()
    )


def test_the_record_of_a_process_with_both_kinds_of_votes_verifies(perform, start, export):
    history = whole_history(perform, start)
    report = export(history.process)
    assert report.failed == []
    told = " ".join(report.proved)
    assert "12 ballots" in told
    assert "3 ballots" in told


def test_a_person_erased_before_the_export_leaves_a_record_that_verifies(app, perform, read, start, export):
    """Attack 16: the author's name is withheld and explained; nothing in the package tells it."""
    history = whole_history(perform, start)
    account, actor = history.author

    def erase(session):
        own = session.get_one(Account, account.id)
        erase_account(session, own, erasers=app.extensions["ucc.erasers"], actor=actor, now=day(start, 43))

    perform(erase)
    report = export(history.process)
    assert report.failed == []
    assert any("explained by later entries" in line for line in report.proved)
    with app.app_context():
        package = exporting.export(history.process.public_id).path.read_bytes()
    row = opening_of(read, history.proposal.ref, app)
    assert row.salt is None
    assert list(json.loads(row.withheld)) == ["author"]
    assert b"Author" not in package


def test_a_name_withheld_without_an_entry_is_found(app, perform, read, start, export, insider):
    """Attack 17: erasure is no hiding place."""
    history = whole_history(perform, start)
    row = opening_of(read, history.proposal.ref, app)
    operations._strip(row, {"author"})
    kept = {"salt": None, "fields": None, "kept": row.kept, "withheld": row.withheld}
    insider(update(LogOpening).where(LogOpening.position == row.position).values(**kept))
    assert found(export(history.process)) == {("withheld", f"entry {row.position}")}


def test_an_opening_that_is_gone_without_an_entry_is_found(app, perform, read, start, export, insider):
    history = whole_history(perform, start)
    organisation = history.openly.organisations[0][0]
    row = opening_of(read, f"vote/{history.openly.vote_id}/{organisation.ref}", app)
    assert insider("DELETE FROM log_opening WHERE position = :at", at=row.position) == 1
    assert ("withheld", f"entry {row.position}") in found(export(history.process))


@pytest.fixture
def secret(perform, start):
    """An open secret vote in which twelve of fourteen residents have voted, the first of them twice."""
    process, people, _invited = begin(perform, start, residents=14)
    made = announce(perform, process, start, Franchise.INDIVIDUAL)
    city = Vote(process, made.public_id, people, [], day(start, 36), day(start, CLOSED))
    first = perform(lambda s: cast(s, city, people[0], ["a"], "0" * 22, now=city.then))
    for number, account in enumerate(people[:12]):
        perform(lambda s, a=account, n=number: cast(s, city, a, ["b", "c"][: n % 3], f"{n:021d}x", now=city.then))
    return city, first


COLUMNS = "vote_id, choices, salt, group_codes, channel, is_batched, is_superseded"


def some_ballot(read):
    return read(
        lambda s: s.scalars(
            select(Ballot).where(~Ballot.is_superseded, Ballot.choices != b"").order_by(Ballot.commitment)
        ).first()
    )


def test_a_ballot_without_a_slot_is_found(perform, read, start, export, insider, secret):
    """Attack 18: stuffed while the vote is open, well made, committed to with the others."""
    from ucc_participate.audit import commitments

    city, _first = secret
    ref = f"vote/{city.vote_id}"
    insider(
        f'INSERT INTO ballot ("key", commitment, {COLUMNS}) '
        f"SELECT 'stuffed', :sealed, {COLUMNS.replace('salt', ':salt')} FROM ballot WHERE commitment = :like",
        sealed=commitments.ballot(b"s" * 32, ref, ["b"]),
        salt=b"s" * 32,
        like=next(each.commitment for each in read(with_choices(b"\1\0"))),
    )
    close(perform, city)
    assert found(export(city.process)) == {("commitments", ref)}


def with_choices(choices):
    return lambda s: s.scalars(select(Ballot).where(Ballot.choices == choices, ~Ballot.is_superseded)).all()


def test_a_ballot_counted_twice_is_found(perform, read, export, insider, secret):
    city, _first = secret
    ballot = some_ballot(read)
    columns = f"commitment, {COLUMNS}"
    insider(
        f"INSERT INTO ballot (\"key\", {columns}) SELECT 'twice', {columns} FROM ballot WHERE commitment = :ballot",
        ballot=ballot.commitment,
    )
    close(perform, city)
    places = found(export(city.process))
    assert ("ballots", f"data/votes/{city.vote_id}.ballots.csv") in places
    assert {check for check, _where in places} <= {"ballots", "commitments"}


@pytest.mark.parametrize("is_closed", [False, True])
def test_an_altered_ballot_is_found(perform, read, export, insider, secret, is_closed):
    """Changed before the count, only its seal is broken; changed after it, the count is another one too."""
    city, _first = secret
    ballot = some_ballot(read)
    if is_closed:
        close(perform, city)
    insider("UPDATE ballot SET choices = :c WHERE commitment = :b", c=b"\2\0", b=ballot.commitment)
    if not is_closed:
        close(perform, city)
    places = found(export(city.process))
    assert {check for check, _where in places} == ({"ballots", "pabulib", "recount"} if is_closed else {"ballots"})
    assert any(where.startswith(f"data/votes/{city.vote_id}.ballots.csv line ") for _check, where in places)


def test_a_superseded_ballot_that_is_counted_all_the_same_is_found(perform, read, export, insider, secret):
    """The insider kept what the replaced ballot opened with, and puts it back."""
    city, first = secret
    changed = insider(
        "UPDATE ballot SET is_superseded = (1 = 0), choices = :c, salt = :s WHERE commitment = :b",
        c=b"\0\0",
        s=first.salt,
        b=first.commitment,
    )
    assert changed == 1
    close(perform, city)
    assert found(export(city.process)) == {("commitments", f"vote/{city.vote_id}")}


def test_an_organisation_that_votes_for_two_is_found(app, perform, read, start, export, insider):
    """A ballot on the record is moved to another organisation after the count."""
    process, _people, invited = begin(perform, start, residents=1)
    spoken = [(each, speaking_for(perform, each, f"d{at}@city.example", start)) for at, each in enumerate(invited)]
    made = announce(perform, process, start, Franchise.ORGANISATION)
    city = Vote(process, made.public_id, [], spoken, day(start, 36), day(start, CLOSED))
    perform(lambda s: cast_openly(s, city, 0, ["a"], "k" * 22, now=city.then))
    insider(
        "INSERT INTO open_ballot (vote_id, organisation_id, delegate_account_id, choices, idempotency_key, cast_at) "
        "SELECT vote_id, :other, delegate_account_id, choices, 'stuffed', cast_at FROM open_ballot",
        other=spoken[1][0].id,
    )
    close(perform, city)
    places = found(export(process))
    assert {check for check, _where in places} >= {"recount"}
