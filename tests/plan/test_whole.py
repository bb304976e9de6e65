"""The plan as a whole: rounds of comments, what stands against freezing, versions and what is different, the pages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import text

from tests.plan.builders import BASICS, SETTINGS, WHY, add, answered_process, begin, change, change_plan
from tests.stakeholders.making import ACTORS, drift_faults, staff_browser, told
from ucc_participate.deliberation import policies as talk
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Role
from ucc_participate.plan import discussing, operations, queries
from ucc_participate.plan.blockers import blockers
from ucc_participate.plan.blockers import blockers as all_blockers
from ucc_participate.plan.charts import budget, gantt
from ucc_participate.plan.freezing import standing
from ucc_participate.plan.matrices import matrices
from ucc_participate.plan.models import Budget, Level, PlanState, Stage, Vocabulary
from ucc_participate.plan.money import money_of
from ucc_participate.plan.versions import differences, hash_of
from ucc_participate.resources.models import Certainty, Resource, ResourceKind

REASON = "The council has decided to leave this to the second year of the plan."


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def city(perform, now, clock):
    """A process with a plan of two initiatives, its coordinator."""
    process, leila, proposals, later = answered_process(perform, now)
    begin(perform, process, actor=leila, now=later)
    clock.at = later
    add(perform, process, actor=leila, now=later, sources=proposals)
    abroad = replace(BASICS, level=Level.INTERNATIONAL, title={"en": "A year with Fabriano"}, areas=("AREA-5",))
    add(perform, process, actor=leila, now=later, basics=abroad)
    return process, leila, later


def initiatives(read, process):
    return read(lambda session: queries.initiatives_of(session, plan_in(session, process)))


def plan_in(session, process):
    found = queries.plan_of(session, process)
    assert found is not None
    return found


def plan_of(read, process):
    return read(lambda session: plan_in(session, process))


def standing_now(read, process, now):
    def look(session: Any) -> Any:
        plan = plan_in(session, process)
        return standing(session, plan, queries.initiatives_of(session, plan), now=now)

    return read(look)


def consult(perform, city, days=10):
    process, leila, later = city
    until = later + timedelta(days=days)
    return change_plan(perform, process, operations.consult_plan, until=until, actor=leila, now=later)


def force(perform, city, monkeypatch):
    """Freeze with everything passed over that may be; what may not is taken out of the way for the test's purpose."""
    process, leila, later = city
    from ucc_participate.plan import freezing

    real = all_blockers
    monkeypatch.setattr(
        freezing, "blockers", lambda *args, **kw: [each for each in real(*args, **kw) if each.can_override]
    )

    def work(session: Any, plan: Any, **facts: Any) -> Any:
        left = freezing.standing(session, plan, queries.initiatives_of(session, plan), now=later)
        return operations.freeze_plan(session, plan, overrides={each.key: REASON for each in left}, **facts)

    return change_plan(perform, process, work, actor=leila, now=later)


def test_a_round_fixes_the_draft_publishes_every_state_and_takes_comments(app, perform, read, city):
    process, _leila, _later = city
    assert plan_of(read, process).is_public is False
    version = consult(perform, city)
    plan = plan_of(read, process)
    assert (plan.status, version.stage, version.number) == (PlanState.CONSULTED, Stage.CONSULTED, 1)
    assert [entry.type for entry in told(app, subject=plan.ref)][-1] == "plan.consulted"
    entry = told(app, subject=version.ref)[-1]
    assert (entry.type, entry.payload["sha256"], entry.payload["stage"]) == (
        "plan_version.fixed",
        version.sha256,
        "consulted",
    )
    for each in initiatives(read, process):
        assert told(app, subject=each.ref)[-1].payload == each.public_payload()
    assert drift_faults(app) == []


def test_a_round_is_long_enough_and_is_made_longer_never_shorter(perform, city):
    process, leila, later = city
    with pytest.raises(Invalid):
        consult(perform, city, days=6)
    consult(perform, city, days=10)
    for days, is_fine in ((9, False), (10, False), (12, True)):
        until = later + timedelta(days=days)
        if is_fine:
            change_plan(perform, process, operations.extend_round, until=until, actor=leila, now=later)
        else:
            with pytest.raises(Invalid):
                change_plan(perform, process, operations.extend_round, until=until, actor=leila, now=later)
    with pytest.raises(Conflict):
        change_plan(perform, process, operations.end_round, actor=leila, now=later)
    change_plan(perform, process, operations.end_round, actor=leila, now=later + timedelta(days=12))


