"""What clerks write down for others: the state, the log, and that everybody counts once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import acting, entries, make_account, newest_link, send_mails
from tests.assisted.making import PROPOSING, TITLE, begin, change, clerk, content, enter, entry, open_process
from ucc_participate.accounts import operations as accounts
from ucc_participate.accounts.models import PAPER_DOMAIN, AboutYou, Account, Profile, Sex
from ucc_participate.accounts.queries import get_account
from ucc_participate.assisted import operations, queries
from ucc_participate.assisted.entry import Entry, Person
from ucc_participate.assisted.models import ItemState
from ucc_participate.audit import drift, log
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import VISITOR
from ucc_participate.processes.models import Participation, WayIn
from ucc_participate.proposals.models import Proposal, ProposalState
from ucc_participate.proposals.queries import Filters, browse


@pytest.fixture
def now(clock):
    """A day on which proposals are taken."""
    return clock.now() + PROPOSING


@pytest.fixture
def process(perform, clock):
    return open_process(perform, clock.now())


@pytest.fixture
def sara(perform, clock):
    """The clerk."""
    _account, actor = clerk(perform, clock.now())
    return actor


@pytest.fixture
def sitting(perform, process, sara, now):
    return begin(perform, process, sara, now=now)


def newest(app, count=1):
    return [(each.values["type"], each.values["role"], each.payload) for each in entries(app)[-count:]]


def proposal_of(read, item) -> Proposal:
    return read(lambda s: s.get(Proposal, item.proposal_id))


def test_a_session_is_on_record_without_the_clerks_name(app, perform, process, sara, now):
    begin(perform, process, sara, now=now, place="Hall of the weavers")
    kind, role, payload = newest(app)[0]
    assert (kind, role, payload["way_in"], payload["place"]) == (
        "intake.opened",
        "clerk",
        "paper",
        "Hall of the weavers",
    )
    assert "clerk" not in str(payload)


@pytest.mark.parametrize(("changes", "field"), [({"days": 1}, "held_on"), ({"way_in": WayIn.INTERNET}, "way_in")])
def test_a_session_that_cannot_be_is_refused(perform, process, sara, now, changes, field):
    held = {"held_on": now.date() + timedelta(days=changes.pop("days"))} if "days" in changes else changes
    with pytest.raises(Invalid) as refusal:
        begin(perform, process, sara, now=now, **held)
    assert refusal.value.field == field


def test_what_a_person_brings_on_paper_is_on_the_list_and_counts(app, perform, read, process, sara, sitting, now):
    about = AboutYou(Sex.FEMALE, 1958, "Bazaar")
    item, code = enter(perform, process, sitting, entry("Bibi Golnar", about, shows_name=True), sara, now=now)
    proposal = proposal_of(read, item)
    assert (proposal.status, proposal.number, proposal.author_name) == (ProposalState.SUBMITTED, 1, "Bibi Golnar")
    assert len(code.replace("-", "")) == 11
    person = read(lambda s: s.get(Account, item.account_id))
    assert person.email.endswith(f"@{PAPER_DOMAIN}")
    [took_part] = read(lambda s: s.scalars(select(Participation)).all())
    assert (took_part.account_id, took_part.way_in) == (person.id, WayIn.PAPER)
    assert read(lambda s: s.get(Profile, person.id)).district == "Bazaar"
    kinds = [kind for kind, _role, _payload in newest(app, 4)]
    assert kinds == ["account.created", "participant.joined", "proposal.submitted", "assisted.entered"]
    assert newest(app, 3)[0][2] == {"way_in": "paper"}
    assert read(lambda s: browse(s, process, Filters(words="plane tree")).count) == 1


def test_who_was_only_there_counts_without_a_proposal(perform, read, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, Entry(Person("", None, AboutYou(Sex.MALE, 2001))), sara, now=now)
    assert item.proposal_id is None
    assert read(lambda s: queries.totals(s, process).by_way) == {"paper": 1}


def test_names_and_codes_stay_out_of_the_log(app, perform, process, sara, sitting, now):
    _item, code = enter(perform, process, sitting, entry("Bibi Golnar"), sara, now=now)
    everything = str([(each.values, each.payload) for each in entries(app)])
    assert "Golnar" not in everything
    assert code not in everything


def test_the_same_press_twice_is_one_item(perform, read, process, sara, sitting, now):
    first, code = enter(perform, process, sitting, entry(), sara, now=now, key="k" * 22)
    again, nothing = enter(perform, process, sitting, entry(), sara, now=now, key="k" * 22)
    assert (first.public_id, bool(code), nothing) == (again.public_id, True, "")
    assert read(lambda s: len(s.scalars(select(Proposal)).all())) == 1


def test_a_person_with_an_account_gets_no_second_one(perform, read, process, sara, sitting, now):
    ali = make_account(perform, "ali@example.org", now=now)
    item, _code = enter(perform, process, sitting, entry(email="ali@example.org"), sara, now=now)
    assert item.account_id == ali.id
    with pytest.raises(Invalid, match="Nobody has an account"):
        enter(perform, process, sitting, entry(email="nobody@example.org"), sara, now=now)


def test_a_clerk_cannot_enter_for_themselves(perform, process, sara, sitting, now):
    with pytest.raises(Forbidden, match="for themselves"):
        enter(perform, process, sitting, entry(email="clerk@example.org"), sara, now=now)


def test_another_clerk_and_a_session_that_is_over_enter_nothing(perform, process, sara, sitting, now):
    _account, other = clerk(perform, now, "other@example.org")
    with pytest.raises(Forbidden, match="another clerk"):
        enter(perform, process, sitting, entry(), other, now=now)
    with pytest.raises(Conflict, match="over"):
        enter(perform, process, sitting, entry(), sara, now=now + timedelta(hours=9))


def test_paper_comes_ten_days_late_and_no_later(perform, process, sara, clock):
    end = clock.now() + timedelta(days=21)
    written = (end - timedelta(days=1)).date()
    late = begin(perform, process, sara, now=end + timedelta(days=9), held_on=written)
    enter(perform, process, late, entry(), sara, now=end + timedelta(days=9))
    with pytest.raises(Conflict, match="on paper neither"):
        begin(perform, process, sara, now=end + timedelta(days=11), held_on=written)


def test_what_is_missing_is_named_and_nothing_is_left_behind(app, perform, read, process, sara, sitting, now):
    before = len(entries(app))
    with pytest.raises(Invalid) as refusal:
        enter(perform, process, sitting, entry(title="ab"), sara, now=now)
    assert refusal.value.field == "title"
    assert len(entries(app)) == before
    assert read(lambda s: s.scalars(select(Account.email).where(Account.email.contains(PAPER_DOMAIN))).all()) == []


def test_a_title_may_be_as_short_as_people_write_it(perform, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry(title="Bin"), sara, now=now)
    assert item.proposal is not None
    assert (item.proposal.title, item.proposal.number) == ("Bin", 1)


def test_a_second_clerk_compares_before_it_counts(app, perform, read, process, sara, now):
    sitting = begin(perform, process, sara, now=now, needs_second=True)
    item, _code = enter(perform, process, sitting, entry(), sara, now=now)
    assert item.state is ItemState.WAITING
    assert proposal_of(read, item).status is ProposalState.DRAFT
    assert read(lambda s: queries.totals(s, process).assisted) == 0
    with pytest.raises(Forbidden, match="second clerk"):
        change(perform, item, operations.check_item, actor=sara, now=now)
    _account, other = clerk(perform, now, "other@example.org")
    change(perform, item, operations.check_item, actor=other, now=now)
    assert proposal_of(read, item).status is ProposalState.SUBMITTED
    assert newest(app)[0][0] == "assisted.checked"
    assert newest(app)[0][2]["is_checked"]


def test_a_correction_is_a_new_entry_with_the_old_text_beside_it(app, perform, read, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry(), sara, now=now)
    facts = {"name": "", "reason": "Read wrongly", "holds_code": False}
    better = content(title="A fountain under the plane tree of the mosque")
    change(perform, item, operations.correct_item, better, actor=sara, now=now, **facts)
    assert proposal_of(read, item).title.startswith("A fountain")
    told = [each.payload["title"] for each in entries(app) if each.values["type"].startswith("proposal.")]
    assert told == [TITLE, "A fountain under the plane tree of the mosque"]
    assert newest(app)[0][0] == "assisted.corrected"
    assert read(lambda s: browse(s, process, Filters(words="fountain")).count) == 1
    assert read(lambda s: browse(s, process, Filters(words="bench")).count) == 0


def test_whoever_holds_the_code_may_correct_and_the_log_says_resident(app, perform, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry(), sara, now=now)
    facts = {"name": "", "reason": "I said fountain", "holds_code": True}
    better = content(title="A fountain under the plane tree")
    change(perform, item, operations.correct_item, better, actor=VISITOR, now=now, **facts)
    assert newest(app)[0][1] == "resident"
    with pytest.raises(Forbidden):
        change(perform, item, operations.correct_item, better, actor=VISITOR, now=now, **{**facts, "holds_code": False})


def test_withdrawing_takes_it_off_the_list_and_no_total_goes_down(app, perform, read, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry(), sara, now=now)
    facts = {"reason": "The person changed their mind", "holds_code": False}
    change(perform, item, operations.withdraw_item, actor=sara, now=now, **facts)
    assert proposal_of(read, item).status is ProposalState.WITHDRAWN
    assert read(lambda s: queries.totals(s, process).assisted) == 1
    with pytest.raises(Conflict):
        change(perform, item, operations.withdraw_item, actor=sara, now=now, **facts)
    assert [kind for kind, _role, _payload in newest(app, 2)] == ["proposal.withdrawn", "assisted.withdrawn"]


def test_a_person_takes_over_the_account_with_a_mailed_link(app, client, perform, read, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry("Bibi Golnar", shows_name=True), sara, now=now)
    address = {"address": lambda token: f"http://127.0.0.1:8000/sign-in/link/{token}"}
    change(perform, item, operations.take_over, actor=VISITOR, now=now, email="golnar@example.org", **address)
    app.extensions["ucc.clock"].advance(days=8)
    link = newest_link(app)
    assert client.post(link).status_code == 303
    assert read(lambda s: s.get(Account, item.account_id)).email == "golnar@example.org"
    assert all(not mail.to.endswith(".invalid") for mail in send_mails(app))
    with pytest.raises(Conflict, match="already"):
        change(perform, item, operations.take_over, actor=VISITOR, now=now, email="x@example.org", **address)


def test_the_tables_agree_with_the_log(app, perform, process, sara, now):
    first = begin(perform, process, sara, now=now, needs_second=True)
    enter(perform, process, first, entry(), sara, now=now)
    second = begin(perform, process, sara, now=now)
    item, _code = enter(perform, process, second, entry(), sara, now=now)
    change(perform, item, operations.withdraw_item, actor=sara, now=now, reason="A mistake", holds_code=False)
    with app.app_context():
        log.sequence(db.engine)
        assert drift.check(db.session()) == []


def test_an_erased_person_leaves_the_text_without_the_name(app, perform, read, process, sara, sitting, now):
    item, _code = enter(perform, process, sitting, entry("Bibi Golnar", shows_name=True), sara, now=now)
    person = read(lambda s: s.get(Account, item.account_id))
    perform(
        lambda s: accounts.erase_account(
            s,
            get_account(s, person.public_id),
            erasers=app.extensions["ucc.erasers"],
            actor=acting(person),
            now=now,
        )
    )
    assert proposal_of(read, item).author_name is None
    assert "Golnar" not in str([each.payload for each in entries(app)])
