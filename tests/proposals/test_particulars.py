"""What a proposal says beyond its text: own questions, place, links; on the form, the page and in the log."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.kernel.test_geography import CITY as CITY_MAP
from tests.kernel.test_geography import micro
from tests.proposals.making import content, draft, official, proposing_process, submit
from tests.proposals.test_views import FORM
from tests.stakeholders.making import CITY, acting, drift_faults, told
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.processes.queries import process_to_change
from ucc_participate.proposals import operations, queries
from ucc_participate.proposals.models import FieldKind, FieldState, Particulars, Proposal, Question
from ucc_participate.proposals.views import places

LABELS = ({"en": "By bus", "fa": "با اتوبوس"}, {"en": "On foot"})
WRONG: list[tuple[FieldKind, Any]] = [
    (FieldKind.SHORT_TEXT, "x" * 201),
    (FieldKind.LONG_TEXT, "x" * 4_001),
    (FieldKind.NUMBER, 1.5),
    (FieldKind.NUMBER, 10**16),
    (FieldKind.NUMBER, True),
    (FieldKind.CHOICE, "c3"),
    (FieldKind.CHOICES, ["c1", "c9"]),
    (FieldKind.CHOICES, "c1"),
    (FieldKind.DATE, "yesterday"),
    (FieldKind.YES_NO, "yes"),
]
RIGHT: list[tuple[FieldKind, Any, Any]] = [
    (FieldKind.SHORT_TEXT, "  two   words ", "two words"),
    (FieldKind.LONG_TEXT, "a\r\nb", "a\nb"),
    (FieldKind.NUMBER, 0, 0),
    (FieldKind.CHOICE, "c2", "c2"),
    (FieldKind.CHOICES, ["c2", "c1"], ["c1", "c2"]),
    (FieldKind.DATE, date(2026, 4, 1), "2026-04-01"),
    (FieldKind.YES_NO, False, False),
]


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def hers(app, sara, clock, process):
    return sign_in(app, sara, now=clock.now())


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


@pytest.fixture
def desk(app, perform, now, clock, process):
    account = make_account(perform, "desk@city.example", now=now, display_name="Desk", roles=(Role.COORDINATOR,))
    return sign_in(app, account, now=clock.now())


@pytest.fixture
def home(process):
    return f"/p/{process.public_id}/proposals"


@pytest.fixture
def city_map(perform, clock):
    return perform(lambda s: operations.add_district_map(s, CITY_MAP, "Survey of 1404", actor=CITY, now=clock.now()))


def question(kind: FieldKind = FieldKind.SHORT_TEXT, **changes: Any) -> Question:
    options = LABELS if kind in (FieldKind.CHOICE, FieldKind.CHOICES) else ()
    return Question(**{"kind": kind, "label": {"en": f"About {kind.value}"}, "options": options} | changes)


def do(perform: Any, process: Any, operation: Any, *args: Any, actor: Any, now: Any, **facts: Any) -> Any:
    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operation(session, found, *args, actor=actor, now=now, **facts)

    return perform(work)


def newest(read: Any) -> Proposal:
    found: Proposal = read(lambda s: s.scalars(select(Proposal).order_by(Proposal.id.desc())).first())
    return found


# --- questions of a process


def test_a_question_is_noted_with_all_that_it_says(app, perform, process, leila, clock):
    asked = do(perform, process, operations.add_field, question(FieldKind.CHOICE), actor=leila, now=clock.now())
    [entry] = told(app, subject=f"{process.ref}/field/{asked.code}")
    assert entry.type == "proposal_field.added"
    assert entry.payload["options"] == [{"id": "c1", "label": LABELS[0]}, {"id": "c2", "label": LABELS[1]}]
    assert (entry.payload["state"], entry.payload["is_required"]) == ("asked", False)
    assert drift_faults(app) == []


@pytest.mark.parametrize(("kind", "given", "kept"), RIGHT)
def test_an_answer_is_kept_and_logged_under_the_code_of_its_question(
    app, perform, read, process, sara, leila, clock, kind, given, kept
):
    asked = do(perform, process, operations.add_field, question(kind), actor=leila, now=clock.now())
    told_ = Particulars(fields={asked.code: given})
    made = submit(perform, process, acting(sara), now=clock.now(), particulars=told_)
    assert newest(read).fields == {asked.code: kept}
    assert told(app, subject=made.ref)[-1].payload["fields"] == {asked.code: kept}
    assert drift_faults(app) == []


@pytest.mark.parametrize(("kind", "given"), WRONG)
def test_an_answer_of_the_wrong_kind_is_refused_at_its_question(perform, process, sara, leila, clock, kind, given):
    asked = do(perform, process, operations.add_field, question(kind), actor=leila, now=clock.now())
    with pytest.raises(Invalid):
        submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(fields={asked.code: given}))


def test_a_draft_may_lack_what_sending_requires(perform, process, sara, leila, clock):
    asked = do(perform, process, operations.add_field, question(is_required=True), actor=leila, now=clock.now())
    assert draft(perform, process, acting(sara), now=clock.now()).is_draft
    with pytest.raises(Invalid) as refusal:
        submit(perform, process, acting(sara), now=clock.now())
    assert refusal.value.field == f"own_{asked.code}"


def test_an_unused_question_is_removed_and_an_answered_one_only_retired(
    app, perform, read, process, sara, leila, clock
):
    used, unused = (
        do(perform, process, operations.add_field, question(), actor=leila, now=clock.now()) for _ in range(2)
    )
    submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(fields={used.code: "Answer"}))
    states = [
        do(perform, process, operations.drop_field, one.code, actor=leila, now=clock.now()) for one in (used, unused)
    ]
    assert states == [FieldState.RETIRED, FieldState.REMOVED]
    assert [one.code for one in read(lambda s: queries.fields_of(s, process))] == [used.code]
    assert drift_faults(app) == []
    do(perform, process, operations.resume_field, used.code, actor=leila, now=clock.now())
    with pytest.raises(Conflict):
        do(perform, process, operations.resume_field, used.code, actor=leila, now=clock.now())


def test_an_answer_to_a_retired_question_survives_a_later_save(perform, read, process, sara, leila, clock):
    asked = do(perform, process, operations.add_field, question(), actor=leila, now=clock.now())
    answered = Particulars(fields={asked.code: "Answer"})
    key = "k" * 22
    draft(perform, process, acting(sara), now=clock.now(), key=key, particulars=answered)
    do(perform, process, operations.drop_field, asked.code, actor=leila, now=clock.now())
    draft(perform, process, acting(sara), now=clock.now(), key=key, title="Another title for it")
    assert newest(read).fields == {asked.code: "Answer"}


def test_choices_that_were_answered_cannot_be_left_out(perform, process, sara, leila, clock):
    asked = do(perform, process, operations.add_field, question(FieldKind.CHOICE), actor=leila, now=clock.now())
    submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(fields={asked.code: "c2"}))
    three = question(FieldKind.CHOICE, options=(*LABELS, {"en": "By bicycle"}))
    do(perform, process, operations.revise_field, asked.code, three, actor=leila, now=clock.now())
    with pytest.raises(Invalid) as refusal:
        do(
            perform,
            process,
            operations.revise_field,
            asked.code,
            question(FieldKind.CHOICE),
            actor=leila,
            now=clock.now(),
        )
    assert refusal.value.field == "options"


@pytest.mark.parametrize("options", [(), ({"en": "one"},), tuple({"en": str(n)} for n in range(31))])
def test_a_choice_needs_from_two_to_thirty(perform, process, leila, clock, options):
    with pytest.raises(Invalid):
        do(
            perform,
            process,
            operations.add_field,
            question(FieldKind.CHOICE, options=options),
            actor=leila,
            now=clock.now(),
        )


def test_only_a_coordinator_asks_and_only_until_the_process_is_closed(perform, process, sara, clock):
    for actor in (acting(sara), acting(sara, Role.CLERK), acting(sara, Role.EVALUATOR)):
        with pytest.raises(Forbidden):
            do(perform, process, operations.add_field, question(), actor=actor, now=clock.now())


# --- place


def test_a_point_decides_the_district_and_is_logged_in_whole_numbers(
    app, perform, read, process, sara, city_map, clock
):
    told_ = Particulars(latitude=micro(0.5), longitude=micro(1.1), district="old")
    made = submit(perform, process, acting(sara), now=clock.now(), particulars=told_)
    payload = told(app, subject=made.ref)[-1].payload
    assert (payload["latitude"], payload["longitude"], payload["district"]) == (500_000, 1_100_000, "d2")
    assert read(lambda s: queries.counts_by_district(s, process, ["old", "d2"])) == {"old": 0, "d2": 1}
    assert drift_faults(app) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [(1, None, "longitude"), (None, 1, "latitude"), (91_000_000, 0, "latitude"), (0, -180_000_001, "longitude")],
)
def test_half_a_point_and_one_beyond_the_earth_are_refused(perform, process, sara, clock, latitude, longitude, field):
    with pytest.raises(Invalid) as refusal:
        submit(
            perform,
            process,
            acting(sara),
            now=clock.now(),
            particulars=Particulars(latitude=latitude, longitude=longitude),
        )
    assert refusal.value.field == field


def test_a_point_outside_has_no_district_and_one_may_be_chosen_without_a_point(
    perform, read, process, sara, city_map, clock
):
    outside = Particulars(latitude=micro(9), longitude=micro(9))
    submit(perform, process, acting(sara), now=clock.now(), particulars=outside)
    assert newest(read).district is None
    submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(district="les-corts"))
    assert newest(read).district == "les-corts"
    with pytest.raises(Invalid):
        submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(district="nowhere"))


def test_a_withdrawn_proposal_leaves_the_map(perform, read, process, sara, city_map, clock):
    made = submit(perform, process, acting(sara), now=clock.now(), particulars=Particulars(district="old"))

    def work(session: Any) -> None:
        found = process_to_change(session, process.public_id, actor=CITY)
        mine = queries.proposal_to_change(session, found, made.public_id, actor=acting(sara), now=clock.now())
        operations.withdraw_proposal(session, mine, actor=acting(sara), now=clock.now())

    perform(work)
    assert read(lambda s: queries.counts_by_district(s, process, ["old"])) == {"old": 0}


def test_needs_and_assets_must_be_of_this_process(perform, process, sara, clock):
    for links in (Particulars(needs=("nothing1",)), Particulars(assets=("nothing1",))):
        with pytest.raises(Invalid):
            submit(perform, process, acting(sara), now=clock.now(), particulars=links)


# --- pages


def post(browser: Any, home: str, **changes: Any) -> Any:
    typed = {name: value for name, value in (FORM | {"send": "1", "seen": "1"} | changes).items() if value is not None}
    return browser.post(f"{home}/new", data=typed)


def test_a_coordinator_adds_a_question_and_people_find_it_in_the_form(desk, hers, client, process, home):
    page = f"/staff/processes/{process.public_id}/proposal-settings"
    assert "No own questions" in desk.get(page).text
    asked = {"kind": "choice", "label-en": "How do you come?", "options-en": "By bus\nOn foot", "is_required": "y"}
    assert desk.post(f"{page}/questions/new", data=asked).status_code == 303
    assert "must be answered" in desk.get(page).text
    assert "How do you come?" in hers.get(f"{home}/new").text
    refused = post(hers, home)
    assert refused.status_code == 422
    assert "Choose one." in refused.text
    code = refused.text.partition('name="own_')[2].partition('"')[0]
    where = post(hers, home, **{f"own_{code}": "c2"}).location
    shown = client.get(where).text
    assert "How do you come?" in shown
    assert "On foot" in shown


def test_a_question_is_moved_dropped_and_asked_again_by_buttons(desk, hers, read, process, home):
    page = f"/staff/processes/{process.public_id}/proposal-settings"
    for name in ("First", "Second"):
        desk.post(f"{page}/questions/new", data={"kind": "short_text", "label-en": name})
    first, second = (one.code for one in read(lambda s: queries.fields_of(s, process)))
    desk.post(f"{page}/questions/{second}/change", data={"deed": "up"})
    assert [one.code for one in read(lambda s: queries.fields_of(s, process))] == [second, first]
    assert desk.post(f"{page}/questions/{second}/change", data={"deed": "up"}).status_code == 409
    post(hers, home, **{f"own_{first}": "Answer"})
    desk.post(f"{page}/questions/{first}/change", data={"deed": "drop"})
    assert "asked no more" in desk.get(page).text
    assert f"own_{first}" not in hers.get(f"{home}/new").text
    desk.post(f"{page}/questions/{first}/change", data={"deed": "resume"})
    assert f"own_{first}" in hers.get(f"{home}/new").text
    changed = desk.post(f"{page}/questions/{first}", data={"kind": "short_text", "label-en": "Renamed"})
    assert changed.status_code == 303
    assert "Renamed" in desk.get(page).text


def test_the_desk_of_questions_is_closed_to_others(hers, process):
    page = f"/staff/processes/{process.public_id}/proposal-settings"
    assert hers.get(page).status_code == 403
    assert hers.post(f"{page}/questions/new", data={"kind": "number", "label-en": "x"}).status_code == 403
    assert hers.get("/staff/districts").status_code == 403


def test_coordinates_may_be_typed_in_persian_digits(hers, client, read, home, city_map):
    where = post(hers, home, latitude="۰٫۵", longitude="٠.٥").location
    made = newest(read)
    assert (made.latitude, made.longitude, made.district) == (500_000, 500_000, "old")
    page = client.get(where).text
    assert "Old town" in page
    assert "geo:0.5,0.5" in page


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"latitude": "91", "longitude": "0"}, "90"),
        ({"latitude": "31.5"}, "or neither"),
        ({"latitude": "north", "longitude": "0"}, "number"),
        ({"district": "nowhere"}, "not"),
    ],
)
def test_a_place_that_is_none_comes_back_with_what_was_typed(hers, home, city_map, typed, why):
    refused = post(hers, home, **typed)
    assert refused.status_code == 422
    assert why in refused.text
    assert FORM["body"] in refused.text


def test_the_map_counts_in_words_and_leads_to_the_list_of_each_district(hers, client, desk, process, home):
    empty = client.get(f"{home}/map").text
    assert "There is no map yet" in empty
    brought = desk.post(
        "/staff/districts",
        data={"file": (BytesIO(CITY_MAP), "city.geojson"), "source": "Survey of 1404"},
        content_type="multipart/form-data",
    )
    assert brought.status_code == 303
    post(hers, home, district="old")
    page = client.get(f"{home}/map").text
    assert 'direction="ltr"' in page
    assert "Old town: 1 proposal" in page
    assert "Les Corts: 0 proposals" in page
    assert "0 proposals say no district" in page
    listed = client.get(f"{home}?district=old").text
    assert FORM["title"] in listed
    assert FORM["title"] not in client.get(f"{home}?district=les-corts").text


def test_a_map_that_is_none_is_refused_on_the_page(desk, monkeypatch):
    monkeypatch.setattr(places, "LARGEST_MAP", 1_000)
    for content_ in (b"", b"{}", b"x" * 1_001):
        refused = desk.post(
            "/staff/districts",
            data={"file": (BytesIO(content_), "city.geojson"), "source": "Survey"},
            content_type="multipart/form-data",
        )
        assert refused.status_code == 422


def test_pasted_html_becomes_its_text_and_nothing_of_it_acts(hers, client, read, home):
    pasted = '<div onclick="x()">The <b>looms</b> stand still.</div><script>alert(1)</script><ul><li>One</li></ul>'
    where = post(hers, home, body=pasted, summary="<p>In short.</p>", title="<b>Weaving</b> in the evening").location
    made = newest(read)
    assert made.body == "The **looms** stand still.\n\n- One"
    assert made.summary == "In short."
    page = client.get(where).text
    assert "<script>alert" not in page
    assert "onclick" not in page
    assert "&lt;b&gt;Weaving&lt;/b&gt;" in page


def test_a_paste_of_two_megabytes_comes_back_with_a_clear_word_and_whole(hers, home):
    long = "سفال " * 400_000
    refused = post(hers, home, body=long)
    assert refused.status_code == 422
    assert "Shorten this to 8,000 characters. It has 1,999,999." in refused.text
    assert refused.text.count("سفال") >= 400_000
    assert FORM["summary"] in refused.text


def test_content_that_a_caller_makes_up_is_checked_too(perform, process, sara, clock):
    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        told_ = content(particulars=Particulars(fields={"unknown1": "x"}))
        return operations.submit_proposal(session, found, told_, actor=acting(sara), now=clock.now(), currency="IRR")

    assert perform(work).fields is None