def test_only_coordinators_lay_open_freeze_and_take_up_again(perform, city):
    process, _leila, later = city
    for name in ("resident", "delegate", "evaluator", "moderator", "clerk"):
        with pytest.raises(Forbidden):
            change_plan(
                perform,
                process,
                operations.consult_plan,
                until=later + timedelta(days=20),
                actor=ACTORS[name],
                now=later,
            )
        with pytest.raises(Forbidden):
            change_plan(perform, process, operations.freeze_plan, actor=ACTORS[name], now=later)


def test_comments_are_taken_in_the_round_whatever_the_phase_and_not_outside_it(app, perform, read, city):
    process, leila, later = city
    consult(perform, city, days=400)
    far = later + timedelta(days=390)
    with app.test_request_context():
        plan = plan_of(read, process)
        topic = read(lambda session: discussing.PLAN.load(session, plan.ref, ACTORS["resident"], far))
        assert talk.can_comment(ACTORS["resident"], topic, now=far)
        assert not talk.is_open(topic.process, far)
        assert not talk.can_comment(ACTORS["resident"], topic, now=later + timedelta(days=400))
    change_plan(perform, process, operations.end_round, actor=leila, now=later + timedelta(days=401))
    topic = read(lambda session: discussing.PLAN.load(session, plan.ref, ACTORS["resident"], far))
    assert topic.refusal == discussing.NO_ROUND


def test_freezing_names_everything_that_is_missing_and_changes_nothing(app, perform, read, city):
    process, leila, later = city
    with pytest.raises(operations.Standing) as refused:
        change_plan(perform, process, operations.freeze_plan, actor=leila, now=later)
    codes = {each.code for each in refused.value.left}
    assert {
        "missing.schedule.owner",
        "missing.indicators.output",
        "missing.budget.costs",
        "objective.OBJ-1",
        "assets.heritage",
    } <= codes
    assert not any(each.code.startswith("objective.OBJ-2") for each in refused.value.left)
    assert plan_of(read, process).status is PlanState.DRAFT
    assert read(lambda session: queries.versions_of(session, plan_in(session, process))) == []


def test_an_initiative_outside_the_four_years_blocks_and_cannot_be_passed_over(perform, read, city):
    process, _leila, later = city
    made = initiatives(read, process)[0]
    plan = plan_of(read, process)
    made.starts_on, made.ends_on = plan.begins_on, plan.ends_on
    found = blockers(plan, [made], money_of(plan, [made], []), now=later)
    outside = [each for each in found if each.code == "days.outside"]
    assert len(outside) == 1
    assert not outside[0].can_override
    made.ends_on = plan.ends_on - timedelta(days=1)
    assert "days.outside" not in {each.code for each in blockers(plan, [made], money_of(plan, [made], []), now=later)}


def test_costs_above_resources_block_until_there_is_money_or_a_plan_for_the_gap(perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]
    change(perform, process, made, operations.revise_initiative, Budget({1406: 500, 1407: 300}), actor=leila, now=later)
    assert "money.short" in {each.code for each in standing_now(read, process, later)}

    def bring(session: Any) -> Any:
        session.add(
            Resource(
                public_id="money1", process_id=process.id, kind=ResourceKind.MONEY, year=1406, source={"en": "Council"},
                amount=900, certainty=Certainty.EXPECTED, created_at=later,
            )
        )  # fmt: skip
        plan = plan_in(session, process)
        return operations.revise_plan(session, plan, replace(SETTINGS, vision={"en": "Looms"}), actor=leila, now=later)

    perform(bring)
    codes = {each.code for each in standing_now(read, process, later)}
    assert "money.short" not in codes
    assert "money.year.1407" in codes
    told_ = replace(SETTINGS, gap_plan={"en": "The chamber has promised to lend it."})
    change_plan(perform, process, operations.revise_plan, told_, actor=leila, now=later)
    assert not any(each.code.startswith("money") for each in standing_now(read, process, later))


