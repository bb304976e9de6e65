"""What moderation withholds stands nowhere: every exit of proposals is walked with one held and one hidden."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.inventory.test_inventory import NEED, add
from tests.kernel.test_geography import CITY as CITY_MAP
from tests.moderation.making import ADDRESSES, WORDS, set_rules
from tests.proposals.making import PAGE, answer, change, content, official, proposing_process, reload, submit
from tests.proposals.test_particulars import do, question
from tests.proposals.test_regrouping import WITHOUT, asking, carrying_out
from tests.proposals.test_writing_together import amend, endorse, invite, mails
from tests.stakeholders.making import CITY, acting
from ucc_participate.audit.models import LogOpening
from ucc_participate.audit.queries import opening_object
from ucc_participate.inventory.forms import ItemForm
from ucc_participate.kernel.errors import Conflict, NotFound
from ucc_participate.kernel.identity import Role
from ucc_participate.moderation import operations as moderation
from ucc_participate.moderation.forms import ScreenedForm
from ucc_participate.moderation.models import Mode, Reason, Standing
from ucc_participate.proposals import amendments, moderating, operations, queries
from ucc_participate.proposals.forms import AmendmentForm, DissentForm, NewTextForm, ProposalForm
from ucc_participate.proposals.models import MICRO, AmendedField, AmendmentState, Part, Particulars

KINDS = {"proposal": moderating.MODERATED, "amendment": amendments.MODERATED}
LINKS = "See https://a.example https://b.example https://c.example for more."
TITLE = "Zarafshan lamps for the market"
SECRET = {"title": TITLE, "summary": "Zarafshan in short.", "body": "Zarafshan at length.", "place": "Zarafshan gate"}
TOGETHER = Part("Zarafshan lamps for all markets", "Zarafshan together.", "Zarafshan for all.")


@pytest.fixture
def process(perform, now, clock):
    made, clock.at = proposing_process(perform, now)
    return made


@pytest.fixture
def accounts(perform, now):
    made = {
        name: make_account(perform, f"{name.lower()}@city.example", now=now, display_name=name)
        for name in ("Sara", "Reza", "Mina", "Mod")
    }
    return made | {
        "Eva": make_account(perform, "eva@city.example", now=now, display_name="Eva", roles=(Role.EVALUATOR,))
    }


@pytest.fixture
def people(accounts):
    return {name: acting(account) for name, account in accounts.items()}


@pytest.fixture
def mod(people):
    return replace(people["Mod"], roles=people["Mod"].roles | {Role.MODERATOR})


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def asked(perform, process, leila, clock):
    return do(perform, process, operations.add_field, question(), actor=leila, now=clock.now()).code


def hide(perform, ref, mod, now):
    facts = {"reason": Reason.PERSONAL_DATA, "words": WORDS, "addresses": ADDRESSES, "actor": mod, "now": now}
    perform(lambda s: moderation.hide_contribution(s, KINDS, ref, **facts))


def judge(perform, operation, ref, mod, now):
    perform(lambda s: operation(s, KINDS, ref, addresses=ADDRESSES, actor=mod, now=now))


def rewrite(perform, proposal, said, actor, now, **facts):
    return change(perform, proposal, operations.change_text, said, actor=actor, now=now, address=PAGE, **facts)


def log_text(read):
    found = read(lambda s: [opening_object(row) for row in s.scalars(select(LogOpening))])
    return json.dumps(found, ensure_ascii=False)


def pages_of(process, *proposals):
    """Every page of proposals that anybody can open, staff or not."""
    base, desk = f"/p/{process.public_id}", f"/staff/processes/{process.public_id}"
    numbers = "&".join(f"n={each.number}" for each in proposals)
    found = ["/", base, f"{base}/proposals", f"{base}/proposals?q=gate", f"{base}/proposals?district=west"]
    found += [f"{base}/proposals?state={state}" for state in ("submitted", "answered", "withdrawn", "merged")]
    found += [f"{base}/proposals/map", f"{base}/answers", f"{base}/minority-statements", f"{base}/inventory", "/log"]
    found += [f"{base}/{feed}.en.atom" for feed in ("proposals", "answers", "news")]
    found += [f"{desk}/{page}" for page in ("answers", "answers/several", "appraisals", f"merging?{numbers}")]
    found += ["/my/proposals", "/account/reminders", f"{base}/minority-statements/new"]
    for each in proposals:
        page = f"{base}/proposals/{each.public_id}"
        parts = ("", "/versions", "/amendments", "/amendments/1", "/lineage", "/news.en.atom", "/text", "/files")
        found += [page + part for part in (*parts, "/amendments/new/body", "/co-authors", "/receipt.json")]
        found += [f"/log?subject={each.ref}", f"/report/{each.ref}", f"/report/amendment/{each.public_id}-1"]
        found += [f"{base}/minority-statements/new?on={each.ref}", f"{desk}/appraisals/{each.public_id}"]
    return found


def test_neither_text_nor_title_is_found_at_any_exit(
    app, perform, read, client, drift, clock, process, accounts, people, mod, leila, asked
):
    now = clock.now()
    perform(lambda s: operations.add_district_map(s, CITY_MAP, "Survey", actor=CITY, now=now))
    need = add(perform, process, NEED, actor=leila, now=now)
    beside = Particulars(fields={asked: "Zarafshan too"}, latitude=MICRO, longitude=MICRO, needs=(need.public_id,))
    sara = people["Sara"]
    hidden = submit(perform, process, sara, now=now, **SECRET, particulars=beside)
    endorse(perform, hidden, people["Mina"], now=now)
    amend(perform, hidden, people["Mina"], now=now, text="Zarafshan in a line.")
    invited = invite(perform, hidden, sara, now=now, email="reza@city.example")
    newer = content(**SECRET | {"summary": "Zarafshan in shorter."}, particulars=beside)
    rewrite(perform, hidden, newer, sara, now, change="Zarafshan became shorter.")
    answered = submit(perform, process, sara, now=now, **SECRET)
    answer(perform, answered, leila, now=now)
    sources = [submit(perform, process, sara, now=now, **SECRET), submit(perform, process, people["Reza"], now=now)]
    plan = asking(perform, process, sources, leila, now, parts=(TOGETHER,))
    survivor = carrying_out(perform, process, plan, leila, now, override_reason=WITHOUT)[0]
    browsers = [client, sign_in(app, accounts["Mina"], now=now), sign_in(app, accounts["Eva"], now=now)]
    assert "Zarafshan" in client.get(f"/p/{process.public_id}/proposals").text
    follow = browsers[1].post(f"/on/proposal/{hidden.public_id}/follow")
    assert follow.status_code == 303
    assert "Zarafshan" in browsers[1].get("/account/reminders").text

    every = [hidden, answered, sources[0], survivor]
    for proposal in every:
        hide(perform, proposal.ref, mod, now)
    set_rules(perform, process, now=now, mode=Mode.BEFORE)
    held = submit(perform, process, sara, now=now, **SECRET)
    assert held.standing is Standing.HELD

    exits = pages_of(process, *every, held, sources[1])
    exits += [f"/p/{process.public_id}/regroupings/{plan.public_id}", f"/proposals/writing-along/{invited.code}"]
    exits += [
        f"/p/{process.public_id}/inventory/{need.public_id}",
        f"/p/{process.public_id}/proposals?need={need.public_id}",
    ]
    for browser in (*browsers, sign_in(app, accounts["Reza"], now=now)):
        for page in exits:
            assert "Zarafshan" not in browser.get(page).text, page
    like = browsers[1].post(f"/p/{process.public_id}/proposals/similar", data={"title": TITLE, "summary": "Zarafshan"})
    assert "lamps" not in like.text
    assert "Zarafshan" not in log_text(read)
    news = read(lambda s: [one.title for one in queries.answer_news(s, now)])
    assert TITLE not in news
    assert read(lambda s: queries.counts_by_district(s, process, ["west", "east"])) == {"west": 0, "east": 0}
    assert all(kind.waiting >= 0 for kind in read(lambda s: queries.counts_by_kind(s, process)))
    assert drift() == []
    own = sign_in(app, accounts["Sara"], now=now)
    assert "Zarafshan" in own.get(f"/p/{process.public_id}/proposals/{hidden.public_id}/versions").text


def test_restoring_a_proposal_brings_its_changes_back_into_the_log(
    perform, read, entries, drift, clock, process, people, mod
):
    now = clock.now()
    sent = submit(perform, process, people["Sara"], now=now)
    amend(perform, sent, people["Mina"], now=now, text="Zarafshan in a line.")
    hide(perform, sent.ref, mod, now)
    assert "Zarafshan" not in log_text(read)
    assert [entry.values["type"] for entry in entries(f"{sent.ref}/amendment/1")] == [
        "amendment.proposed",
        "amendment.concealed",
    ]
    assert drift() == []
    judge(perform, moderation.restore_contribution, sent.ref, mod, now)
    last = entries(f"{sent.ref}/amendment/1")[-1]
    assert (last.values["type"], last.payload["new_text"]) == ("amendment.shown", "Zarafshan in a line.")
    assert drift() == []


def test_a_changed_text_is_screened_again_and_waits(perform, read, entries, drift, clock, process, people, mod):
    now = clock.now()
    sent = submit(perform, process, people["Sara"], now=now)
    endorse(perform, sent, people["Mina"], now=now)
    rewrite(perform, sent, content(body=LINKS), people["Sara"], now, change="There are links to more now.")
    held = reload(read, sent)
    assert (held.standing, held.text_version) == (Standing.HELD, 2)
    last = next(one for one in entries(sent.ref)[::-1] if one.values["type"] == "proposal.version_published")
    assert (last.payload["body"], last.payload["change"], last.payload["standing"]) == (None, None, "held")
    assert "moderation.held" in [one.values["type"] for one in entries(sent.ref)]
    assert read(lambda s: queries.counts(s, process, now=now)).total == 0
    assert mails(read, "proposal_new_version") == []
    assert drift() == []
    judge(perform, moderation.publish_contribution, sent.ref, mod, now)
    assert reload(read, sent).standing is Standing.SHOWN
    assert next(e for e in entries(sent.ref)[::-1] if e.values["type"] == "proposal.shown").payload["body"] == LINKS
    [(to, told)] = mails(read, "proposal_new_version")
    assert (to, told["change"]) == ("mina@city.example", "There are links to more now.")
    assert drift() == []


def test_a_hidden_text_is_not_brought_back_by_changing_it(perform, read, clock, process, people, mod):
    now = clock.now()
    sent = submit(perform, process, people["Sara"], now=now)
    hide(perform, sent.ref, mod, now)
    with pytest.raises(Conflict, match="hidden"):
        rewrite(perform, sent, content(summary="Something else."), people["Sara"], now)
    with pytest.raises(Conflict, match="withholds"):
        endorse(perform, sent, people["Mina"], now=now)
    with pytest.raises(Conflict, match="withholds"):
        amend(perform, sent, people["Mina"], now=now)
    assert reload(read, sent).standing is Standing.HIDDEN


def test_what_is_withheld_is_neither_merged_nor_split(perform, clock, process, people, mod, leila):
    now = clock.now()
    two = [submit(perform, process, people[name], now=now) for name in ("Sara", "Reza")]
    hide(perform, two[0].ref, mod, now)
    with pytest.raises(Conflict, match="withholds No"):
        asking(perform, process, two, leila, now)


def test_a_change_with_many_links_waits_for_a_moderator(
    app, perform, read, entries, drift, client, clock, process, accounts, people, mod
):
    now = clock.now()
    sent = submit(perform, process, people["Sara"], now=now)
    made = amend(perform, sent, people["Mina"], now=now, text=LINKS)
    assert made.standing is Standing.HELD
    assert mails(read, "amendment_proposed") == []
    [proposed] = entries(f"{sent.ref}/amendment/1")
    assert (proposed.payload["new_text"], proposed.payload["author"], proposed.payload["standing"]) == (
        None,
        None,
        "held",
    )
    page = f"/p/{process.public_id}/proposals/{sent.public_id}/amendments"
    for browser, status in ((client, 404), (sign_in(app, accounts["Sara"], now=now), 404)):
        assert "b.example" not in browser.get(page).text
        assert browser.get(f"{page}/1").status_code == status
    assert "b.example" in sign_in(app, accounts["Mina"], now=now).get(f"{page}/1").text
    with pytest.raises(Conflict, match="withholds"):
        change(perform, sent, operations.accept_amendment, 1, actor=people["Sara"], now=now, address=PAGE)
    assert drift() == []
    judge(perform, moderation.publish_contribution, f"amendment/{sent.public_id}-1", mod, now)
    assert "b.example" in client.get(f"{page}/1").text
    assert [to for to, _data in mails(read, "amendment_proposed")] == ["sara@city.example"]
    assert entries(f"{sent.ref}/amendment/1")[-1].payload["new_text"] == LINKS
    change(perform, sent, operations.accept_amendment, 1, actor=people["Sara"], now=now, address=PAGE)
    assert reload(read, sent).standing is Standing.SHOWN
    assert drift() == []


def test_a_hidden_change_leaves_list_page_and_log(app, perform, read, drift, client, clock, process, people, mod):
    now = clock.now()
    sent = submit(perform, process, people["Sara"], now=now)
    made = amend(perform, sent, people["Mina"], now=now, text="Zarafshan in a line.")
    page = f"/p/{process.public_id}/proposals/{sent.public_id}/amendments"
    assert f"/report/amendment/{sent.public_id}-1" in client.get(f"{page}/1").text
    hide(perform, f"amendment/{sent.public_id}-{made.number}", mod, now)
    assert "Zarafshan" not in client.get(page).text
    assert client.get(f"{page}/1").status_code == 404
    assert "Zarafshan" not in log_text(read)
    found = read(lambda s: queries.around(s, sent))
    assert (found.waiting_amendments, found.amendments) == (0, 0)
    facts = {"text": "Another line.", "reason": "It is better so.", "actor": people["Mina"], "now": now}
    with pytest.raises(Conflict, match="hidden"):
        change(perform, sent, operations.renew_amendment, 1, **facts)
    [row] = read(lambda s: queries.list_amendments(s, sent, actor=people["Mina"]))
    assert row.state is AmendmentState.PROPOSED
    assert drift() == []


def test_two_changes_of_one_text_are_no_repetition(perform, clock, process, people):
    now = clock.now()
    long = " ".join(f"word{at}" for at in range(60))
    sent = submit(perform, process, people["Sara"], now=now, body=long)
    for name, more in (("Mina", "and a bench"), ("Reza", "and two trees")):
        facts = {"field": AmendedField.BODY, "text": f"{long} {more}", "network": "here"}
        assert amend(perform, sent, people[name], now=now, **facts).standing is Standing.SHOWN


@pytest.mark.parametrize("form", [ProposalForm, NewTextForm, AmendmentForm, DissentForm, ItemForm])
def test_every_form_with_which_people_contribute_is_screened(form):
    assert issubclass(form, ScreenedForm)


def test_a_moderator_s_name_for_no_change_finds_nothing(perform, read, now):
    for ref in ("amendment/none-1", "amendment/-", "amendment/x", "amendment/a-٣"):
        assert read(lambda s, ref=ref: amendments.load(s, ref)) is None
    with pytest.raises(NotFound):
        perform(lambda s: amendments.conceal(s, "amendment/none-1", Standing.HIDDEN, actor=CITY, now=now))
