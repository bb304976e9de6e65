"""Which needs matter most: what is counted, what is hidden, and that nobody can be found out."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.accounts.making import make_account, sign_in
from tests.inventory.test_inventory import NEED, add, change
from tests.proposals.making import official, proposing_process
from tests.stakeholders.making import CITY, acting, drift_faults, make_organisation, told
from ucc_participate.accounts.models import Profile
from ucc_participate.accounts.operations import erase_account
from ucc_participate.inventory import operations, queries, setup
from ucc_participate.inventory.models import ItemKind, ItemText
from ucc_participate.inventory.ranking import Chosen, count, hide, may_tell, may_tell_sectors
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid, SignInNeeded
from ucc_participate.kernel.identity import VISITOR, Actor, Role
from ucc_participate.processes.queries import process_to_change
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def needs(perform, process, leila, clock) -> list[str]:
    """Public ids of seven needs on the list."""
    texts = [ItemText(ItemKind.NEED, f"Need number {number}") for number in range(7)]
    return [add(perform, process, each, actor=leila, now=clock.now()).public_id for each in texts]


@pytest.fixture
def people(perform, now) -> list[Any]:
    return [make_account(perform, f"p{number}@city.example", now=now) for number in range(12)]


def choose(perform: Any, process: Any, needs: list[str], *, actor: Actor, now: Any, **more: Any) -> None:
    def work(session: Any) -> None:
        here = process_to_change(session, process.public_id, actor=CITY)
        operations.choose_needs(session, here, needs, actor=actor, now=now, **more)

    perform(work)


def ranks(read: Any, process: Any) -> Any:
    return read(lambda s: queries.need_ranks(s, process))


def nightly(app: Any) -> None:
    with app.app_context():
        setup.rank()


def test_the_log_says_that_somebody_chose_and_never_what(app, perform, process, needs, people, clock):
    choose(perform, process, needs[:2], actor=acting(people[0]), now=clock.now())
    made = [entry for entry in told(app, process=process.ref) if entry.type == "need_choice.made"]
    assert [entry.payload for entry in made] == [{}]
    assert made[0].values["subject"].startswith(f"{process.ref}/participant/")
    assert all(need not in str(made[0].values) for need in needs)
    choose(perform, process, needs[:2], actor=acting(people[0]), now=clock.now())
    assert len([entry for entry in told(app, process=process.ref) if entry.type == "need_choice.made"]) == 1


def test_counts_are_told_once_enough_have_chosen_and_not_before(app, perform, read, process, needs, people, clock):
    for person in people[:4]:
        choose(perform, process, needs[:2], actor=acting(person), now=clock.now())
    nightly(app)
    assert ranks(read, process) is None
    choose(perform, process, [needs[1]], actor=acting(people[4]), now=clock.now())
    nightly(app)
    found = ranks(read, process)
    assert (found.voices, found.ranks[0].item.public_id, found.ranks[0].chosen) == (5, needs[1], 5)
    assert [(rank.item.public_id, rank.place, rank.chosen) for rank in found.ranks[1:2]] == [(needs[0], 2, None)]
    [entry] = told(app, subject=f"need_ranking/{process.public_id}")
    assert entry.type == "need_ranking.told"
    assert entry.payload["needs"][0] == {"need": f"inventory/{needs[1]}", "chosen": 5, "sectors": {"unsaid": 5}}
    assert drift_faults(app) == []


def test_one_more_choice_is_told_only_with_four_others(app, perform, read, process, needs, people, clock):
    for person in people[:5]:
        choose(perform, process, [needs[0]], actor=acting(person), now=clock.now())
    nightly(app)
    for person in people[5:9]:
        choose(perform, process, [needs[1]], actor=acting(person), now=clock.now())
        nightly(app)
        assert ranks(read, process).voices == 5
    choose(perform, process, [needs[1]], actor=acting(people[9]), now=clock.now())
    nightly(app)
    assert ranks(read, process).voices == 10


def test_who_changes_their_mind_is_counted_once_and_can_take_it_back(app, perform, read, process, needs, people, clock):
    for person in people[:6]:
        choose(perform, process, [needs[0]], actor=acting(person), now=clock.now())
    choose(perform, process, [needs[1]], actor=acting(people[0]), now=clock.now())
    choose(perform, process, [], actor=acting(people[0]), now=clock.now())
    nightly(app)
    found = ranks(read, process)
    assert (found.voices, {rank.chosen for rank in found.ranks}) == (5, {5, 0})


def test_a_delegate_chooses_for_the_organisation_and_for_themselves(
    app, perform, read, process, needs, people, now, clock
):
    guild = make_organisation(perform, "Guild of potters", Sector.PRIVATE, now=now)
    person = acting(people[0])
    delegate = Actor(person.key, person.account_id, person.roles, name="D", delegations=frozenset({guild.public_id}))
    choose(perform, process, [needs[0]], actor=delegate, now=clock.now())
    choose(perform, process, [needs[1]], actor=delegate, now=clock.now(), organisation=guild.public_id)
    with pytest.raises(Forbidden):
        choose(perform, process, [needs[1]], actor=acting(people[1]), now=clock.now(), organisation=guild.public_id)
    rows = read(lambda s: queries.choices_to_count(s, process))
    assert {(row.sector, row.needs) for row in rows} == {(None, (needs[0],)), (Sector.PRIVATE, (needs[1],))}
    assert all(guild.public_id not in str(entry.values) for entry in told(app, process=process.ref))


def test_what_may_be_chosen(perform, read, process, needs, people, leila, clock):
    asset = add(
        perform, process, ItemText(ItemKind.HERITAGE, "The kilns", evidence="List"), actor=leila, now=clock.now()
    )
    waiting = add(perform, process, NEED, actor=acting(people[1]), now=clock.now())
    for wrong in (needs[:6], [asset.public_id], [waiting.public_id], ["nothere"]):
        with pytest.raises(Invalid) as refusal:
            choose(perform, process, wrong, actor=acting(people[0]), now=clock.now())
        assert refusal.value.field == "needs"
    assert read(lambda s: queries.choices_to_count(s, process)) == []


def test_who_may_choose_and_when(perform, process, needs, people, clock):
    with pytest.raises(SignInNeeded):
        choose(perform, process, needs[:1], actor=VISITOR, now=clock.now())
    with pytest.raises(Forbidden):
        choose(perform, process, needs[:1], actor=acting(people[0], Role.EVALUATOR), now=clock.now())
    clock.advance(days=20)
    choose(perform, process, needs[:1], actor=acting(people[0]), now=clock.now())
    clock.advance(days=20)
    with pytest.raises(Conflict):
        choose(perform, process, needs[:1], actor=acting(people[0]), now=clock.now())


def test_an_erased_person_stays_counted_and_belongs_to_nobody(app, perform, read, process, needs, people, clock):
    for person in people[:5]:
        choose(perform, process, [needs[0]], actor=acting(person), now=clock.now())
    erasers = app.extensions["ucc.erasers"]
    gone = people[0]
    perform(lambda s: erase_account(s, s.get_one(type(gone), gone.id), actor=CITY, now=clock.now(), erasers=erasers))
    rows = read(lambda s: queries.choices_to_count(s, process))
    assert sorted(row.account_id is None for row in rows) == [False] * 4 + [True]
    nightly(app)
    assert ranks(read, process).voices == 5


def test_a_need_off_the_list_is_not_ranked(app, perform, read, process, needs, people, leila, clock):
    for person in people[:5]:
        choose(perform, process, needs[:2], actor=acting(person), now=clock.now())
    nightly(app)
    item = read(lambda s: queries.by_public_ids(s, process, [needs[0]]))[needs[0]]
    change(perform, process, item, operations.retire_item, reason="It stands twice.", actor=leila, now=clock.now())
    assert needs[0] not in [rank.item.public_id for rank in ranks(read, process).ranks]


# --- the rule of publishing


def voices(sector: str | None, number: int, *needs: str, **facts: Any) -> list[Chosen]:
    return [Chosen(sector, needs, **facts) for _each in range(number)]


def test_sectors_are_told_when_each_has_enough_or_nobody():
    both = voices("public", 5, "a") + voices("private", 6, "b")
    assert may_tell_sectors(both, 5)
    assert not may_tell_sectors(both + voices(None, 1, "a"), 5)
    late = voices("public", 9, "a", is_untold_by_sector=False) + voices("public", 1, "b")
    assert not may_tell_sectors(late, 5)
    assert may_tell(voices("public", 5, "a"), 5)
    assert not may_tell(voices("public", 4, "a") + voices("public", 1), 5)


def test_a_small_number_is_hidden_and_never_alone():
    assert hide({"public": 2, "private": 9, "civil_society": 7}, 5) == {
        "public": None, "private": 9, "civil_society": None
    }  # fmt: skip
    assert hide({"public": 2, "private": 3, "civil_society": 7}, 5)["civil_society"] == 7
    assert hide({"public": 0, "private": 5}, 5) == {"public": 0, "private": 5}


def test_no_hidden_number_can_be_worked_out_from_its_row():
    """Whatever people choose: a hidden cell has at least one other beside it, or its sum is hidden too."""
    chance = random.Random(6)
    for _each in range(300):
        choices = [
            Chosen(sector, tuple(chance.sample("abcdef", chance.randint(1, 3))))
            for sector in ("public", "private", "civil_society", None)
            for _one in range(chance.choice((0, 5, 6, 9, 20)))
        ]
        if not may_tell(choices, 5):
            continue
        state = count(choices, "abcdef", floor=5)
        assert state["sectors"] is not None
        for row in state["needs"]:
            hidden = [name for name, number in row["sectors"].items() if number is None]
            shown = [number for number in row["sectors"].values() if number is not None]
            assert all(number == 0 or number >= 5 for number in shown)
            assert row["chosen"] is None or row["chosen"] == 0 or row["chosen"] >= 5
            assert len(hidden) != 1 or row["chosen"] is None


# --- pages


def test_a_resident_chooses_on_the_page_and_everybody_reads_the_count(
    app, client, perform, process, needs, people, clock
):
    home = f"/p/{process.public_id}/inventory"
    assert "Nothing is counted yet" in client.get(f"{home}/ranking").text
    assert client.get(f"{home}/choose").status_code == 303
    for person in people[:5]:
        browser = sign_in(app, person, now=clock.now())
        assert browser.post(f"{home}/choose", data={"needs": needs[:3]}).status_code == 303
    too_many = browser.post(f"{home}/choose", data={"needs": needs[:6]})
    assert too_many.status_code == 422
    assert too_many.text.count("checked") == 6
    assert browser.get(f"{home}/choose").text.count("checked") == 3
    nightly(app)
    page = client.get(f"{home}/ranking").text
    assert "5 voices are counted" in page
    assert "Need number 0" in page
    assert "5 voices named it" in client.get(f"{home}/{needs[0]}").text


def test_whoever_has_not_signed_in_is_led_to_choosing_while_there_is_something_to_say(client, process, needs, clock):
    address = f"/p/{process.public_id}/inventory/choose"
    pages = (f"/p/{process.public_id}/inventory", f"/p/{process.public_id}/inventory/ranking")
    assert all(address in client.get(page).text for page in pages)
    assert client.get(address).status_code == 303
    clock.at = clock.now() + timedelta(days=900)
    assert not any(address in client.get(page).text for page in pages)


def test_the_own_choice_is_in_the_download_of_personal_data(app, perform, process, needs, people, clock):
    choose(perform, process, needs[:1], actor=acting(people[0]), now=clock.now())
    [section] = [ask for ask in app.extensions["ucc.personal_data"] if ask.__module__.endswith("inventory.setup")]

    def own(session: Any) -> Any:
        return section(session, people[0])["need_choices"]

    with app.app_context():
        from ucc_participate.kernel.db import db

        assert own(db.session()) == [{"process": process.public_id, "most_important": ["Need number 0"]}]


def test_the_sector_that_a_person_has_said_goes_with_the_choice(perform, read, process, needs, people, clock):
    def said(session: Any) -> None:
        session.add(Profile(account_id=people[0].id, sector=Sector.CIVIL_SOCIETY))
        here = process_to_change(session, process.public_id, actor=CITY)
        operations.choose_needs(session, here, needs[:1], actor=acting(people[0]), now=clock.now())

    perform(said)
    [row] = read(lambda s: queries.choices_to_count(s, process))
    assert row.sector is Sector.CIVIL_SOCIETY
