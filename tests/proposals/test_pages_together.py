"""Pages on which several people write one text: what a browser gets, the script's answers, attacks."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.proposals.making import REASON, official, proposing_process, reload, submit
from tests.proposals.test_views import FORM
from tests.stakeholders.making import acting, make_delegate, make_organisation, staff_browser
from ucc_participate.kernel.identity import Role
from ucc_participate.proposals.models import CoAuthor, Proposal, ProposalState

OTHER = "Open the weaving workshops on four evenings a week."
WHY = "Four evenings were asked for in the meeting of weavers."


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def home(process):
    return f"/p/{process.public_id}/proposals"


@pytest.fixture
def people(app, perform, now, clock, process):
    """``people(name)``: an account and its browser."""

    def made(name):
        account = make_account(perform, f"{name.lower()}@city.example", now=now, display_name=name)
        return account, sign_in(app, account, now=clock.now())

    return made


@pytest.fixture
def sara(people):
    return people("Sara")


@pytest.fixture
def reza(people):
    return people("Reza")


@pytest.fixture
def sent(perform, process, sara, clock):
    return submit(perform, process, acting(sara[0]), now=clock.now())


def text_of(answer):
    return answer.get_data(as_text=True)


def typed(**changes):
    return {name: value for name, value in (FORM | changes).items() if value is not None}


def begin(browser, home, **changes):
    """A draft kept by the button; the address at which it is written on."""
    return browser.post(f"{home}/new", data=typed(save="1", **changes)).location


def only(read):
    [found] = read(lambda session: list(session.scalars(select(Proposal))))
    return found


# --- two windows on one draft


def test_an_old_window_sees_both_texts_and_loses_neither(sara, home, read):
    _account, hers = sara
    page = begin(hers, home)
    assert 'name="based_on" type="hidden" value="1"' in text_of(hers.get(page))
    hers.post(page, data=typed(save="1", based_on="1", summary="Theirs: three evenings."))
    answer = hers.post(page, data=typed(save="1", based_on="1", summary="Mine: four evenings.", areas=["AREA-6"]))
    both = text_of(answer)
    assert answer.status_code == 409
    assert "Mine: four evenings." in both
    assert "Theirs: three evenings." in both
    assert only(read).summary == "Theirs: three evenings."
    carried = dict(re.findall(r'<textarea name="(\w+)" hidden>\n([^<]*)</textarea>', both))
    [newest] = re.findall(r'name="based_on" value="(\d+)"', both)
    assert (carried["summary"], carried["areas"], newest) == ("Mine: four evenings.", "AREA-6", "2")
    again = hers.post(page, data=typed(go_on="1", based_on=newest, summary=carried["summary"]))
    assert again.status_code == 200
    assert "Mine: four evenings." in text_of(again)
    assert only(read).summary == "Theirs: three evenings."
    assert hers.post(page, data=typed(save="1", based_on=newest, summary=carried["summary"])).status_code == 303
    assert only(read).summary == "Mine: four evenings."


def test_the_form_that_began_a_draft_does_not_overwrite_what_came_after(sara, home, read):
    _account, hers = sara
    page = begin(hers, home)
    hers.post(page, data=typed(save="1", based_on="1", summary="Newer."))
    answer = hers.post(f"{home}/new", data=typed(save="1", based_on="1", summary="From the page before."))
    assert answer.status_code == 409
    assert f'action="{page}"' in text_of(answer)
    assert only(read).summary == "Newer."


# --- keeping by script


def test_the_script_keeps_a_new_text_and_goes_on_with_the_same_draft(sara, home, read):
    _account, hers = sara
    first = hers.post(f"{home}/new/keep", data=typed(title="Half", summary="", author=None, based_on="1"))
    told = first.get_json()
    assert (first.status_code, told["stamp"]) == (200, 1)
    assert only(read).status is ProposalState.DRAFT
    second = hers.post(told["keep"], data=typed(title="Half a title", based_on="1"))
    assert second.get_json() == told | {"stamp": 2}
    assert only(read).title == "Half a title"


def test_the_script_is_told_that_somebody_was_faster(sara, home, read):
    _account, hers = sara
    page = begin(hers, home)
    hers.post(page, data=typed(save="1", based_on="1", summary="Newer."))
    answer = hers.post(page.replace("/edit", "/keep"), data=typed(based_on="1", summary="Older."))
    assert (answer.status_code, answer.get_json()["newest"]) == (409, 2)
    assert "Your text is still here" in answer.get_json()["said"]
    assert only(read).summary == "Newer."


def test_a_stranger_keeps_nothing_in_a_draft(app, sara, reza, home, read):
    page = begin(sara[1], home).replace("/edit", "/keep")
    assert reza[1].post(page, data=typed(summary="Mine now.")).status_code == 404
    assert app.test_client().post(page, data=typed(summary="Mine now.")).status_code == 303
    assert only(read).summary == FORM["summary"]


def test_two_megabytes_are_refused_in_words_and_given_back(sara, home, read):
    _account, hers = sara
    page = begin(hers, home)
    long = "بافنده " * 160_000
    answer = hers.post(page, data=typed(save="1", based_on="1", body=long))
    assert answer.status_code == 422
    assert long.strip() in text_of(answer)
    assert "field-wrong" in text_of(answer)
    kept = hers.post(page.replace("/edit", "/keep"), data=typed(based_on="1", body=long))
    assert kept.status_code == 422
    assert "8,000 characters" in kept.get_json()["said"]
    assert only(read).body == FORM["body"]


# --- versions


def test_an_author_publishes_a_new_text_and_everybody_sees_the_difference(app, sara, home, sent, read):
    _account, hers = sara
    form = text_of(hers.get(f"{home}/{sent.public_id}/text"))
    assert sent.summary in form
    answer = hers.post(f"{home}/{sent.public_id}/text", data=typed(send="1", based_on="1", summary=OTHER, author=None))
    assert answer.status_code == 303
    assert reload(read, sent).text_version == 2
    page = text_of(app.test_client().get(f"{home}/{sent.public_id}/versions?old=1&new=2"))
    assert re.search(r"<ins>.*four", page)
    assert re.search(r"<del>.*three", page)
    assert "[removed:" in page
    assert f"{sent.public_id}/versions" in text_of(app.test_client().get(f"{home}/{sent.public_id}"))


def test_an_author_who_was_overtaken_sees_both_texts(sara, home, sent, read):
    _account, hers = sara
    page = f"{home}/{sent.public_id}/text"
    hers.post(page, data=typed(send="1", based_on="1", summary=OTHER))
    answer = hers.post(page, data=typed(send="1", based_on="1", summary="Another one."))
    assert answer.status_code == 409
    assert "Another one." in text_of(answer)
    assert OTHER in text_of(answer)
    assert reload(read, sent).summary == OTHER


@pytest.mark.parametrize("asked", ["", "?old=7&new=9", "?old=x", "?old=-1&new=99999999999999999999"])
def test_the_page_of_versions_answers_whatever_is_asked(app, home, sent, asked):
    assert app.test_client().get(f"{home}/{sent.public_id}/versions{asked}").status_code == 200


def test_strangers_have_no_form_to_change_a_text(reza, home, sent):
    assert reza[1].get(f"{home}/{sent.public_id}/text").status_code == 403
    assert "/text" not in text_of(reza[1].get(f"{home}/{sent.public_id}"))


# --- co-authors


def test_somebody_is_asked_says_yes_and_writes_along(sara, reza, home, read):
    page = begin(sara[1], home)
    company = page.replace("/edit", "/co-authors")
    assert sara[1].post(company, data={"email": "reza@city.example"}).status_code == 303
    [asked] = read(lambda session: list(session.scalars(select(CoAuthor))))
    link = f"/proposals/writing-along/{asked.code}"
    assert link in text_of(reza[1].get("/my/proposals"))
    assert FORM["title"] in text_of(reza[1].get(link))
    assert reza[1].get(page).status_code == 404
    assert reza[1].post(link, data={"accept": "1", "shows_name": "y"}).location == page
    theirs = text_of(reza[1].get(page))
    assert 'name="send"' not in theirs
    assert reza[1].post(page, data=typed(save="1", based_on="1", summary=OTHER)).status_code == 303
    assert (only(read).summary, only(read).author_name) == (OTHER, "Sara")
    assert reza[1].post(page.replace("/edit", "/discard")).status_code == 403
    sara[1].post(page, data=typed(send="1", summary=OTHER))
    assert "Reza" in text_of(reza[1].get(page.removesuffix("/edit")))


def test_an_invitation_is_for_whom_it_was_sent_to(sara, reza, people, home, read):
    page = begin(sara[1], home)
    sara[1].post(page.replace("/edit", "/co-authors"), data={"email": "reza@city.example"})
    [asked] = read(lambda session: list(session.scalars(select(CoAuthor))))
    link = f"/proposals/writing-along/{asked.code}"
    _nima, stranger = people("Nima")
    assert stranger.get(link).status_code == 403
    assert stranger.post(link, data={"accept": "1"}).status_code == 403
    assert stranger.get("/proposals/writing-along/zzzzzzzzzzzzzz").status_code == 404


@pytest.mark.parametrize("asked", [{}, {"email": "a@b.example", "organisation": "Guild"}, {"organisation": "Nobody"}])
def test_an_invitation_that_names_nobody_is_refused_in_words(sara, home, asked):
    answer = sara[1].post(begin(sara[1], home).replace("/edit", "/co-authors"), data=asked)
    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)


# --- endorsements


def test_a_resident_endorses_and_takes_it_back_by_buttons(app, reza, home, sent, read):
    page = f"{home}/{sent.public_id}"
    assert "I endorse it" in text_of(reza[1].get(page))
    for _press in range(2):
        assert reza[1].post(f"{page}/endorse", data={"text_version": "1"}).status_code == 303
    assert reload(read, sent).resident_endorsements == 1
    assert "You endorse this proposal." in text_of(reza[1].get(page))
    assert "1 resident" in text_of(app.test_client().get(page))
    reza[1].post(f"{page}/endorse/withdraw")
    assert reload(read, sent).resident_endorsements == 0


def test_the_list_shows_how_many_endorse_it(app, reza, home, sent):
    assert "endorsement" not in text_of(app.test_client().get(home))
    reza[1].post(f"{home}/{sent.public_id}/endorse")
    assert "1 endorsement" in text_of(app.test_client().get(home))


def test_a_delegate_endorses_for_the_organisation_by_name(perform, now, app, reza, home, sent):
    guild = make_organisation(perform, "Weavers’ Guild", now=now)
    make_delegate(perform, guild, reza[0], now=now)
    page = f"{home}/{sent.public_id}"
    assert "Endorse it for Weavers’ Guild" in text_of(reza[1].get(page))
    assert reza[1].post(f"{page}/endorse", data={"organisation": guild.public_id}).status_code == 303
    assert "Weavers’ Guild" in text_of(app.test_client().get(page))


def test_nobody_endorses_for_an_organisation_of_others(perform, now, reza, home, sent, read):
    guild = make_organisation(perform, "Weavers’ Guild", now=now)
    for whose in (guild.public_id, "nobody23"):
        assert reza[1].post(f"{home}/{sent.public_id}/endorse", data={"organisation": whose}).status_code == 403
    assert reload(read, sent).organisation_endorsements == 0


def test_a_coordinator_lays_down_how_many_are_needed(app, perform, now, process, sent, home):
    desk = staff_browser(app, perform, Role.COORDINATOR, now=now)
    page = f"/staff/processes/{process.public_id}/endorsements"
    assert desk.get(page).status_code == 200
    refused = desk.post(page, data={"needed": "5"})
    assert refused.status_code == 422
    assert "may only become less" in text_of(refused)
    clerk = staff_browser(app, perform, Role.CLERK, now=now)
    assert clerk.get(page).status_code == 403


# --- amendments


def propose(browser, home, sent, **changes):
    page = f"{home}/{sent.public_id}/amendments/new/summary"
    return browser.post(page, data={"text": OTHER, "reason": WHY, "based_on": "1", "shows_name": "y"} | changes)


def test_a_change_is_proposed_read_by_all_and_taken_over(app, sara, reza, home, sent, read):
    done = propose(reza[1], home, sent)
    assert done.location == f"{home}/{sent.public_id}/amendments/1"
    page = text_of(app.test_client().get(done.location))
    assert re.search(r"<ins>.*four", page)
    assert "Take it over" not in text_of(reza[1].get(done.location))
    assert "Take it over" in text_of(sara[1].get(done.location))
    assert reza[1].post(f"{done.location}/accept").status_code == 403
    assert sara[1].post(f"{done.location}/accept").status_code == 303
    assert reload(read, sent).summary == OTHER
    assert "Proposed by Reza" in text_of(app.test_client().get(f"{home}/{sent.public_id}/versions"))


def test_declining_asks_for_a_reason(sara, reza, home, sent):
    where = propose(reza[1], home, sent).location
    assert sara[1].post(f"{where}/decline", data={"answer": "No."}).status_code == 422
    assert sara[1].post(f"{where}/decline", data={"answer": REASON}).status_code == 303
    assert REASON in text_of(reza[1].get(where))


def test_a_change_to_an_older_text_keeps_what_was_typed(sara, reza, home, sent):
    sara[1].post(f"{home}/{sent.public_id}/text", data=typed(send="1", based_on="1", summary="Three evenings, or two."))
    answer = propose(reza[1], home, sent)
    assert answer.status_code == 422
    assert OTHER in text_of(answer)
    assert "Three evenings, or two." in text_of(answer)
    assert 'value="2"' in text_of(answer)


def test_an_outdated_change_says_so_and_can_be_renewed(sara, reza, home, sent, read):
    where = propose(reza[1], home, sent).location
    sara[1].post(f"{home}/{sent.public_id}/text", data=typed(send="1", based_on="1", summary="Three evenings, or two."))
    assert "The text has changed since this was proposed" in text_of(sara[1].get(where))
    assert sara[1].post(f"{where}/accept").status_code == 409
    assert reza[1].get(f"{where}/renew").status_code == 200
    assert reza[1].post(f"{where}/renew", data={"text": OTHER, "reason": WHY, "based_on": "2"}).status_code == 303
    assert sara[1].post(f"{where}/accept").status_code == 303
    assert reload(read, sent).summary == OTHER


@pytest.mark.parametrize("part", ["title", "body%2F", "number"])
def test_only_the_texts_can_be_amended(reza, home, sent, part):
    assert reza[1].get(f"{home}/{sent.public_id}/amendments/new/{part}").status_code == 404


def test_what_people_write_is_no_markup(app, sara, reza, home, sent):
    bad = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    where = propose(reza[1], home, sent, text=bad, reason=f"{WHY} {bad}").location
    page = text_of(app.test_client().get(where))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_answered_proposal_offers_no_buttons(perform, now, clock, app, reza, home, sent):
    from tests.proposals.making import answer

    answer(perform, sent, official(perform, now=now), now=clock.now())
    page = text_of(reza[1].get(f"{home}/{sent.public_id}"))
    assert "I endorse it" not in page
    assert reza[1].post(f"{home}/{sent.public_id}/endorse").status_code == 409


def test_the_page_of_a_proposal_costs_no_more_queries_for_many_supporters(
    app, perform, now, clock, home, sent, people, count_queries
):
    def cost():
        return count_queries(lambda: app.test_client().get(f"{home}/{sent.public_id}"))

    before = cost()
    for number in range(3):
        people(f"P{number}")[1].post(f"{home}/{sent.public_id}/endorse")
    assert cost() <= before