def test_passing_over_needs_a_reason_that_is_published(app, perform, read, city, monkeypatch):
    version = force(perform, city, monkeypatch)
    process, leila, later = city
    plan = plan_of(read, process)
    assert (plan.status, version.stage) == (PlanState.FROZEN, Stage.SUBMITTED)
    assert version.overrides["objective.OBJ-1"] == REASON
    assert told(app, subject=version.ref)[-1].payload["overrides"]["objective.OBJ-1"] == REASON
    assert drift_faults(app) == []
    with pytest.raises(Conflict):
        change_plan(perform, process, operations.revise_plan, SETTINGS, actor=leila, now=later)


def test_a_reason_of_two_words_is_none(perform, city, monkeypatch):
    _process, _leila, _later = city
    monkeypatch.setattr("tests.plan.test_whole.REASON", "Not now")
    with pytest.raises(Invalid):
        force(perform, city, monkeypatch)


def test_whoever_follows_the_freezing_runs_in_it(app, perform, city, monkeypatch):
    seen = []
    process, leila, later = city
    monkeypatch.setattr("ucc_participate.plan.freezing.blockers", lambda *args, **kw: [])

    def follow(session: Any, plan: Any, version: Any, *, actor: Any, now: Any) -> None:
        seen.append((plan.ref, version.number, actor, now))

    change_plan(perform, process, operations.freeze_plan, follows=(follow,), actor=leila, now=later)
    assert [each[1:] for each in seen] == [(1, leila, later)]


def test_a_frozen_plan_is_taken_up_again_with_a_reason_and_its_version_stays(app, perform, read, city, monkeypatch):
    process, leila, later = city
    first = force(perform, city, monkeypatch)
    with pytest.raises(Invalid):
        change_plan(perform, process, operations.unfreeze_plan, reason="Why not", actor=leila, now=later)
    change_plan(perform, process, operations.unfreeze_plan, reason=REASON, actor=leila, now=later)
    plan = plan_of(read, process)
    entry = told(app, subject=plan.ref)[-1]
    assert (entry.type, entry.payload["reason"], plan.status) == ("plan.unfrozen", REASON, PlanState.DRAFT)
    kept = read(lambda session: queries.get_version(session, plan_in(session, process), 1))
    assert kept.sha256 == first.sha256 == hash_of(kept.content)


def test_a_version_that_is_changed_in_the_database_is_named(app, perform, read, city):
    version = consult(perform, city)

    def spoil(session: Any) -> None:
        session.execute(text('UPDATE plan_version SET content = \'{"plan": {}, "initiatives": {}, "resources": {}}\''))

    with app.app_context():
        from ucc_participate.kernel.db import db

        with db.engine.begin() as connection:
            spoil(connection)
    assert any(version.ref in fault and "sha256" in fault for fault in drift_faults(app))


def test_differences_name_what_came_what_went_and_what_changed(perform, read, city):
    process, leila, later = city
    consult(perform, city)
    one, two = initiatives(read, process)
    change(
        perform, process, one, operations.revise_initiative, replace(BASICS, title={"en": "A school of looms"}),
        actor=leila, now=later,
    )  # fmt: skip
    change(perform, process, two, operations.drop_initiative, reason=WHY, actor=leila, now=later)
    third = add(perform, process, actor=leila, now=later, basics=replace(BASICS, title={"en": "A fair of pots"}))

    def compare(session: Any) -> Any:
        plan = plan_in(session, process)
        from ucc_participate.plan.versions import content_of

        old = queries.get_version(session, plan, 1).content
        return differences(old, content_of(plan, queries.initiatives_of(session, plan), []), locale="en")

    found = read(compare)
    assert {each.public_id: each.fate for each in found.initiatives} == {
        one.public_id: "changed", two.public_id: "gone", third.public_id: "added",
    }  # fmt: skip
    changed = next(each for each in found.initiatives if each.fate == "changed")
    titles = [(each.old, each.new) for each in changed.changes if str(each.label) == "Title"]
    assert titles == [("A school of the loom\nمدرسهٔ دار قالی", "A school of looms")]


