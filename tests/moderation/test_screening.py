"""What is let through, what waits for a moderator, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.moderation.making import judge, person, set_rules
from ucc_participate.moderation import operations, queries, suspicion
from ucc_participate.moderation.models import Case, Mode, Standing, Waiting
from ucc_participate.moderation.screening import TooMany

PLAIN = "The workshops of the bazaar should stay open in the evening, so that pupils can come after school."
LINKS = "Buy at https://a.example and https://b.example and www.c.example today"


def case(read, ref):
    return read(lambda session: queries.case_of(session, ref))


def test_a_plain_text_appears_at_once_and_makes_no_case(perform, read, notes, process, sara, now, told):
    note = notes.write(perform, process, sara, PLAIN, now=now)
    assert note.standing is Standing.SHOWN
    assert case(read, note.ref) is None
    assert [kind for kind, _payload in told(note.ref)] == ["moderation.kept"]


def test_before_publication_everything_waits_and_the_log_holds_no_text(perform, read, notes, process, sara, now, told):
    set_rules(perform, process, now=now, mode=Mode.BEFORE)
    note = notes.write(perform, process, sara, PLAIN, now=now)
    assert note.standing is Standing.HELD
    found = case(read, note.ref)
    assert (found.waits_for, found.waiting_since, found.held_because) == (Waiting.HELD, now, ("before_publication",))
    assert told(note.ref)[0] == ("moderation.held", {"kind": "note", "because": ["before_publication"]})
    assert PLAIN not in str(told(note.ref))


def test_the_first_posts_of_a_person_wait_until_one_was_published(perform, notes, process, sara, mod, now):
    set_rules(perform, process, now=now, first_posts=1)
    first = notes.write(perform, process, sara, PLAIN, now=now)
    second = notes.write(perform, process, sara, "Another thought about something else", now=now)
    assert (first.standing, second.standing) == (Standing.HELD, Standing.HELD)
    judge(perform, notes, operations.publish_contribution, first.ref, mod, now=now)
    assert notes.kept[first.ref].standing is Standing.SHOWN
    assert notes.write(perform, process, sara, "A third one, on the museum", now=now).standing is Standing.SHOWN


@pytest.mark.parametrize(
    ("text", "because"),
    [(LINKS, "links"), ("THE MAYOR SHOULD LISTEN TO US AT LAST", "shouting"), ("چرا؟؟؟؟؟ آخر چرا", "shouting")],
)
def test_what_looks_suspicious_is_held_and_never_dropped(perform, read, notes, process, sara, now, text, because):
    note = notes.write(perform, process, sara, text, now=now)
    assert note.standing is Standing.HELD
    assert case(read, note.ref).held_because == (because,)


def test_the_same_text_again_is_held_in_whatever_spelling(perform, read, notes, process, sara, now):
    text = "می‌خواهیم کارگاه‌های بازار تا شب باز بماند تا دانش‌آموزان پس از مدرسه بیایند"
    notes.write(perform, process, sara, text, now=now)
    again = notes.write(perform, process, sara, text.replace("ی", "ي").replace("ک", "ك") + " !", now=now)
    assert case(read, again.ref).held_because == ("repeated",)


def test_two_people_may_say_the_same_and_the_third_waits(perform, notes, process, now):
    standings = [
        notes.write(perform, process, person(perform, name, now=now)[1], PLAIN, now=now).standing
        for name in ("Ali", "Bita", "Cyrus")
    ]
    assert standings == [Standing.SHOWN, Standing.SHOWN, Standing.HELD]


def test_short_agreement_is_no_repetition(perform, notes, process, sara, now):
    for _time in range(3):
        assert notes.write(perform, process, sara, "I agree with this.", now=now).standing is Standing.SHOWN


def test_too_much_in_one_place_is_refused_with_the_time_to_go_on(perform, notes, process, sara, now, read):
    set_rules(perform, process, now=now, per_place=2, per_hour=3, per_day=4)
    for number in range(2):
        notes.write(perform, process, sara, f"Thought {number}", now=now, place="thread/a")
    with pytest.raises(TooMany) as refusal:
        notes.write(perform, process, sara, "One more", now=now, place="thread/a")
    assert refusal.value.status == 429
    notes.write(perform, process, sara, "Elsewhere", now=now, place="thread/b")
    with pytest.raises(TooMany):
        notes.write(perform, process, sara, "A fourth in this hour", now=now, place="thread/c")
    later = now + timedelta(hours=1)
    notes.write(perform, process, sara, "After an hour", now=later, place="thread/a")
    with pytest.raises(TooMany):
        notes.write(perform, process, sara, "A fifth on this day", now=later, place="thread/d")
    assert len(notes.kept) == 4
    assert read(lambda session: list(session.scalars(select(Case)))) == []


def test_what_changes_a_text_a_little_keeps_most_of_its_sketch():
    one, two = suspicion.shingles(PLAIN), suspicion.shingles(PLAIN + " Please.")
    assert len(set(one) & set(two)) >= suspicion.least_alike(two)
    other = suspicion.shingles("A museum of carpets belongs into the old customs house at the harbour of the town.")
    assert not set(one) & set(other)
