"""Saying on what a paragraph rests: who may, what can be cited, what is shown, what becomes of erased people."""

from __future__ import annotations

import pytest

from tests.accounts.making import make_account, sign_in
from tests.citing.making import adopted_proposal, answer_in, application, begin_plan, drafted, section
from tests.dossier.making import act, make_dossier, official, person, write, write_all
from tests.inventory.test_inventory import ASSET, add
from tests.processes.making import day
from tests.proposals.making import change, draft, submit
from tests.proposals.making import person as resident
from tests.stakeholders.making import CITY, acting, drift_faults, told
from ucc_participate.accounts.operations import erase_account
from ucc_participate.audit import log
from ucc_participate.audit.queries import latest_entries
from ucc_participate.citing import operations, policies, queries, showing, telling
from ucc_participate.citing.models import FixedFact
from ucc_participate.citing.similar import repetitions
from ucc_participate.citing.sources import Kind, Part, kind_of
from ucc_participate.dossier import operations as dossier_operations
from ucc_participate.dossier import queries as dossiers
from ucc_participate.dossier.blockers import rooms
from ucc_participate.dossier.models import Answer
from ucc_participate.kernel.db import db, table_of
from ucc_participate.kernel.errors import Conflict, Invalid, NotFound
from ucc_participate.kernel.identity import VISITOR, Role
from ucc_participate.plan.models import Initiative, Plan
from ucc_participate.proposals.operations import withdraw_proposal

TEXT = "First we asked everybody.\n\nThen we listened to the weavers."


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now, clock):
    found = make_dossier(perform, now)
    clock.at = day(now, 8)
    return found


@pytest.fixture
def account(perform, now):
    return person(perform, now, Role.COORDINATOR, "Leila Moradi")


@pytest.fixture
def leila(account):
    return acting(account, Role.COORDINATOR)


@pytest.fixture
def desk(app, account, clock):
    """Leila's browser."""
    return sign_in(app, account, now=clock.now())


@pytest.fixture
def text(perform, made, leila, clock):
    """Section 1 in English: two paragraphs."""
    return write(perform, made, "1", "en", TEXT, actor=leila, now=clock.now())


def cite(perform, made, text, *refs, actor, now, part=0, **kw):
    place = ("1", "en", text.paragraphs[part]["key"], list(refs))
    return act(perform, made, operations.cite, *place, actor=actor, now=now, **kw)


def shown(app, made):
    """Paragraphs of section 1 as pages show them."""
    with app.test_request_context():
        answer = answer_in(made[0], "1", "en")
        return showing.shaped_paragraphs(db.session(), application(made[0]), [answer])[answer.id]


def test_a_paragraph_rests_on_what_is_cited_and_the_log_notes_it(app, perform, read, made, text, leila, clock):
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())
    cite(perform, made, text, asset.ref, actor=leila, now=clock.now(), because="The kilns")
    first, second = shown(app, made)
    [rest] = first.rests
    assert (rest.citation.note, rest.citation.added_by) == ("The kilns", "Leila Moradi, Head of the culture office")
    assert (rest.cited.kind, rest.cited.title) == (Kind.ITEM, ASSET.title)
    assert rest.url == f"/p/{made[0].public_id}/inventory/{asset.public_id}"
    assert second.is_unlinked
    entry = told(app, subject=text_ref(made))[-1]
    assert (entry.values["type"], entry.payload) == ("answer.cited", {})


def text_ref(made):
    return f"answer/{made[1].public_id}-1-en"


def test_citing_twice_keeps_one_and_tells_nothing(app, perform, made, text, leila, clock):
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())
    assert len(cite(perform, made, text, asset.ref, asset.ref, actor=leila, now=clock.now())) == 1
    assert len(shown(app, made)[0].rests) == 1


def test_what_is_taken_back_is_gone_from_the_paragraph_and_stays_in_the_log(app, perform, made, text, leila, clock):
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())
    cite(perform, made, text, asset.ref, actor=leila, now=clock.now())
    place = ("1", "en", text.paragraphs[0]["key"], asset.ref)
    act(perform, made, operations.uncite, *place, actor=leila, now=clock.now())
    assert shown(app, made)[0].is_unlinked
    assert [each.values["type"] for each in told(app, subject=text_ref(made))][-2:] == [
        "answer.cited",
        "answer.uncited",
    ]
    with pytest.raises(NotFound):
        act(perform, made, operations.uncite, *place, actor=leila, now=clock.now())


