"""Flags: once for each person, never hiding anything, and a crowd from one network counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from tests.accounts.making import CITY, entries
from tests.moderation.making import flag, hide, judge, person
from ucc_participate.accounts.models import Account
from ucc_participate.kernel.codes import Digests
from ucc_participate.kernel.db import table_of
from ucc_participate.kernel.errors import Forbidden, Invalid, NotFound, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Actor, Role, new_public_id
from ucc_participate.moderation import networks, operations, queries
from ucc_participate.moderation.models import Flag, Reason, Standing, Waiting
from ucc_participate.moderation.operations.flagging import BURST, MOST_A_DAY
from ucc_participate.moderation.screening import TooMany

DIGESTS = Digests("a secret that only tests know, long enough")


def crowd(perform, size, now):
    """Many accounts at once, without the ceremony of signing up."""

    def work(session):
        rows = [
            {
                "public_id": new_public_id(10),
                "email": f"crowd{number}@city.example",
                "display_name": f"Crowd {number}",
                "locale": "en",
                "session_version": 1,
                "is_active": True,
                "created_at": now,
                "version": 1,
            }
            for number in range(size)
        ]
        session.connection().execute(insert(table_of(Account)), rows)
        return list(session.scalars(select(Account.id).where(Account.email.startswith("crowd"))))

    return [Actor(f"account:{known}", known, frozenset({Role.RESIDENT})) for known in perform(work)]


def case(read, ref):
    return read(lambda session: queries.case_of(session, ref))


def test_a_thousand_flags_of_one_network_hide_nothing_and_weigh_as_one(perform, read, notes, process, sara, now):
    note = notes.write(perform, process, sara, "A plain text about the bazaar", now=now)
    sketch = networks.sketch("203.0.113.7", digests=DIGESTS, now=now)
    for actor in crowd(perform, 1000, now):
        flag(perform, notes, note.ref, actor, now=now, network=sketch)
    found = case(read, note.ref)
    assert (found.flags, found.weight) == (1000, 1)
    assert notes.kept[note.ref].standing is Standing.SHOWN
    assert read(lambda session: [each.ref for each in queries.waiting(session, process)]) == [note.ref]


def test_a_burst_over_many_contributions_is_one_line_and_not_a_full_queue(perform, read, notes, process, sara, now):
    crowd_ = crowd(perform, 5, now)
    plain = notes.write(perform, process, sara, "Reported by a neighbour", now=now, place="thread/0")
    flag(perform, notes, plain.ref, crowd_[0], now=now, network="a neighbour")
    refs = []
    for number in range(BURST + 20):
        _account, writer = person(perform, f"W{number}", now=now)
        refs.append(notes.write(perform, process, writer, f"Thought number {number}", now=now).ref)
    for number, ref in enumerate(refs):
        flag(perform, notes, ref, crowd_[number % 5], now=now, network="one network")
    counts = read(lambda session: queries.count_waiting(session, process))
    assert (counts.total, counts.in_bursts) == (1 + BURST, 20)
    apart = read(lambda session: queries.waiting(session, process, bursts=True))
    assert [each.ref for each in apart] == refs[BURST:]
    flag(perform, notes, refs[-1], sara, now=now, network="somebody else")
    assert not case(read, refs[-1]).is_burst


def test_a_second_flag_of_one_person_changes_nothing(perform, read, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    first = flag(perform, notes, note.ref, mod, now=now)
    again = flag(perform, notes, note.ref, mod, now=now, reason=Reason.INSULT)
    assert again.id == first.id
    assert case(read, note.ref).flags == 1


def test_flags_of_several_networks_weigh_as_many(perform, read, notes, process, sara, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    for number, actor in enumerate(crowd(perform, 3, now)):
        flag(perform, notes, note.ref, actor, now=now, network=f"n{number}")
    assert case(read, note.ref).weight == 3


def test_who_may_flag(perform, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    with pytest.raises(SignInNeeded):
        flag(perform, notes, note.ref, VISITOR, now=now)
    with pytest.raises(Forbidden, match="own"):
        flag(perform, notes, note.ref, sara, now=now)
    hide(perform, notes, note.ref, mod, now=now)
    with pytest.raises(NotFound):
        flag(perform, notes, note.ref, person(perform, "Ali", now=now)[1], now=now)
    with pytest.raises(NotFound):
        flag(perform, notes, "nothing/here", mod, now=now)


def test_another_reason_must_be_said_and_a_person_has_a_limit_for_a_day(perform, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    with pytest.raises(Invalid) as refusal:
        flag(perform, notes, note.ref, mod, now=now, reason=Reason.OTHER)
    assert refusal.value.field == "words"
    for number in range(MOST_A_DAY):
        writer = person(perform, f"W{number}", now=now)[1]
        flag(perform, notes, notes.write(perform, process, writer, f"Thought {number}", now=now).ref, mod, now=now)
    with pytest.raises(TooMany):
        flag(perform, notes, note.ref, mod, now=now)
    flag(perform, notes, note.ref, mod, now=now + timedelta(days=1, seconds=1))


def test_the_log_tells_neither_who_flagged_nor_what(app, perform, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    flag(perform, notes, note.ref, mod, now=now, words="Sells carpets", reason=Reason.SPAM)
    newest = entries(app)[-1]
    assert newest.values["type"] == "moderation.flagged"
    assert newest.payload == {"kind": "note", "reason": "spam"}
    assert note.ref not in newest.entry.decode()
    hide(perform, notes, note.ref, mod, now=now)
    hidden = next(entry for entry in entries(app) if entry.values["type"] == "moderation.hidden")
    assert newest.values["actor"] != hidden.values["actor"]


def test_a_kept_contribution_comes_back_when_others_flag_it(perform, read, notes, process, sara, mod, now):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    actors = crowd(perform, 2, now)
    flag(perform, notes, note.ref, actors[0], now=now, network="a")
    judge(perform, notes, operations.keep_contribution, note.ref, mod, now=now)
    later = now + timedelta(hours=1)
    flag(perform, notes, note.ref, actors[1], now=later, network="a")
    found = case(read, note.ref)
    assert (found.waits_for, found.waiting_since, found.weight) == (Waiting.FLAGGED, later, 1)


def test_sketches_hide_the_address_last_a_day_and_are_forgotten(app, perform, read, notes, process, sara, mod, now):
    here = networks.sketch("203.0.113.7", digests=DIGESTS, now=now)
    assert here == networks.sketch("203.0.113.99", digests=DIGESTS, now=now)
    assert here == networks.sketch("::ffff:203.0.113.9", digests=DIGESTS, now=now)
    assert here != networks.sketch("203.0.114.7", digests=DIGESTS, now=now)
    assert here != networks.sketch("203.0.113.7", digests=DIGESTS, now=now + timedelta(days=1))
    assert here != networks.sketch("203.0.113.7", digests=Digests("another secret"), now=now)
    assert networks.sketch("2001:db8:1:2::1", digests=DIGESTS, now=now) == networks.sketch(
        "2001:db8:1:ffff::9", digests=DIGESTS, now=now
    )
    assert networks.sketch("not an address", digests=DIGESTS, now=now) is None
    note = notes.write(perform, process, sara, "A plain text", now=now, network=here)
    flag(perform, notes, note.ref, mod, now=now, network=here)
    perform(lambda session: operations.forget_traces(session, actor=CITY, now=now + timedelta(days=8)))
    assert read(lambda session: list(session.scalars(select(Flag.network)))) == [None]
