"""The order of a discussion: fair to both sides, to whoever spoke once, and to what nobody has marked yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from ucc_participate.deliberation import operations, queries
from ucc_participate.deliberation.models import LOTS, Comment, Stance, Thread
from ucc_participate.deliberation.queries import Order, Round
from ucc_participate.deliberation.queries.lists import portions
from ucc_participate.kernel.db import table_of

DAY = date(2026, 3, 28)


def order_of(hall, order, turn, side=Stance.FOR):
    seen, _goes_on = hall.read(lambda s: queries.side_page(s, hall.thread(), side, order, turn, after=None))
    return [each.comment.text.split(":")[0] for each in seen]


WORDS = {
    "a": "Looms stand idle once the sun has set.",
    "b": "My grandmother learned weaving at nine, after school hours.",
    "c": "Evening buses run past the bazaar anyway.",
    "d": "Nobody rents those rooms after five.",
}


def say(hall, who, name, lot):
    made = hall.say(who, f"{name}: {WORDS[name]}")
    comment = table_of(Comment)
    hall.perform(lambda s: s.connection().execute(update(comment).where(comment.c.id == made.id).values(lot=lot)))
    return made


@pytest.fixture
def four(hall):
    """Sara speaks twice before the others speak once."""
    return {
        "a": say(hall, "Sara", "a", 700),
        "b": say(hall, "Sara", "b", 100),
        "c": say(hall, "Reza", "c", 200),
        "d": say(hall, "Nima", "d", 500),
    }


def test_the_first_comment_of_everybody_comes_before_anybodys_second(hall, four):
    assert order_of(hall, Order.BALANCED, Round(0)) == ["c", "d", "a", "b"]


def test_the_round_begins_elsewhere_each_day_and_goes_once_around(hall, four):
    assert order_of(hall, Order.BALANCED, Round(300)) == ["d", "a", "c", "b"]
    assert order_of(hall, Order.BALANCED, Round(600)) == ["a", "c", "d", "b"]


def test_marks_change_nothing_in_the_balanced_order(hall, four):
    for who in ("Reza", "Nima", "Omid"):
        hall.change(four["b"], operations.mark_helpful, who=who)
    assert order_of(hall, Order.BALANCED, Round(0)) == ["c", "d", "a", "b"]
    assert order_of(hall, Order.HELPFUL, Round(0)) == ["b", "a", "c", "d"]


def test_newest_and_oldest_are_what_they_say(hall, four):
    assert order_of(hall, Order.OLDEST, Round(0)) == ["a", "b", "c", "d"]
    assert order_of(hall, Order.NEWEST, Round(0)) == ["d", "c", "b", "a"]


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("start", [0, 150, 600])
def test_a_side_goes_on_by_key_without_gap_or_double_in_every_order(hall, four, order, start):
    hall.change(four["c"], operations.mark_helpful, who="Sara")
    turn, thread = Round(start), hall.thread()
    found, after = [], None
    for _page in range(5):
        seen, goes_on = hall.read(
            lambda s, after=after: queries.side_page(s, thread, Stance.FOR, order, turn, after=after, limit=1)
        )
        found += [each.comment.text.split(":")[0] for each in seen]
        if goes_on is None:
            break
        after = seen[-1].comment
    assert found == order_of(hall, order, turn)


def test_each_side_stands_first_on_about_half_of_the_days():
    thread = Thread(subject="proposal/8f3k2m4p")
    turns = [Round.of(thread, DAY + timedelta(days=each)) for each in range(400)]
    first = sum(turn.first_side is Stance.FOR for turn in turns)
    assert 160 <= first <= 240
    assert all(0 <= turn.start < LOTS for turn in turns)
    assert Round.of(thread, DAY) == Round.of(thread, DAY)


def test_what_a_short_side_leaves_goes_to_the_others_and_both_sides_get_alike():
    thread = Thread(for_count=200, against_count=200, question_count=2, remark_count=0)
    given = portions(thread)
    assert given[Stance.FOR] == given[Stance.AGAINST] == 24
    assert given[Stance.QUESTION] == 2
    one_sided = portions(Thread(for_count=400, against_count=3, question_count=0, remark_count=0))
    assert (one_sided[Stance.FOR], one_sided[Stance.AGAINST]) == (47, 3)


def test_only_the_first_replies_stand_below_a_comment_in_a_list(hall):
    made = hall.say("Sara")
    for each in range(queries.REPLIES_SHOWN + 2):
        hall.reply(made, f"R{each}x", f"Reply number {each} with words of its own, {each * 13} of them.")
    outline = hall.read(lambda s: queries.first_page(s, hall.thread(), Order.BALANCED, Round(0)))
    [seen] = outline.sides[Stance.FOR]
    assert (len(seen.answers), seen.replies, seen.more) == (queries.REPLIES_SHOWN, 5, 2)
    assert len(hall.read(lambda s: queries.one_with_replies(s, made)).answers) == 5