@pytest.mark.parametrize(
    "ref", ["proposal/nothere1", "asset/x", "entry/99999999", "entry/x", "", "proposal/a/b", "fact/x-y"]
)
def test_what_is_not_there_cannot_be_cited(perform, made, text, leila, clock, ref):
    with pytest.raises(Invalid):
        cite(perform, made, text, ref, actor=leila, now=clock.now())


def test_a_draft_of_a_proposal_cannot_be_cited(perform, made, text, leila, clock):
    _account, sara = resident(perform, "Sara", now=clock.now())
    unsent = draft(perform, made[0], sara, now=clock.now())
    with pytest.raises(Invalid):
        cite(perform, made, text, unsent.ref, actor=leila, now=clock.now())


def positions(app, **wanted):
    with app.app_context():
        log.sequence(db.engine)
        return [entry.position for entry in latest_entries(db.session.connection(), limit=100, **wanted)]


def test_an_entry_of_this_process_can_be_cited_and_no_other(app, perform, made, text, leila, clock):
    own, everything = positions(app, process=made[0].ref), positions(app)
    cite(perform, made, text, f"entry/{own[-1]}", actor=leila, now=clock.now())
    [rest] = shown(app, made)[0].rests
    assert (rest.cited.kind, rest.cited.title) == (Kind.ENTRY, "process.created")
    other = next(each for each in everything if each not in own)
    with pytest.raises(Invalid):
        cite(perform, made, text, f"entry/{other}", actor=leila, now=clock.now())


def test_a_paragraph_that_is_gone_cannot_be_given_anything(perform, made, text, leila, clock):
    with pytest.raises(Invalid):
        act(perform, made, operations.cite, "1", "en", "nokey", ["entry/0"], actor=leila, now=clock.now())


def test_citations_stay_with_their_paragraph_through_edits(app, perform, made, text, leila, clock):
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())
    cite(perform, made, text, asset.ref, actor=leila, now=clock.now(), part=1)
    edited = "A new beginning of the text.\n\nThen we listened to the weavers of the bazaar.\n\nAnd an end."
    write(perform, made, "1", "en", edited, actor=leila, now=clock.now())
    assert [len(each.rests) for each in shown(app, made)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [(Role.COORDINATOR, True), (Role.CLERK, False), (Role.EVALUATOR, False)],
)
def test_who_may_say_what_a_text_rests_on(app, perform, made, text, now, role, allowed):
    actor = official(perform, now, role, name="Omid Karimi")
    with app.test_request_context():
        answer = answer_in(made[0], "1", "en")
        assert bool(policies.can_cite(actor, answer, now=now)) is allowed
        assert not policies.can_cite(VISITOR, answer, now=now)


def test_whoever_a_text_is_given_to_says_what_it_rests_on(app, perform, made, text, leila, now):
    clerk = person(perform, now, Role.CLERK, "Omid Karimi")
    act(perform, made, dossier_operations.assign_answer, "1", "en", clerk, link="x", actor=leila, now=now)
    with app.test_request_context():
        answer = answer_in(made[0], "1", "en")
        assert policies.can_cite(acting(clerk, Role.CLERK), answer, now=now)


def test_a_cited_proposal_whose_author_is_erased_stays_cited_without_the_name(
    app, perform, read, made, text, leila, clock
):
    account, sara = resident(perform, "Sara", now=clock.now())
    proposal = submit(perform, made[0], sara, now=clock.now())
    begin_plan(perform, made[0], [proposal], now=clock.now())
    [initiative] = read(lambda s: list(s.query(Initiative)))
    cite(perform, made, text, proposal.ref, initiative.ref, actor=leila, now=clock.now())
    assert [rest.cited.hands[0].name for rest in shown(app, made)[0].rests] == ["Sara", "Sara"]

    def erase(session):
        found = session.get_one(type(account), account.id)
        erase_account(session, found, erasers=app.extensions["ucc.erasers"], actor=CITY, now=clock.now())

    perform(erase)
    [rest, made_of_it] = shown(app, made)[0].rests
    assert (rest.cited.title, rest.cited.state) == (proposal.title, "")
    assert [hand.part for hand in rest.cited.hands] == [Part.ERASED]
    assert [hand.part for hand in made_of_it.cited.hands] == [Part.ERASED]
    assert drift_faults(app) == []


def test_freezing_fixes_every_fact_with_the_log_it_was_counted_at(app, perform, read, made, leila, clock):
    frozen(app, perform, made, leila, clock)
    facts = read(lambda session: list(session.query(FixedFact)))
    [record] = [each for each in facts if each.code == "record"]
    dossier = read(lambda session: dossiers.application_of(session, made[0]))
    assert {each.size for each in facts} == {dossier.frozen_size} == {record.value["entries"]}
    entry = told(app, subject=f"fact/{made[1].public_id}-record")[-1]
    assert (entry.values["type"], entry.payload["root"]) == ("fact.fixed", record.root)
    assert entry.payload["definition"].startswith("Entries of the public log")
    assert drift_faults(app) == []


