"""Needs and assets: who may add, list, put right and retire them, what the log says, how pages show them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from tests.accounts.making import make_account, sign_in
from tests.moderation.making import WORDS, set_rules
from tests.proposals.making import official, proposing_process, submit
from tests.stakeholders.making import CITY, acting, drift_faults, told
from ucc_participate.accounts.operations import erase_account
from ucc_participate.inventory import operations, queries
from ucc_participate.inventory.models import InventoryItem, ItemKind, ItemState, ItemText
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, NotFound, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Role
from ucc_participate.moderation.models import Case, Reason
from ucc_participate.moderation.operations import block_person
from ucc_participate.moderation.queries import count_cleared
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals.models import Particulars

NEED = ItemText(ItemKind.NEED, "A place for women to weave", "There is none in Balarud.", place="Balarud")
ASSET = ItemText(ItemKind.HERITAGE, "The kilns of the potters’ quarter", evidence="Register of monuments, 1398")
FORM = {"kind": "need", "title": "A place for women to weave", "text": "None in Balarud.", "shows_name": "y"}


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def home(process):
    return f"/p/{process.public_id}/inventory"


def add(perform: Any, process: Any, item: ItemText, *, actor: Any, now: Any) -> InventoryItem:
    def work(session: Any) -> InventoryItem:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.add_item(session, found, item, actor=actor, now=now)

    made: InventoryItem = perform(work)
    return made


def change(perform: Any, process: Any, item: Any, operation: Any, *args: Any, actor: Any, now: Any, **kw: Any) -> None:
    def work(session: Any) -> None:
        found = process_to_change(session, process.public_id, actor=CITY)
        mine = queries.item_to_change(session, found, item.public_id, actor=actor, now=now)
        operation(session, mine, *args, actor=actor, now=now, **kw)

    perform(work)


def seen(read: Any, process: Any, actor: Any) -> list[str]:
    kinds = list(ItemKind)
    titles: list[str] = read(lambda s: [one.title for one in queries.browse(s, process, kinds, actor=actor).items])
    return titles


def test_what_people_suggest_waits_and_its_text_is_in_no_entry(app, perform, read, process, sara, leila, clock):
    made = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    assert made.status is ItemState.SUGGESTED
    [entry] = told(app, subject=made.ref)
    assert (entry.type, entry.payload) == ("inventory.suggested", {})
    assert seen(read, process, VISITOR) == []
    assert seen(read, process, acting(sara)) == seen(read, process, leila) == [NEED.title]
    with pytest.raises(NotFound):
        read(lambda s: queries.get_item(s, process, made.public_id, actor=VISITOR, now=clock.now()))


def test_a_coordinator_lists_it_and_the_log_says_what_it_is(app, perform, read, process, sara, leila, clock):
    made = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    change(perform, process, made, operations.list_item, actor=leila, now=clock.now())
    entry = told(app, subject=made.ref)[-1]
    assert entry.type == "inventory.listed"
    assert entry.payload == {
        "kind": "need",
        "title": NEED.title,
        "text": NEED.text,
        "evidence": "",
        "place": "Balarud",
        "author": "Sara",
        "status": "listed",
        "reason": None,
    }
    assert seen(read, process, VISITOR) == [NEED.title]
    assert drift_faults(app) == []


def test_what_is_retired_has_a_reason_and_can_come_back(app, perform, read, process, leila, clock):
    made = add(perform, process, ASSET, actor=leila, now=clock.now())
    assert made.status is ItemState.LISTED
    with pytest.raises(Invalid):
        change(perform, process, made, operations.retire_item, reason="no", actor=leila, now=clock.now())
    why = "It stands twice on this list."
    change(perform, process, made, operations.retire_item, reason=why, actor=leila, now=clock.now())
    assert seen(read, process, VISITOR) == []
    assert told(app, subject=made.ref)[-1].payload["reason"] == why
    change(perform, process, made, operations.list_item, actor=leila, now=clock.now())
    assert seen(read, process, VISITOR) == [ASSET.title]
    assert drift_faults(app) == []


def test_what_is_declined_never_becomes_public(app, perform, read, process, sara, leila, clock):
    made = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    change(perform, process, made, operations.retire_item, reason="This is a proposal.", actor=leila, now=clock.now())
    assert [entry.payload for entry in told(app, subject=made.ref)] == [{}, {}]
    with pytest.raises(Conflict):
        change(perform, process, made, operations.list_item, actor=leila, now=clock.now())
    with pytest.raises(Conflict):
        change(perform, process, made, operations.revise_item, NEED, actor=acting(sara), now=clock.now())


def test_people_add_only_while_proposals_are_taken_and_only_signed_in(perform, process, sara, leila, clock):
    with pytest.raises(SignInNeeded):
        add(perform, process, NEED, actor=VISITOR, now=clock.now())
    with pytest.raises(Forbidden):
        add(perform, process, NEED, actor=acting(sara, Role.EVALUATOR), now=clock.now())
    clock.advance(days=200)
    with pytest.raises(Conflict):
        add(perform, process, NEED, actor=acting(sara), now=clock.now())
    assert add(perform, process, NEED, actor=leila, now=clock.now()).status is ItemState.LISTED


def test_an_asset_says_how_it_is_known(perform, process, sara, clock):
    with pytest.raises(Invalid) as refusal:
        add(perform, process, ItemText(ItemKind.CREATIVE, "A school of music"), actor=acting(sara), now=clock.now())
    assert refusal.value.field == "evidence"


def test_only_a_coordinator_decides_and_the_author_edits_what_waits(perform, process, sara, leila, clock):
    made = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    with pytest.raises(Forbidden):
        change(perform, process, made, operations.list_item, actor=acting(sara), now=clock.now())
    change(perform, process, made, operations.revise_item, ASSET, actor=acting(sara), now=clock.now())
    change(perform, process, made, operations.list_item, actor=leila, now=clock.now())
    with pytest.raises(Forbidden):
        change(perform, process, made, operations.revise_item, NEED, actor=acting(sara), now=clock.now())
    with pytest.raises(Forbidden):
        change(perform, process, made, operations.revise_item, NEED, actor=acting(sara, Role.CLERK), now=clock.now())


def test_an_erased_contributor_leaves_what_was_listed_without_the_name(app, perform, read, process, sara, leila, clock):
    listed = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    change(perform, process, listed, operations.list_item, actor=leila, now=clock.now())
    waiting = add(perform, process, ASSET, actor=acting(sara), now=clock.now())
    erasers = app.extensions["ucc.erasers"]

    def work(session: Any) -> None:
        erase_account(session, session.get_one(type(sara), sara.id), actor=CITY, now=clock.now(), erasers=erasers)

    perform(work)
    [kept] = read(lambda s: list(queries.browse(s, process, list(ItemKind), actor=leila).items))
    assert (kept.public_id, kept.author_name, kept.author_id) == (listed.public_id, None, None)
    assert waiting.public_id != kept.public_id
    assert all("author" not in entry.payload for entry in told(app, subject=listed.ref))
    assert drift_faults(app) == []


def test_lists_go_on_page_by_page(perform, read, process, leila, clock):
    for number in range(7):
        told_ = ItemText(ItemKind.NEED, f"Need number {number}")
        add(perform, process, told_, actor=leila, now=clock.now())
    titles: list[str] = []
    after: Any = 0
    while after is not None:
        page = read(lambda s, at=after: queries.browse(s, process, [ItemKind.NEED], actor=VISITOR, after=at, limit=3))
        titles, after = titles + [one.title for one in page.items], page.after
    assert titles == [f"Need number {number}" for number in range(7)]


# --- pages


def test_a_resident_suggests_and_a_coordinator_lists_it_on_the_page(app, client, perform, process, sara, home, clock):
    hers = sign_in(app, sara, now=clock.now())
    where = hers.post(f"{home}/new", data=FORM).location
    assert "Waits for the city" in hers.get(where).text
    assert client.get(where).status_code == 404
    desk_account = make_account(
        perform, "desk@city.example", now=clock.now(), display_name="Desk", roles=(Role.COORDINATOR,)
    )
    desk = sign_in(app, desk_account, now=clock.now())
    assert desk.post(f"{where}/list").status_code == 303
    page = client.get(home).text
    assert "A place for women to weave" in page
    assert "Sara" in page
    refused = desk.post(f"{where}/retire", data={"reason": ""})
    assert refused.status_code == 422
    assert desk.post(f"{where}/retire", data={"reason": "It stands here twice."}).status_code == 303
    assert "It stands here twice." in client.get(where).text
    assert "A place for women to weave" not in client.get(home).text


def test_an_asset_without_a_source_comes_back_with_what_was_typed(app, sara, home, clock, process):
    hers = sign_in(app, sara, now=clock.now())
    refused = hers.post(f"{home}/new", data=FORM | {"kind": "heritage"})
    assert refused.status_code == 422
    assert "Say how this is known" in refused.text
    assert "None in Balarud." in refused.text


def test_the_page_of_a_need_leads_to_the_proposals_that_answer_it(client, perform, process, sara, leila, home, clock):
    need = add(perform, process, NEED, actor=leila, now=clock.now())
    asset = add(perform, process, ASSET, actor=leila, now=clock.now())
    links = Particulars(needs=(need.public_id,), assets=(asset.public_id,))
    linked = submit(
        perform, process, acting(sara), now=clock.now(), title="A weaving hall for Balarud", particulars=links
    )
    submit(perform, process, acting(sara), now=clock.now(), title="Something else altogether")
    page = client.get(f"{home}/{need.public_id}").text
    assert "See 1 proposal" in page
    listed = client.get(f"/p/{process.public_id}/proposals?need={need.public_id}").text
    assert "A weaving hall for Balarud" in listed
    assert "Something else altogether" not in listed
    shown = client.get(f"/p/{process.public_id}/proposals/{linked.public_id}").text
    assert NEED.title in shown
    assert ASSET.title.split()[-1] in shown


def test_who_is_blocked_or_in_haste_suggests_nothing_and_keeps_the_text(app, perform, read, process, sara, home, clock):
    set_rules(perform, process, now=clock.now(), per_place=1, per_hour=1)
    hers = sign_in(app, sara, now=clock.now())
    assert hers.post(f"{home}/new", data=FORM).status_code == 303
    refused = hers.post(f"{home}/new", data=FORM | {"title": "A second place to weave"})
    assert refused.status_code == 429
    assert "A second place to weave" in refused.text
    facts: dict[str, Any] = {
        "days": 3,
        "reason": Reason.SPAM,
        "words": WORDS,
        "address": "",
        "tz": "UTC",
        "actor": CITY,
    }
    perform(lambda session: block_person(session, process, sara, **facts, now=clock.now()))
    refused = hers.post(f"{home}/new", data=FORM | {"title": "A third place to weave"})
    assert refused.status_code == 403
    assert "A third place to weave" in refused.text
    assert seen(read, process, acting(sara)) == [NEED.title]


def test_a_suggestion_clears_nobodys_first_posts_and_opens_no_case(app, perform, read, process, sara, home, clock):
    set_rules(perform, process, now=clock.now(), first_posts=1)
    assert sign_in(app, sara, now=clock.now()).post(f"{home}/new", data=FORM).status_code == 303
    assert read(lambda session: count_cleared(session, process, sara.id)) == 0
    assert read(lambda session: session.scalar(select(func.count()).select_from(Case))) == 0
