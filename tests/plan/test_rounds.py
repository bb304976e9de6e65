"""What comes after a round of comments: the page says that it is over, and the city answers what was said in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.accounts.making import sign_in
from tests.plan.builders import change_plan
from tests.plan.test_whole import city, consult, force, now, plan_in, standing_now
from tests.proposals.making import person
from tests.stakeholders.making import staff_browser
from ucc_participate.deliberation import operations as deliberation
from ucc_participate.deliberation import queries as comments
from ucc_participate.deliberation.models import Said, Stance, Voice
from ucc_participate.deliberation.subjects import EXTENSION
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import discussing, operations, queries
from ucc_participate.processes.models import Process, ProcessState

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


def test_in_a_round_people_mark_mend_and_withdraw_whatever_the_phase(app, perform, clock, city):
    process, _leila, later = city
    consult(perform, city, days=400)
    far = clock.at = later + timedelta(days=390)
    account, sara = person(perform, "Sara Rad", now=far)
    said = say(perform, process, actor=sara, now=far)
    hers = sign_in(app, account, now=far)
    desk = staff_browser(app, perform, Role.COORDINATOR, now=far)
    address, kind = f"/p/{process.public_id}/comments/{said.public_id}", plan_ref(perform, process)
    assert f"{address}/edit" in hers.get(f"/p/{process.public_id}/plan").text
    mark = {"mark": said.public_id}
    assert desk.post(f"/p/{process.public_id}/discussion/{kind}/helpful", data=mark).status_code == 303
    mended = hers.post(f"{address}/edit", data={"text": "Open the school on Wednesdays too, please."})
    assert mended.status_code == 303
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(update(Process).values(status=ProcessState.CLOSED))
    assert hers.post(f"{address}/withdraw").status_code == 303


def test_the_round_of_the_plan_opens_no_other_discussion(app, perform, clock, city):
    process, _leila, later = city
    proposal = initiatives_of(perform, process)[0].sources[0].proposal
    _account, sara = person(perform, "Sara Rad", now=later)
    words = Said("Open the school on Thursdays too.", Stance.REMARK, "en")

    def post(session: Any) -> Any:
        topic = kind_of_ref(app, proposal.ref).load(session, proposal.ref, sara, later)
        return deliberation.post_comment(session, topic, words, actor=sara, now=later)

    said = perform(post)
    consult(perform, city, days=400)
    clock.at = later + timedelta(days=390)
    desk = staff_browser(app, perform, Role.COORDINATOR, now=clock.at)
    address = f"/p/{process.public_id}/discussion/{plan_ref(perform, process)}/helpful"
    assert desk.post(address, data={"mark": said.public_id}).status_code == 404


def plan_ref(perform, process):
    return perform(lambda session: plan_in(session, process).ref)


def initiatives_of(perform, process):
    return perform(lambda session: list(queries.initiatives_of(session, plan_in(session, process))))


def kind_of_ref(app, ref):
    return app.extensions[EXTENSION][ref.partition("/")[0]]