def frozen(app, perform, made, leila, clock):
    write_all(perform, made, actor=leila, now=clock.now())
    with app.app_context():
        everybody = rooms()
    act(perform, made, dossier_operations.freeze_dossier, everybody, reasons={}, actor=leila, now=clock.now())


def test_a_frozen_dossier_keeps_its_citations_and_its_numbers(app, perform, made, text, leila, clock):
    frozen(app, perform, made, leila, clock)
    with pytest.raises(Conflict):
        cite(perform, made, text, "entry/0", actor=leila, now=clock.now())


def test_a_fixed_number_changed_in_the_database_is_named(app, perform, made, leila, clock):
    frozen(app, perform, made, leila, clock)
    facts = table_of(FixedFact)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(facts.update().where(facts.c.code == "record").values(value={"entries": 1, "url": "x"}))
    [fault] = drift_faults(app)
    assert fault.startswith(f"fact/{made[1].public_id}-record: value is not what entry")


def test_the_log_says_what_a_frozen_text_cites(app, perform, made, text, leila, clock):
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())
    write_all(perform, made, actor=leila, now=clock.now())
    with app.app_context():
        final = answer_in(made[0], "1", "en")
    cite(perform, made, final, asset.ref, actor=leila, now=clock.now())
    payload = frozen_payload(app, perform, made, leila, clock)
    assert [part["cites"] for part in payload["paragraphs"]] == [[asset.ref]]


def test_a_fact_that_cannot_be_counted_any_more_is_not_among_the_fixed(app, perform, read, made, leila, clock):
    begin_plan(perform, made[0], [adopted_proposal(perform, made[0], now=clock.now())], now=clock.now())
    frozen(app, perform, made, leila, clock)

    def fixed():
        with app.app_context():
            return set(queries.facts_fixed(db.session(), application(made[0])))

    assert "initiatives" in fixed()
    act(perform, made, dossier_operations.unfreeze_dossier, reason="The plan changes", actor=leila, now=clock.now())
    assert fixed() == set()
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(table_of(Initiative).update().values(status="dropped"))
    freeze_again(app, perform, made, leila, clock)
    assert "record" in fixed()
    assert "initiatives" not in fixed()


def freeze_again(app, perform, made, leila, clock):
    with app.app_context():
        everybody = rooms()
    act(perform, made, dossier_operations.freeze_dossier, everybody, reasons={}, actor=leila, now=clock.now())


def test_what_a_paragraph_cited_that_is_gone_counts_as_used_nowhere(app, perform, read, made, text, leila, clock):
    one = adopted_proposal(perform, made[0], now=clock.now(), title="Looms for the evening hours")
    cite(perform, made, text, one.ref, actor=leila, now=clock.now())
    unused = lambda: [each.public_id for each in read(lambda s: queries.unused_inputs(s, made[0])).proposals]  # noqa: E731
    assert unused() == []
    write(perform, made, "1", "en", "Something else altogether stands here now.", actor=leila, now=clock.now())
    assert unused() == [one.public_id]


def test_everybody_reads_a_cited_fact_as_it_was_fixed_and_where_it_stands_in_the_log(
    app, client, perform, made, leila, clock
):
    write_all(perform, made, actor=leila, now=clock.now())
    adopted_proposal(perform, made[0], now=clock.now())
    ref = f"fact/{made[1].public_id}-proposals"
    with app.app_context():
        final = answer_in(made[0], "1", "en")
    cite(perform, made, final, ref, actor=leila, now=clock.now())
    freeze_again(app, perform, made, leila, clock)
    with app.test_request_context():
        size = application(made[0]).frozen_size
        words, url = telling.cited_words(db.session(), application(made[0]), [ref])[ref]
    assert f"counted with the log at {size} entries" in words
    assert "1 proposal was handed in: 1 by residents." in words
    assert "/staff/" not in url
    assert client.get(url).status_code == 200


