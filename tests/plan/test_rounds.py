"""What comes after a round of comments: the page says that it is over, and the city answers what was said in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.plan.builders import change_plan
from tests.plan.test_whole import city, consult, force, now, plan_in, standing_now
from tests.proposals.making import person
from tests.stakeholders.making import staff_browser
from ucc_participate.deliberation import operations as deliberation
from ucc_participate.deliberation import queries as comments
from ucc_participate.deliberation.models import Said, Stance, Voice
from ucc_participate.kernel.errors import Conflict
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import discussing, operations

__all__ = ["city", "now"]


def topic_of(session, process, actor, now):
    return discussing.PLAN.load(session, plan_in(session, process).ref, actor, now)


def say(perform, process, *, actor, now):
    words = Said("Open the school on Thursdays too.", Stance.REMARK, "en", voice=Voice.RESIDENT)
    return perform(
        lambda session: deliberation.post_comment(
            session, topic_of(session, process, actor, now), words, actor=actor, now=now
        )
    )


def reply(perform, process, said, voice, *, actor, now):
    words = Said("It will be open on Thursdays from the second year.", None, "en", voice=voice)

    def work(session: Any) -> Any:
        found = comments.comment_to_change(session, process.public_id, said.public_id, actor=actor, now=now)
        topic = topic_of(session, process, actor, now)
        return deliberation.reply_to_comment(session, topic, found, words, actor=actor, now=now)

    return perform(work)


@pytest.fixture
def over(perform, city):
    """A round with one comment of its last hour, and the moment after it."""
    process, leila, later = city
    consult(perform, city, days=10)
    _account, sara = person(perform, "Sara Rad", now=later)
    said = say(perform, process, actor=sara, now=later + timedelta(days=10, hours=-1))
    return process, leila, sara, said, later + timedelta(days=11)


@pytest.mark.parametrize("is_ended", [False, True])
def test_the_city_answers_what_was_said_in_the_last_hour_of_a_round(app, perform, read, over, is_ended):
    process, leila, sara, said, after = over
    if is_ended:
        change_plan(perform, process, operations.end_round, actor=leila, now=after)
    assert "round.unanswered" in {each.code for each in standing_now(read, process, after)}
    for actor, voice in ((sara, Voice.RESIDENT), (leila, Voice.RESIDENT)):
        with pytest.raises(Conflict):
            reply(perform, process, said, voice, actor=actor, now=after)
    reply(perform, process, said, Voice.CITY, actor=leila, now=after)
    assert "round.unanswered" not in {each.code for each in standing_now(read, process, after)}


def test_nobody_answers_on_a_plan_that_is_frozen(app, perform, over, monkeypatch):
    process, leila, _sara, said, after = over
    force(perform, (process, leila, after), monkeypatch)
    with pytest.raises(Conflict):
        reply(perform, process, said, Voice.CITY, actor=leila, now=after)


def test_the_desk_offers_the_answer_and_everybody_else_reads_that_the_round_is_over(app, client, perform, clock, over):
    process, _leila, _sara, said, after = over
    clock.at = after
    desk = staff_browser(app, perform, Role.COORDINATOR, now=after)
    address = f"/p/{process.public_id}/comments/{said.public_id}"
    assert f"{address}/reply" in desk.get(address).text
    assert desk.get(f"{address}/reply").status_code == 200
    assert f"{address}/reply" not in client.get(address).text
    page = client.get(f"/p/{process.public_id}/plan?lang=en").text
    assert "say what you think of it" not in page
    assert "Open for comments" not in page
    assert "Comments were taken until" in page
    assert "Open for comments" not in desk.get(f"/staff/processes/{process.public_id}/plan?lang=en").text


def test_while_the_round_runs_the_page_asks_for_comments(client, perform, city):
    consult(perform, city)
    page = client.get(f"/p/{city[0].public_id}/plan?lang=en").text
    assert "say what you think of it" in page
    assert "Open for comments" in page
