"""Seats of evaluators: by link, until a day, for one process, and for nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.dossier.making import write
from tests.processes.making import make_process
from tests.stakeholders.making import drift_faults, staff_browser, told
from tests.submission.making import CITY, change, freeze, invite, told_of
from ucc_participate.accounts import jobs as retention
from ucc_participate.accounts.links import LinkSpent
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.notifications.models import OutboxMessage
from ucc_participate.processes.models import ProcessState
from ucc_participate.processes.queries import process_to_change
from ucc_participate.submission import operations, policies
from ucc_participate.submission.models import Evaluator, Question
from ucc_participate.submission.queries import list_evaluators, question_to_answer

ASKED = "Who decided that the bazaar is left out?"


def take(perform, token, now):
    return perform(lambda s: operations.take_seat(s, token, actor=VISITOR, now=now))


def sit(app, token):
    browser = app.test_client()
    assert browser.post(f"/evaluator/{token}").status_code == 303
    return browser


def test_the_link_is_mailed_and_the_log_says_for_whom_and_not_who(app, perform, read, made, leila, now):
    seat, token = invite(perform, read, made[0], actor=leila, now=now)
    [mail] = read(lambda s: s.scalars(select(OutboxMessage).where(OutboxMessage.template == "evaluator_invited")).all())
    assert (mail.to, mail.locale) == ("parvin@commission.example", "en")
    [(kind, payload, role)] = told_of(app, seat.ref)
    assert (kind, role, payload["office"]) == ("evaluator.invited", "coordinator", "National Commission")
    assert "Parvin" not in str(payload)
    kept = read(lambda s: s.get(Evaluator, seat.id))
    assert token not in str(vars(kept))
    assert "commission.example" not in str(vars(kept))
    assert drift_faults(app) == []


def test_the_first_coming_is_logged_by_the_seat_and_later_ones_are_not(app, perform, read, made, now):
    seat, token = invite(perform, read, made[0], now=now)
    assert app.test_client().get(f"/evaluator/{token}").status_code == 200
    assert read(lambda s: s.get(Evaluator, seat.id)).came_at is None
    for _time in range(2):
        sit(app, token)
    kinds = [(kind, role) for kind, _payload, role in told_of(app, seat.ref)]
    assert kinds == [("evaluator.invited", "system"), ("evaluator.came", "evaluator")]
    assert drift_faults(app) == []


@pytest.mark.parametrize("forged", ["x", "A" * 43, "../evaluator", "%00", "é" * 20])
def test_a_forged_link_opens_nothing(app, perform, read, made, now, forged):
    invite(perform, read, made[0], now=now)
    browser = app.test_client()
    assert browser.get(f"/evaluator/{forged}").status_code in (404, 410)
    assert browser.post(f"/evaluator/{forged}").status_code in (404, 410)
    assert browser.get(f"/p/{made[0].public_id}/application").status_code == 404
    with pytest.raises(LinkSpent):
        take(perform, forged, now)


def test_an_expired_link_opens_nothing_and_closes_the_seat_that_it_opened(app, perform, read, made, clock, now):
    _seat, token = invite(perform, read, made[0], now=now, days=2)
    browser, page = sit(app, token), f"/p/{made[0].public_id}/application"
    assert browser.get(page).status_code == 200
    clock.advance(days=2)
    assert browser.get(page).status_code == 404
    assert browser.get(f"/evaluator/{token}").status_code == 410
    assert browser.post(f"/evaluator/{token}").status_code == 410
    with pytest.raises(LinkSpent):
        take(perform, token, clock.now())


def test_revoking_closes_link_and_seat_at_once(app, perform, read, made, leila, now):
    seat, token = invite(perform, read, made[0], now=now)
    browser, page = sit(app, token), f"/p/{made[0].public_id}/application"
    change(perform, made[0], seat, operations.revoke_evaluator, actor=leila, now=now)
    assert browser.get(page).status_code == 404
    assert browser.post(f"/evaluator/{token}").status_code == 410
    assert told_of(app, seat.ref)[-1][0] == "evaluator.revoked"
    with pytest.raises(Conflict):
        change(perform, made[0], seat, operations.revoke_evaluator, actor=leila, now=now)
    assert drift_faults(app) == []


def test_the_name_goes_after_the_end_and_the_office_stays(app, perform, read, made, leila, clock, now):
    ended, _token = invite(perform, read, made[0], now=now, days=2)
    change(
        perform, made[0], invite(perform, read, made[0], now=now)[0], operations.revoke_evaluator, actor=leila, now=now
    )
    reading, _token = invite(perform, read, made[0], now=now, days=30)
    clock.advance(days=2)
    with app.app_context():
        retention.run()
    left = {each.public_id: each.name for each in read(lambda s: list_evaluators(s, made[0]))}
    assert [key for key, name in left.items() if name] == [reading.public_id]
    assert ended.office
    [entry] = [each for each in told(app) if each.type == "retention.executed"]
    assert entry.payload == {"rule": "evaluators", "count": 2}
    assert drift_faults(app) == []


def test_a_seat_reads_its_own_process_and_no_other(app, perform, read, made, now):
    """Neither drafts of another process nor desks of its own, whatever an evaluator with an account may read."""
    draft = make_process(perform, now, ProcessState.DRAFT, title={"en": "Not yet told"})
    _seat, token = invite(perform, read, made[0], now=now)
    browser = sit(app, token)
    own, other = made[0].public_id, draft.public_id
    assert browser.get(f"/p/{own}/application").status_code == 200
    for closed in (f"/p/{other}/application", f"/record/{other}", f"/p/{other}"):
        assert browser.get(closed).status_code == 404, closed
    rooms = ("plan", "plan/freeze", "partners", "promises", "sharing", "readiness", "resources")
    for desk in (*rooms, "submission", "submission/files/dossier.en.txt", "submission/evaluators", "application"):
        answer = browser.get(f"/staff/processes/{own}/{desk}")
        assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in"), desk
    assert "Not yet told" not in browser.get("/").text


def test_a_seat_is_in_no_cache_and_says_for_whom_and_until_when(app, perform, read, made, now):
    _seat, token = invite(perform, read, made[0], now=now)
    page = sit(app, token).get(f"/p/{made[0].public_id}/application")
    assert page.headers["Cache-Control"] == "private, no-store"
    file = sit(app, token).get(f"/p/{made[0].public_id}/application/files/dossier.en.txt")
    assert (file.status_code, file.headers["Cache-Control"]) == (200, "private, no-store")
    file.close()
    assert "You read this for: National Commission" in page.text
    assert "mayor@city.example" not in page.text


def test_whoever_leaves_the_seat_is_a_visitor(app, perform, read, made, now):
    _seat, token = invite(perform, read, made[0], now=now)
    browser, page = sit(app, token), f"/p/{made[0].public_id}/application"
    assert browser.post(f"{page}/leave").status_code == 303
    assert browser.get(page).status_code == 404


def test_only_coordinators_invite_and_until_a_day_within_a_year(perform, read, made, now):
    for actor in (VISITOR, Actor("account:9", 9, frozenset({Role.RESIDENT, Role.CLERK}))):
        with pytest.raises(Forbidden):
            invite(perform, read, made[0], actor=actor, now=now)
    for days in (-1, 0, 400):
        with pytest.raises(Invalid):
            invite(perform, read, made[0], now=now, days=days)


def test_a_question_and_its_answer_are_logged_word_for_word(app, perform, read, made, leila, now):
    _seat, token = invite(perform, read, made[0], now=now)
    browser, page = sit(app, token), f"/p/{made[0].public_id}/application"
    assert browser.post(f"{page}/questions", data={"section": "2", "text": ASKED}).status_code == 303
    question = read(lambda s: s.scalar(select(Question)))
    answering = {"text": "The council did, on 3 May."}

    def work(session):
        process = process_to_change(session, made[0].public_id, actor=CITY)
        found = question_to_answer(session, process, question.public_id)
        operations.answer_question(session, found, **answering, actor=leila, now=now)

    perform(work)
    (put, first, by_seat), (answered, last, by_city) = told_of(app, question.ref)
    assert (put, by_seat, answered, by_city) == (
        *("evaluator_question.put", "evaluator"),
        *("evaluator_question.answered", "coordinator"),
    )
    assert (first["text"], first["answer"], first["office"], first["section"]) == (
        ASKED,
        None,
        "National Commission",
        "2",
    )
    assert (last["answer"], last["answered_by"]) == (answering["text"], "Leila Moradi, Head of the culture office")
    with pytest.raises(Conflict):
        perform(work)
    shown = browser.get(page).text
    assert ASKED in shown
    assert "The council did, on 3 May." in shown
    assert drift_faults(app) == []


def test_a_question_that_comes_too_late_is_given_back(app, perform, read, made, clock, now):
    _seat, token = invite(perform, read, made[0], now=now, days=1)
    browser = sit(app, token)
    clock.advance(days=2)
    answer = browser.post(f"/p/{made[0].public_id}/application/questions", data={"text": ASKED})
    assert (answer.status_code, ASKED in answer.text) == (410, True)
    assert read(lambda s: s.scalar(select(Question))) is None


def test_nobody_is_invited_while_there_is_nothing_to_read(perform, read, now):
    with pytest.raises(Invalid):
        invite(perform, read, make_process(perform, now, ProcessState.OPEN), now=now)


def test_who_answers_second_keeps_what_was_typed(app, perform, read, made, leila, now):
    seat, token = invite(perform, read, made[0], now=now)
    asking = {"text": ASKED, "section": "", "actor": take(perform, token, now).seated, "now": now}
    question = change(perform, made[0], seat, operations.put_question, **asking)
    browser = staff_browser(app, perform, Role.COORDINATOR, now=now)
    page = f"/staff/processes/{made[0].public_id}/submission/questions/{question.public_id}"
    for text, status in (("The council did.", 303), ("The mayor did.", 409)):
        answer = browser.post(page, data={f"{question.public_id}-text": text})
        assert answer.status_code == status
    assert "The council did." in answer.text
    assert "The mayor did." in answer.text


def test_a_question_that_is_too_short_stays_in_its_field(app, perform, read, made, now):
    _seat, token = invite(perform, read, made[0], now=now)
    browser, page = sit(app, token), f"/p/{made[0].public_id}/application"
    answer = browser.post(f"{page}/questions", data={"section": "", "text": "Why?"})
    assert (answer.status_code, "Why?" in answer.text) == (422, True)
    assert browser.post(f"{page}/questions", data={"section": "77", "text": ASKED}).status_code == 422
    assert read(lambda s: s.scalar(select(Question))) is None


def test_nobody_asks_from_another_seat_or_from_none(app, perform, read, made, leila, now):
    one, token = invite(perform, read, made[0], now=now)
    other, _token = invite(perform, read, made[0], now=now)
    taken = take(perform, token, now)
    for actor in (taken.seated, VISITOR, leila):
        facts = {"text": ASKED, "section": "", "actor": actor, "now": now}
        with pytest.raises(NotFound):
            change(perform, made[0], other, operations.put_question, **facts)
    page = f"/p/{made[0].public_id}/application"
    assert app.test_client().post(f"{page}/questions", data={"text": ASKED}).status_code == 404
    assert not policies.can_ask(one.seated, other, now=now)


def test_a_question_changed_in_the_database_is_named(app, perform, read, made, now):
    seat, token = invite(perform, read, made[0], now=now)
    taken = take(perform, token, now)
    facts = {"text": ASKED, "section": "", "actor": taken.seated, "now": now}
    question = change(perform, made[0], seat, operations.put_question, **facts)
    rows = table_of(Question)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(rows.update().values(text="Is all well?"))
    [fault] = drift_faults(app)
    assert fault.startswith(f"{question.ref}: text is not what entry ")


def test_everybody_reads_the_dossier_once_it_is_frozen_and_nobody_before(app, perform, made, leila, now):
    page = f"/p/{made[0].public_id}/application"
    visitor = app.test_client()
    assert visitor.get(page).status_code == 404
    assert visitor.get(f"{page}/files/dossier.en.txt").status_code == 404
    freeze(app, perform, made, actor=leila, now=now)
    shown = visitor.get(page)
    assert (shown.status_code, "Then we listened." in shown.text, "Who shaped this" in shown.text) == (200, True, True)
    assert "mayor@city.example" not in shown.text
    assert visitor.post(f"{page}/recount").status_code == 404


def test_a_text_that_was_still_a_draft_at_the_freezing_is_read_by_nobody(app, perform, made, leila, now):
    write(perform, made, "1", "fa", "این هنوز پیش‌نویس است.", actor=leila, now=now)
    freeze(app, perform, made, actor=leila, now=now)
    page, visitor = f"/p/{made[0].public_id}/application", app.test_client()
    assert "سپس از ۱۲ گروه شنیدیم" in visitor.get(f"{page}?language=fa").text
    for shown in (visitor.get(f"{page}?language=fa"), visitor.get(f"{page}/files/dossier.json")):
        assert "این هنوز پیش‌نویس است" not in shown.text
        shown.close()


def test_a_seat_ends_at_its_moment(perform, read, made, now):
    seat, _token = invite(perform, read, made[0], now=now, days=1)
    assert seat.may_read(now + timedelta(days=1) - timedelta(seconds=1))
    assert not seat.may_read(now + timedelta(days=1))