def test_a_frozen_dossier_does_not_tell_titles_of_a_plan_that_is_not_public(app, perform, read, made, leila, clock):
    begin_plan(perform, made[0], [adopted_proposal(perform, made[0], now=clock.now())], now=clock.now())
    write_all(perform, made, actor=leila, now=clock.now())
    [initiative] = read(lambda s: list(s.query(Initiative)))
    with app.app_context():
        final = answer_in(made[0], "1", "en")
    cite(perform, made, final, initiative.ref, actor=leila, now=clock.now())

    def words():
        with app.test_request_context():
            return telling.cited_words(db.session(), application(made[0]), [initiative.ref])[initiative.ref]

    assert "Evening looms" in words()[0]
    freeze_again(app, perform, made, leila, clock)
    assert words() == ("Initiative", "")
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(table_of(Plan).update().values(published_at=clock.now()))
    assert "Evening looms" in words()[0]


def frozen_payload(app, perform, made, leila, clock):
    with app.app_context():
        everybody = rooms()
    act(perform, made, dossier_operations.freeze_dossier, everybody, reasons={}, actor=leila, now=clock.now())
    return told(app, subject=text_ref(made))[-1].payload


def test_adopted_and_used_nowhere_is_listed_until_something_uses_it(app, perform, read, made, text, leila, clock):
    one = adopted_proposal(perform, made[0], now=clock.now(), title="Looms for the evening hours")
    two = adopted_proposal(perform, made[0], now=clock.now(), title="A kiln for the whole quarter")
    asset = add(perform, made[0], ASSET, actor=leila, now=clock.now())

    def unused():
        found = read(lambda session: queries.unused_inputs(session, made[0]))
        return {each.public_id for each in found.proposals}, {each.public_id for each in found.listed}

    assert unused() == ({one.public_id, two.public_id}, {asset.public_id})
    begin_plan(perform, made[0], [one], now=clock.now())
    assert unused()[0] == {two.public_id}
    cite(perform, made, text, f"{two.ref}/answer", asset.ref, actor=leila, now=clock.now())
    assert unused() == (set(), set())


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("proposal/8f3k", (Kind.PROPOSAL, "8f3k")),
        ("proposal/8f3k/answer", (Kind.ANSWER, "8f3k")),
        ("meeting/ab/minutes/2", (Kind.MINUTES, "ab/2")),
        ("meeting/ab/decision/1", (Kind.DECISION, "ab/1")),
        ("entry/417", (Kind.ENTRY, "417")),
        ("answer/x", None),
        ("meeting/ab", None),
        ("account/17", None),
    ],
)
def test_refs_name_what_they_are(ref, kind):
    assert kind_of(ref) == kind


SAME = "We invited every organisation of the register by letter and by telephone and asked each of them twice."


def answer_of(known, section, text, language="en"):
    return Answer(id=known, section=section, language=language, text=text, paragraphs=[{"key": "k", "text": text}])


def test_the_same_text_in_two_sections_is_found_even_reworded_a_little():
    one, other = answer_of(1, "8", SAME), answer_of(2, "9.3", f"As said, {SAME.lower().replace('twice', 'again')}")
    [found] = repetitions(
        [one, other, answer_of(3, "9.9", "Something else is said here about the people of the city.")]
    )
    assert (found.one.section, found.other.section) == ("8", "9.3")
    assert found.share > 0.8


def test_a_translation_and_the_same_section_are_no_repetition():
    assert repetitions([answer_of(1, "8", SAME), answer_of(2, "9.3", SAME, language="fr")]) == []
    assert repetitions([answer_of(1, "8", SAME), answer_of(2, "8", SAME)]) == []


# pages ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(made):
    return f"/staff/processes/{made[0].public_id}/citations"


def test_the_desk_lists_what_rests_on_nothing_and_what_is_used_nowhere(desk, perform, made, text, leila, clock, home):
    adopted_proposal(perform, made[0], now=clock.now(), title="Looms for the evening hours")
    page = desk.get(home).text
    assert "Then we listened to the weavers." in page
    assert "Looms for the evening hours" in page


def test_the_desk_lists_what_was_taken_back_since_it_was_cited(desk, perform, made, text, leila, clock, home):
    _account, sara = resident(perform, "Sara", now=clock.now())
    proposal = submit(perform, made[0], sara, now=clock.now(), title="Looms for everybody")
    cite(perform, made, text, proposal.ref, actor=leila, now=clock.now())
    assert 'id="gone"' not in desk.get(home).text
    change(perform, proposal, withdraw_proposal, actor=sara, now=clock.now())
    page = desk.get(home).text.partition('id="gone"')[2]
    assert "Looms for everybody" in page
    assert "taken back since" in page


