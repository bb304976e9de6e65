"""Discussions on pages: who sees what, what is refused and kept, how many queries a page takes."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tests.deliberation.making import REASON
from tests.proposals.making import official, reload
from tests.stakeholders.making import staff_browser
from ucc_participate.deliberation import operations, queries
from ucc_participate.deliberation.models import CommentDraft, Stance, Voice
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.models import PhaseKind


def typed(**changes):
    return {"stance": "for", "text": REASON, "author": "named", "language": "en", **changes}


def proposal_page(hall):
    return f"/p/{hall.process.public_id}/proposals/{hall.proposal.public_id}"


def comment_page(hall, made):
    return f"/p/{hall.process.public_id}/comments/{made.public_id}"


def test_the_proposal_shows_both_sides_apart_with_who_speaks(hall, client, perform):
    hall.say("Sara")
    hall.say("Reza", "It is too loud at night for the families next door.", Stance.AGAINST, shows_name=False)
    leila = official(perform, now=hall.clock.now())
    hall.say(leila, "The guild has agreed to close at nine.", Stance.REMARK, voice=Voice.CITY)
    page = client.get(proposal_page(hall)).text
    sides = dict(re.findall(r'<section class="side side-(\w+)".*?>(.*?)</section>', page, re.DOTALL))
    assert REASON in sides["for"]
    assert "Sara" in sides["for"]
    assert "too loud" in sides["against"]
    assert "a resident" in sides["against"]
    assert "Reza" not in page
    assert "For the city" in sides["remark"]


def test_what_was_sent_stands_on_the_page_and_a_second_press_says_nothing_twice(hall):
    browser = hall.browser("Sara")
    form = browser.get(f"{hall.url}/write?stance=against")
    assert re.search(r'value="against"[^>]*checked|checked[^>]*value="against"', form.text)
    [key] = re.findall(r'name="idempotency_key"[^>]*value="([^"]+)"', form.text)
    for _press in range(2):
        sent = browser.post(f"{hall.url}/write", data=typed(idempotency_key=key))
        assert sent.status_code == 303
    assert REASON in browser.get(sent.location).text
    assert hall.thread().comment_count == 1


def test_a_side_without_a_reason_is_asked_for_it_and_the_rest_stays(hall):
    answer = hall.browser("Sara").post(f"{hall.url}/write", data=typed(text="Yes.", stance="against"))
    assert answer.status_code == 422
    assert "Yes." in answer.text
    assert hall.thread() is None


def test_a_comment_that_comes_as_the_phase_closes_keeps_its_text_on_the_page_and_as_a_draft(hall, read):
    browser = hall.browser("Sara")
    form = browser.get(f"{hall.url}/write")
    hall.clock.at = hall.process.phase_of(PhaseKind.DISCUSS).ends_at
    browser = hall.browser("Sara")
    answer = browser.post(f"{hall.url}/write", data=typed())
    assert form.status_code == 200
    assert answer.status_code == 409
    assert "Comments closed on" in answer.text
    assert REASON in answer.text
    draft = read(lambda s: s.get(CommentDraft, (hall.person("Sara").account_id, hall.proposal.ref)))
    assert (draft.text, draft.stance) == (REASON, Stance.FOR)
    assert REASON in browser.get("/my/comments").text
    assert hall.thread() is None


@pytest.mark.parametrize("language", ["fa", "en", "fr"])
def test_two_megabytes_are_refused_in_the_readers_language_with_the_text_kept(hall, language):
    browser = hall.browser("Sara")
    browser.set_cookie("ucc_lang", language)
    text = "سخن بسیار " * 200_000
    answer = browser.post(f"{hall.url}/write", data=typed(text=text))
    assert answer.status_code == 422
    assert text[:3_000] in answer.text
    words = {"fa": "کوتاه", "en": "Shorten this", "fr": "caractères"}
    assert words[language] in answer.text


def test_visitors_read_everything_and_are_led_to_sign_in(hall, client):
    hall.say("Sara")
    page = client.get(hall.url)
    assert REASON in page.text
    assert 'name="mark"' not in page.text
    answer = client.get(f"{hall.url}/write?stance=for")
    assert (answer.status_code, "sign-in" in answer.location) == (303, True)


def test_evaluators_read_and_cannot_speak(hall, app, perform):
    browser = staff_browser(app, perform, Role.EVALUATOR, now=hall.clock.now())
    hall.say("Sara")
    assert REASON in browser.get(hall.url).text
    assert browser.post(f"{hall.url}/write", data=typed()).status_code == 403


def test_marks_are_given_and_taken_back_by_one_form(hall):
    made = hall.say("Sara")
    browser = hall.browser("Reza")
    for name, found in (("mark", "You found this helpful"), ("unmark", ">Helpful")):
        answer = browser.post(f"{hall.url}/helpful", data={name: made.public_id, "back": "subject"})
        assert answer.location.endswith(f"#c-{made.public_id}")
        assert found in re.sub(r"<svg.*?</svg> ?", "", browser.get(proposal_page(hall)).text)


def test_a_reply_shows_its_quote_and_the_earlier_words_show_what_was_changed(hall, client):
    made = hall.say("Sara", "The looms stand still after five.", Stance.REMARK)
    browser = hall.browser("Reza")
    sent = browser.post(
        f"{comment_page(hall, made)}/reply",
        data={"quote": "after five", "quoted_edition": "1", "text": "After six.", "author": "named", "language": "en"},
    )
    assert sent.status_code == 303
    wrong = browser.post(
        f"{comment_page(hall, made)}/reply",
        data={"quote": "after ten", "quoted_edition": "1", "text": "At ten?", "author": "named", "language": "en"},
    )
    assert (wrong.status_code, "do not stand in the comment" in wrong.text) == (422, True)
    hall.edit(made, "The looms stand still after six.")
    page = client.get(f"{comment_page(hall, made)}/versions").text
    assert re.search(r"<del>.*five", page)
    assert re.search(r"<ins>.*six", page)
    assert "Changed after somebody had replied" in page
    assert "<blockquote" in client.get(comment_page(hall, made)).text


def test_a_translation_comes_first_for_who_reads_its_language_and_says_that_a_person_made_it(hall, app):
    made = hall.say("Sara")
    facts = {"language": "fr", "shows_name": True}
    hall.change(made, operations.translate_comment, "Les métiers dorment.", who="Reza", **facts)
    french, english = app.test_client(), app.test_client()
    french.set_cookie("ucc_lang", "fr")
    assert french.get(hall.url).text.index("Les métiers dorment.") < french.get(hall.url).text.index(REASON)
    assert english.get(hall.url).text.index(REASON) < english.get(hall.url).text.index("Les métiers dorment.")
    assert "Translated by <bdi>Reza</bdi>, a person" in english.get(hall.url).text


def many(hall, number):
    """So many comments by ten people, one after the other, on every side."""
    sides = list(Stance)
    for each in range(number):
        hall.say(f"P{each % 10}x", f"Reason number {each}, which nobody has given before {each * 7}.", sides[each % 4])
        hall.clock.advance(minutes=61)


@pytest.mark.settings(UCC_DEFAULT_LOCALE="en")
def test_pages_take_the_same_few_queries_however_long_the_discussion_is(hall, client, app, count_queries):
    hall.say("Sara")
    few_plain = count_queries(lambda: client.get(proposal_page(hall)))
    again = count_queries(lambda: client.get(proposal_page(hall)))
    many(hall, 70)
    app.extensions["ucc.discussion_fragments"]._kept.clear()
    assert count_queries(lambda: client.get(proposal_page(hall))) <= few_plain
    assert count_queries(lambda: client.get(proposal_page(hall))) <= again < few_plain
    assert few_plain <= 18


def test_fifty_stand_on_the_first_page_and_the_rest_follows_by_key(hall, client):
    many(hall, 70)
    page = client.get(hall.url).text
    assert page.count('<article class="comment') == queries.FIRST_PAGE
    seen = set(re.findall(r'id="c-(\w+)"', page))
    links = re.findall(r'href="([^"]*/side/[^"]*after=[^"]*)"', page)
    assert links
    for link in links:
        while link:
            more = client.get(link.replace("&amp;", "&")).text
            found = set(re.findall(r'id="c-(\w+)"', more))
            assert found
            assert not found & seen
            seen |= found
            following = re.search(r'rel="next" href="([^"]+)"', more)
            link = following.group(1) if following else None
    assert len(seen) == 70


def test_everybody_can_have_the_discussion_as_data(hall, client):
    made = hall.say("Sara", "=1+1 is what they say, and it is a reason", shows_name=False)
    hall.reply(made)
    gone = hall.say("Nima", "This was said in haste and taken back.")
    hall.change(gone, operations.withdraw_comment, who="Nima")
    table = client.get(f"{hall.url}/comments.csv")
    rows = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert [row["status"] for row in rows] == ["posted", "posted", "withdrawn"]
    assert rows[0]["text"].startswith("'=1+1")
    assert rows[0]["author"] == ""
    assert rows[1]["in_reply_to"] == made.ref
    assert rows[2]["text"] == ""
    whole = json.loads(client.get(f"{hall.url}/comments.json").text)
    assert whole["about"] == hall.proposal.ref
    assert whole["comments"][0]["replies"] == 1


def test_an_address_of_something_else_leads_nowhere(hall, client, perform):
    made = hall.say("Sara")
    for path in (
        f"/p/{hall.process.public_id}/discussion/process/{hall.process.public_id}",
        f"/p/{hall.process.public_id}/discussion/proposal/nobody23",
        f"{hall.url}/side/above",
        f"/p/nobody23/comments/{made.public_id}",
        f"{hall.url}/side/for?after=nobody23",
    ):
        assert client.get(path).status_code == 404, path


def test_withdrawing_asks_first_and_leaves_a_stub(hall, client, read):
    made = hall.say("Sara")
    browser = hall.browser("Sara")
    assert REASON in browser.get(f"{comment_page(hall, made)}/withdraw").text
    assert browser.post(f"{comment_page(hall, made)}/withdraw").status_code == 303
    page = client.get(comment_page(hall, made)).text
    assert "Withdrawn by its author." in page
    assert REASON not in page
    assert browser.post(f"{comment_page(hall, made)}/withdraw?words=erase").status_code == 303
    assert "The words are erased." in browser.get("/my/comments").text
    assert reload(read, hall.proposal).title


def test_own_words_are_changed_within_their_time_and_kept_when_it_is_over(hall):
    made = hall.say("Sara")
    browser = hall.browser("Sara")
    for page in (comment_page(hall, made), hall.url, proposal_page(hall), f"{hall.url}/side/for"):
        assert "Change my words" in browser.get(page).text, page
    assert browser.post(f"{comment_page(hall, made)}/edit", data={"text": REASON + " Really."}).status_code == 303
    hall.clock.advance(minutes=16)
    late = browser.post(f"{comment_page(hall, made)}/edit", data={"text": REASON + " Quite late."})
    assert (late.status_code, "Quite late." in late.text) == (409, True)


def test_a_persons_own_data_holds_what_was_said(hall):
    hall.say("Sara")
    own = json.loads(hall.browser("Sara").get("/account/data.json").text)
    assert [each["text"] for each in own["comments"]] == [REASON]