def test_matrices_show_gaps_both_ways_in_the_words_of_2013_and_of_today(read, city):
    process, _leila, _later = city
    found = initiatives(read, process)
    then = {each.code: each for each in matrices(found, needs=[], assets=[], vocabulary=Vocabulary.HANDBOOK_2013)}
    assert [row.key for row in then["objectives"].gaps] == ["OBJ-1", "OBJ-3", "OBJ-4"]
    assert [row.key for row in then["areas"].rows if row.filled] == ["AREA-5", "AREA-6"]
    assert [row.filled for row in then["levels"].rows] == [1, 1]
    assert [key for key, _label in then["effects"].loose] == [each.public_id for each in found]
    now_ = {each.code: each for each in matrices(found, needs=[], assets=[], vocabulary=Vocabulary.MISSION_STATEMENT)}
    assert {row.key: row.filled for row in now_["objectives"].rows} == {
        "M1": 1, "M2": 0, "M3": 0, "M4": 0, "M5": 2, "M6": 0,
    }  # fmt: skip
    assert [row.key for row in now_["objectives"].gaps] == ["M2", "M3", "M6"]
    assert {row.key: row.filled for row in now_["areas"].rows} == {"a": 0, "b": 0, "c": 2, "d": 0, "e": 0, "f": 0}


def test_charts_place_days_within_the_four_years_and_money_on_one_scale(read, city):
    process, _leila, _later = city
    plan, (one, two) = plan_of(read, process), initiatives(read, process)
    one.starts_on, one.ends_on = plan.begins_on, date(2029, 10, 1)
    picture = gantt(plan, [one, two])
    assert (picture.bars[0].x, round(picture.bars[0].width, 2)) == (0.0, 0.5)
    assert [each.public_id for each in picture.undated] == [two.public_id]
    money = money_of(plan, [one, two], [])
    assert [row.year.year for row in budget(money)] == plan.years


def test_everybody_reads_the_public_plan_and_nobody_the_draft(client, perform, city):
    process, _leila, _later = city
    pages = [
        f"/p/{process.public_id}/plan{end}"
        for end in ("", "/matrices", "/matrices?words=now", "/overview", "/versions")
    ]
    assert [client.get(page).status_code for page in pages] == [200, 404, 404, 404, 404]
    assert "There is no plan to read yet" in client.get(f"{pages[0]}?lang=en").get_data(as_text=True)
    consult(perform, city)
    assert [client.get(page).status_code for page in pages] == [200] * 5
    assert "A school of the loom" in client.get(pages[0] + "?lang=en").text
    version = client.get(f"/p/{process.public_id}/plan/versions/1.json")
    from hashlib import sha256

    assert sha256(version.data).hexdigest() in told_hashes(client, process)


def told_hashes(client, process):
    page = client.get(f"/p/{process.public_id}/plan/versions").text
    import re

    return re.findall(r"[0-9a-f]{64}", page)


def test_the_overview_is_one_sheet_however_long_the_plan(client, perform, city):
    process, leila, later = city
    for number in range(24):
        add(
            perform, process, actor=leila, now=later,
            basics=replace(BASICS, title={"en": f"Workshop {number}"}, summary={"en": "A sentence about it. " * 8}),
        )  # fmt: skip
    consult(perform, city)
    answer = client.get(f"/p/{process.public_id}/plan/overview.pdf")
    document = PdfReader(io.BytesIO(answer.data))
    assert (answer.mimetype, len(document.pages)) == ("application/pdf", 1)


def test_the_desk_lists_blockers_and_keeps_what_was_typed(app, perform, clock, city):
    process, _leila, _later = city
    desk = staff_browser(app, perform, Role.COORDINATOR, now=clock.now())
    home = f"/staff/processes/{process.public_id}/plan"
    assert desk.get(home).status_code == 200
    page = desk.get(home + "/freeze")
    assert 'name="because-objective.OBJ-1"' in page.text
    refused = desk.post(home + "/freeze", data={"because-objective.OBJ-1": REASON, "note": "For the ministry"})
    assert refused.status_code == 409
    assert REASON in refused.text
    assert "For the ministry" in refused.text
    assert desk.get(home + "/round").status_code == 200
