"""The pages: reporting, the queue, deciding one by one and together, the rules, what the public reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.accounts.making import make_account, send_mails, sign_in
from tests.moderation.making import ADDRESSES, WORDS, flag, hide, judge, person, set_rules
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation import jobs, operations, queries
from ucc_participate.moderation.models import Act, Mode, Reason, Standing


@pytest.fixture
def desk(process):
    return f"/staff/processes/{process.public_id}/moderation"


@pytest.fixture
def moderating(app, perform, now):
    account = make_account(perform, "desk@city.example", now=now, display_name="Desk", roles=(Role.MODERATOR,))
    return sign_in(app, account, now=now)


def browser(app, perform, name, now, *roles):
    account, actor = person(perform, name, *roles, now=now)
    return sign_in(app, account, now=now), actor


def test_reporting_asks_for_a_reason_and_brings_the_text_to_the_queue(
    app, perform, notes, process, sara, now, desk, moderating
):
    note = notes.write(perform, process, sara, "Buy my carpets", now=now)
    hers, _actor = browser(app, perform, "Ali", now)
    page = hers.get(f"/report/{note.ref}").text
    assert "Buy my carpets" in page
    assert hers.post(f"/report/{note.ref}", data={}).status_code == 422
    assert hers.post(f"/report/{note.ref}", data={"reason": "other"}).status_code == 422
    assert hers.post(f"/report/{note.ref}", data={"reason": "spam"}).location == f"/p/{process.public_id}"
    assert "You have reported this already" in hers.get(f"/report/{note.ref}").text
    queue = moderating.get(desk).text
    assert "Buy my carpets" in queue
    assert "Advertising or spam" in queue
    assert app.test_client().get(f"/report/{note.ref}").status_code == 303


def test_a_held_text_is_published_from_the_queue_with_one_press(
    app, perform, notes, process, sara, now, desk, moderating
):
    set_rules(perform, process, now=now, mode=Mode.BEFORE)
    note = notes.write(perform, process, sara, "A thought about the museum", now=now)
    assert "everything is read first here" in moderating.get(desk).text
    done = moderating.post(f"{desk}/publish/{note.ref}")
    assert done.location == desk
    assert notes.kept[note.ref].standing is Standing.SHOWN
    assert "Nothing waits" in moderating.get(desk).text
    assert moderating.post(f"{desk}/publish/{note.ref}").status_code == 409


def test_hiding_asks_for_reason_and_words_and_shows_what_was_typed(
    app, perform, notes, process, sara, now, desk, moderating
):
    note = notes.write(perform, process, sara, "Buy my carpets", now=now)
    wrong = moderating.post(f"{desk}/hide/{note.ref}", data={"words": "Short"})
    assert wrong.status_code == 422
    assert "Short" in wrong.text
    assert moderating.post(f"{desk}/hide/{note.ref}", data={"reason": "spam", "words": "Short"}).status_code == 422
    assert notes.kept[note.ref].standing is Standing.SHOWN
    assert moderating.post(f"{desk}/hide/{note.ref}", data={"reason": "spam", "words": WORDS}).status_code == 303
    assert notes.kept[note.ref].standing is Standing.HIDDEN
    assert "Show it again" in moderating.get(f"{desk}/read/{note.ref}").text
    assert moderating.post(f"{desk}/restore/{note.ref}", data={}).status_code == 303
    assert notes.kept[note.ref].standing is Standing.SHOWN


def test_an_author_appeals_on_the_page_and_another_moderator_answers(
    app, perform, read, notes, process, now, desk, mod, moderating, clock
):
    hers, sara = browser(app, perform, "Zari", now)
    note = notes.write(perform, process, sara, "Call me at 0912", now=now)
    hide(perform, notes, note.ref, mod, now=now)
    case = read(lambda s: queries.case_of(s, note.ref))
    own = f"/p/{process.public_id}/moderation/case/{case.public_id}"
    page = hers.get(own).text
    assert "Call me at 0912" in page
    assert WORDS in page
    assert hers.post(own, data={"words": "no"}).status_code == 422
    assert hers.post(own, data={"words": "This number is my own."}).location == own
    assert "It waits for another moderator" in hers.get(own).text
    stranger, _actor = browser(app, perform, "Ali", now)
    assert stranger.get(own).status_code == 404
    assert "This number is my own." in moderating.get(f"{desk}?show=appealed").text
    answer = {"outcome": "overturned", "words": WORDS}
    assert moderating.post(f"{desk}/appeal/{note.ref}", data=answer).status_code == 303
    assert notes.kept[note.ref].standing is Standing.SHOWN
    assert "The decision is taken back" in hers.get(own).text


def test_many_are_decided_after_a_page_that_says_whom_it_touches(app, perform, notes, process, now, desk, moderating):
    refs = []
    for name in ("Ali", "Bita"):
        _account, actor = person(perform, name, now=now)
        refs.append(notes.write(perform, process, actor, f"Spam of {name}", now=now).ref)
    page = moderating.get(f"{desk}/many", query_string={"ref": refs})
    assert all(text in page.text for text in ("Spam of Ali", "Spam of Bita", "Ali", "Bita", "People it touches"))
    assert notes.kept[refs[0]].standing is Standing.SHOWN
    wrong = moderating.post(f"{desk}/many", data={"ref": refs, "act": "hidden"})
    assert wrong.status_code == 422
    done = moderating.post(f"{desk}/many", data={"ref": refs, "act": "hidden", "reason": "spam", "words": WORDS})
    assert done.status_code == 303
    assert {notes.kept[ref].standing for ref in refs} == {Standing.HIDDEN}
    assert moderating.get(f"{desk}/many").status_code == 409


def test_bulk_leaves_out_what_the_moderator_wrote(perform, notes, process, sara, mod, now):
    own = notes.write(perform, process, mod, "My own text", now=now).ref
    other = notes.write(perform, process, sara, "Another text", now=now).ref
    facts = {"reason": Reason.SPAM, "words": WORDS, "addresses": ADDRESSES}
    made = perform(
        lambda s: operations.judge_many(s, notes.kinds, [own, other], Act.HIDDEN, **facts, actor=mod, now=now)
    )
    assert len(made) == 1
    assert (notes.kept[own].standing, notes.kept[other].standing) == (Standing.SHOWN, Standing.HIDDEN)


@pytest.mark.parametrize(("role", "status"), [(Role.CLERK, 403), (Role.EVALUATOR, 303), (Role.COORDINATOR, 200)])
def test_who_comes_to_the_queue(app, perform, notes, process, now, desk, role, status):
    hers, _actor = browser(app, perform, "Staff", now, role)
    assert hers.get(desk).status_code == status
    expected = 200 if status == 200 else 403
    assert hers.get(f"{desk}/bursts").status_code == expected
    assert hers.get(f"{desk}/blocks").status_code == expected


def test_the_queue_goes_on_by_key_and_costs_the_same_for_one_and_for_many(
    app, perform, notes, process, now, desk, moderating, count_queries
):
    _account, reporter = person(perform, "Reporter", now=now)

    def add(number):
        _account, actor = person(perform, f"W{number}", now=now)
        note = notes.write(perform, process, actor, f"Thought {number:02}", now=now)
        flag(perform, notes, note.ref, reporter, now=now + timedelta(seconds=number))

    add(0)
    one = count_queries(lambda: moderating.get(desk))
    for number in range(1, queries.PAGE + 2):
        add(number)
    assert count_queries(lambda: moderating.get(desk)) == one
    first = moderating.get(desk).text
    assert first.index("Thought 00") < first.index("Thought 24")
    assert "Thought 25" not in first
    link = first.partition("?after=")[2].partition('"')[0]
    second = moderating.get(f"{desk}?after={link}").text
    assert "Thought 25" in second
    assert "Thought 26" in second
    assert "Thought 24" not in second


def test_a_coordinator_sets_the_rules_and_everybody_reads_them(app, perform, read, process, now, desk, client, drift):
    hers, _actor = browser(app, perform, "Boss", now, Role.COORDINATOR)
    page = hers.get(f"{desk}/rules").text
    assert "They appear at once" in page
    rules = {
        "mode": "before",
        "first_posts": "1",
        "per_place": "3",
        "per_hour": "5",
        "per_day": "9",
        "most_links": "0",
        "notice_hours": "12",
        "policy-en": "Be *kind* to your neighbours.",
    }
    assert hers.post(f"{desk}/rules", data=rules | {"per_day": "2"}).status_code == 422
    assert hers.post(f"{desk}/rules", data=rules).status_code == 303
    kept = read(lambda s: queries.rules_of(s, process))
    assert (kept.mode, kept.per_day, kept.policy) == (Mode.BEFORE, 9, {"en": "Be *kind* to your neighbours."})
    public = client.get(f"/p/{process.public_id}/moderation").text
    assert "<em>kind</em>" in public
    assert "when a moderator has read them" in public
    assert drift() == []


def test_a_moderator_reads_the_rules_and_cannot_set_them(process, desk, moderating, read):
    assert "A coordinator sets these rules" in moderating.get(f"{desk}/rules").text
    rules = {"mode": "before", "first_posts": "1", "per_place": "3", "per_hour": "5", "per_day": "9"}
    assert moderating.post(f"{desk}/rules", data=rules | {"most_links": "0", "notice_hours": "12"}).status_code == 403
    assert read(lambda s: queries.rules_of(s, process)).mode is Mode.AFTER


def test_the_public_figures_count_acts_and_name_nobody(app, perform, notes, process, sara, mod, other_mod, now, client):
    later = now + timedelta(hours=3)
    texts = ["Secret text one", "Secret text two", "Secret text three"]
    refs = [notes.write(perform, process, sara, text, now=now).ref for text in texts]
    flag(perform, notes, refs[0], other_mod, now=now)
    judge(perform, notes, operations.keep_contribution, refs[0], mod, now=later)
    flag(perform, notes, refs[1], other_mod, now=now)
    hide(perform, notes, refs[1], mod, now=later, reason=Reason.INSULT)
    hide(perform, notes, refs[2], mod, now=later)
    page = client.get(f"/p/{process.public_id}/moderation").text
    assert "3 hours" in page
    assert "Insult or threat" in page
    assert "March 2026" in page
    assert not any(word in page for word in ["Secret", "Sara", "Mod ", WORDS])


def test_moderators_are_written_to_once_about_what_waits_too_long(
    app, perform, notes, process, sara, mod, other_mod, now, clock
):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    flag(perform, notes, note.ref, other_mod, now=now)

    def mails():
        with app.app_context():
            jobs.tell_moderators()
        return [mail for mail in send_mails(app) if "waits for a moderator" in mail.subject]

    assert mails() == []
    clock.advance(hours=25)
    assert len(mails()) == 2
    assert len(mails()) == 2
    assert "A plain text" not in mails()[0].body
    clock.advance(hours=48)
    assert len(mails()) == 2


def test_unusual_rates_are_shown_and_change_nothing(app, perform, read, notes, process, now, desk, moderating):
    for number in range(6):
        _account, actor = person(perform, f"Crowd{number}", now=now)
        notes.write(perform, process, actor, f"An own thought number {number}", now=now, network="one network")
    page = moderating.get(f"{desk}/bursts").text
    assert "Many people of one network" in page
    assert "Many new accounts at once" in page
    assert "An own thought number 3" in page
    assert read(lambda s: queries.count_waiting(s, process).total) == 0
    assert {note.standing for note in notes.kept.values()} == {Standing.SHOWN}


def test_a_block_is_made_from_what_somebody_wrote(app, perform, read, notes, process, now, desk, moderating):
    account, actor = person(perform, "Loud", now=now)
    note = notes.write(perform, process, actor, "Shame on you", now=now)
    assert "Block this person" in moderating.get(f"{desk}/read/{note.ref}").text
    address = f"{desk}/block/{account.public_id}"
    assert moderating.post(address, data={"days": "0", "reason": "insult", "words": WORDS}).status_code == 422
    assert moderating.post(address, data={"days": "3", "reason": "insult", "words": WORDS}).status_code == 303
    assert moderating.post(address, data={"days": "3", "reason": "insult", "words": WORDS}).status_code == 422
    assert "Loud" in moderating.get(f"{desk}/blocks").text
    [(block, _account)] = read(lambda s: queries.list_blocks(s, process))
    end = f"{desk}/blocks/{block.public_id}/end"
    assert moderating.get(end).status_code == 200
    assert moderating.post(end, data={"words": WORDS}).status_code == 303
    assert "ended early" in moderating.get(f"{desk}/blocks").text


def test_a_contribution_of_another_process_is_not_judged_here(app, perform, notes, process, sara, now, moderating):
    note = notes.write(perform, process, sara, "A plain text", now=now)
    assert moderating.get(f"/staff/processes/nobody23/moderation/read/{note.ref}").status_code == 404


def test_machines_are_told_apart_from_people_in_plain_words(app, perform, notes, process, sara, now):
    app.config["UCC_HUMAN_CHECK"] = True
    note = notes.write(perform, process, sara, "A plain text", now=now)
    hers, _actor = browser(app, perform, "Ali", now)
    page = hers.post(f"/report/{note.ref}", data={"reason": "spam", "homepage": "http://x.example"})
    assert page.status_code == 422
    assert "trap for machines" in page.text