def test_searching_ticking_and_adding(app, desk, perform, made, text, leila, clock, home):
    proposal = adopted_proposal(perform, made[0], now=clock.now(), title="Looms for the evening hours")
    key, place = text.paragraphs[0]["key"], f"{home}/{made[1].public_id}/1/en"
    found = desk.get(place, query_string={"paragraph": key, "q": "evening looms"}).text
    assert f'value="{proposal.ref}"' in found
    assert f'value="{proposal.ref}/answer"' in found
    sent = desk.post(f"{place}/{key}", data={"subject": [proposal.ref, f"{proposal.ref}/answer"], "because": "Hours"})
    assert sent.status_code == 303
    page = desk.get(place).text
    assert "Hours" in page
    assert len(shown(app, made)[0].rests) == 2
    desk.post(f"{place}/{key}/remove", data={"subject": proposal.ref})
    assert len(shown(app, made)[0].rests) == 1


def test_ticking_nothing_says_so_and_keeps_what_was_typed(desk, made, text, leila, home):
    key, place = text.paragraphs[0]["key"], f"{home}/{made[1].public_id}/1/en"
    refused = desk.post(f"{place}/{key}?q=evening", data={"because": "What I typed"})
    assert refused.status_code == 422
    assert "Tick at least one thing" in refused.text
    assert 'value="evening"' in refused.text


def test_the_answer_page_shows_who_shaped_it(desk, perform, made, text, leila, clock):
    _account, sara = resident(perform, "Sara", now=clock.now())
    proposal = submit(perform, made[0], sara, now=clock.now())
    cite(perform, made, text, proposal.ref, actor=leila, now=clock.now())
    page = desk.get(f"/staff/processes/{made[0].public_id}/application/{made[1].public_id}/texts/1/en").text
    assert "Who shaped this text" in page
    assert "Sara" in page
    assert "Rests on nothing so far" in page


def test_a_draft_taken_over_is_offered_its_facts(desk, app, perform, made, leila, clock, home):
    process, dossier = made
    drafted = desk.get(
        f"/staff/processes/{process.public_id}/application/{dossier.public_id}/texts/2/en?take=draft"
    ).text
    assert "The participation process has been open since" in drafted
    write(
        perform,
        made,
        "2",
        "en",
        "The participation process has been open since 21 March 2026.",
        actor=leila,
        now=clock.now(),
    )
    page = desk.get(f"{home}/{dossier.public_id}/2/en").text
    assert f'value="fact/{dossier.public_id}-period"' in page


def test_money_and_french_are_known_again_although_a_saved_text_has_plain_spaces(
    desk, app, perform, made, leila, clock, home
):
    begin_plan(perform, made[0], [adopted_proposal(perform, made[0], now=clock.now())], now=clock.now())
    with app.test_request_context():
        text = drafted(made[0], section("process"), "fr").text
    assert "\u202f" in text
    write(perform, made, "2", "fr", text, actor=leila, now=clock.now())
    page = desk.get(f"{home}/{made[1].public_id}/2/fr").text
    assert all(f'value="fact/{made[1].public_id}-{code}"' in page for code in ("proposals", "answers", "initiatives"))


def test_facts_are_listed_with_their_definitions_and_as_they_were_fixed(app, desk, perform, made, leila, clock, home):
    frozen(app, perform, made, leila, clock)
    page = desk.get(f"{home}/facts").text
    assert "Entries of the public log, and the address of the record of this process." in page
    assert "has moved since" in page


def test_citations_are_no_business_of_people_without_an_office(app, perform, made, text, now, home):
    nima = sign_in(app, make_account(perform, "nima@city.example", now=now, display_name="Nima Rad"), now=now)
    assert nima.get(home).status_code in (403, 404)
    assert nima.get(f"{home}/facts").status_code in (403, 404)


def test_an_evaluator_reads_and_changes_nothing(app, perform, made, text, now, home):
    nima = sign_in(app, person(perform, now, Role.EVALUATOR, "Nima Rad"), now=now)
    place = f"{home}/{made[1].public_id}/1/en"
    assert nima.get(place).status_code == 200
    assert nima.post(f"{place}/{text.paragraphs[0]['key']}", data={"subject": "entry/0"}).status_code == 403


def test_on_paper_a_paragraph_names_what_it_rests_on_and_who_shaped_it(app, perform, made, text, leila, clock):
    _account, sara = resident(perform, "Sara", now=clock.now())
    proposal = submit(perform, made[0], sara, now=clock.now(), title="Looms for everybody")
    cite(perform, made, text, proposal.ref, actor=leila, now=clock.now())
    with app.test_request_context():
        [told] = telling.cited_words(db.session(), application(made[0]), [proposal.ref]).values()
    words, url = told
    assert "Looms for everybody" in words
    assert words.startswith("Proposal “")
    assert url.endswith(proposal.public_id)
