"""Every rule of the guidelines, from facts alone: what is met, partly met, missing, not yet."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.objections.test_checks import facts as proven
from tests.readiness.making import FORM
from ucc_participate.dossier.models import Answer, AnswerState, Dossier, DossierState, FormVersion, Purpose
from ucc_participate.dossier.shipped import shipped
from ucc_participate.inventory.models import InventoryItem, ItemKind, ItemState
from ucc_participate.objections import checks
from ucc_participate.partners.models import PartnerCity
from ucc_participate.plan.models import (
    Indicator,
    IndicatorKind,
    Initiative,
    InitiativeCost,
    InitiativeKind,
    InitiativePartner,
    InitiativeUse,
    Level,
    Plan,
    PlanState,
    Stage,
)
from ucc_participate.plan.parts import ASKED
from ucc_participate.plan.years import Calendar
from ucc_participate.readiness import rules, wording
from ucc_participate.readiness.checklist import rows_of
from ucc_participate.readiness.facts import Facts, Said, Standing
from ucc_participate.readiness.models import Attachment, AttachmentState
from ucc_participate.readiness.rules import RULES
from ucc_participate.readiness.schedule import steps_of
from ucc_participate.resources.models import Body, BodyMember, Certainty, Resource, ResourceKind
from ucc_participate.vocabularies.uccn import AREAS, DIMENSIONS, OBJECTIVES, Sector

TODAY = date(2026, 3, 25)
TEXT = {"fa": "متن", "en": "Text"}


def item(kind: ItemKind, id_: int) -> InventoryItem:
    return InventoryItem(id=id_, public_id=str(id_), kind=kind, title="x")


def indicator(kind: IndicatorKind, **changes: Any) -> Indicator:
    whole = {"baseline": Decimal(1), "target": Decimal(9), "responsible": "Office", "unit": TEXT, "data_source": TEXT}
    return Indicator(kind=kind, title=TEXT, **(whole | changes))


def initiative(number: int, level: Level = Level.LOCAL, **changes: Any) -> Initiative:
    uses = [item(ItemKind.HERITAGE, 1), item(ItemKind.CREATIVE, 2), item(ItemKind.NEED, 3)]
    told = {
        "number": number,
        "kind": InitiativeKind.PROJECT,
        "level": level,
        "title": {"en": f"Initiative {number}", "fa": f"ابتکار {number}"},
        "summary": TEXT,
        "description": TEXT,
        "objectives": tuple(OBJECTIVES),
        "areas": tuple(AREAS),
        "sdgs": ("11",),
        "access": TEXT,
        "enters": TEXT,
        "effects": {each: {"expected": "positive", "text": TEXT} for each in DIMENSIONS},
        "particulars": {area: dict.fromkeys(ASKED[area], "told") for area in AREAS},
        "steps": [{"title": TEXT, "due_on": "2027-01-01"}],
        "owner": "Culture office",
        "partner_search": {},
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2028, 1, 1),
        "uses": [InitiativeUse(item=each, item_id=each.id) for each in uses],
        "partners": [],
        "costs": [InitiativeCost(year=1406, amount=100)],
        "indicators": [indicator(IndicatorKind.OUTPUT), indicator(IndicatorKind.IMPACT)],
    }
    return Initiative(**(told | changes))


def plan(**changes: Any) -> Plan:
    told = {
        "begins_on": date(2026, 11, 1), "calendar": Calendar.JALALI, "currency": "IRR", "vision": {"fa": "چشم‌انداز"},
        "gap_plan": {}, "limits": {}, "status": PlanState.FROZEN, "published_at": proven().now,
    }  # fmt: skip
    return Plan(**(told | changes))


CITY = PartnerCity(name="Isfahan", country="IR", since=2015)
ABROAD = initiative(2, Level.INTERNATIONAL, partners=[InitiativePartner(city=CITY)])


def seat(sector: Sector, sex: str = "female") -> BodyMember:
    return BodyMember(sector=sector, sex=sex, function=TEXT)


def dossier() -> Dossier:
    form = FormVersion(code=FORM, content=shipped()[FORM])
    return Dossier(
        id=1, public_id="d", form=form, purpose=Purpose.APPLICATION, submits_in="en", status=DossierState.DRAFT,
        national_deadline=date(2026, 9, 30), unesco_deadline=date(2026, 10, 30),
    )  # fmt: skip


def attachments() -> list[Attachment]:
    wanted = [("12", 1), ("A1", 1), ("A2", 1), ("A3", 2), ("A4", 3), ("A5", 3), ("council", 1)]
    return [
        Attachment(id=10 * place + n, section=section, number=n, state=AttachmentState.SIGNED,
                   photo_id=40 + n if section == "A5" else None)
        for place, (section, count) in enumerate(wanted) for n in range(1, count + 1)
    ]  # fmt: skip


def answers() -> dict[tuple[str, str], Answer]:
    ids = [each["id"] for each in shipped()[FORM]["sections"]]
    return {(each, "en"): Answer(section=each, language="en", text="Text", state=AnswerState.FINAL) for each in ids}


def facts(**changes: Any) -> Facts:
    """A city that did everything that can be done before the designation."""
    seen = proven()
    held = {"guest.invited": (5,), "need_ranking.told": (6,), "inventory.listed": (7,)}
    seen = replace(seen, entries={**seen.entries, **held})
    file = changes.pop("dossier", dossier())
    papers = changes.pop("attachments", attachments())
    known: dict[str, Any] = {
        "process": seen.process,
        "now": seen.now,
        "today": TODAY,
        "proven": seen,
        "objections": {},
        "plan": plan(),
        "initiatives": [initiative(1), ABROAD],
        "fixed": frozenset(Stage),
        "items": dict.fromkeys(ItemKind, 1),
        "resources": [
            Resource(kind=ResourceKind.PEOPLE, amount=150, year=1406, certainty=Certainty.SECURED),
            Resource(kind=ResourceKind.MONEY, amount=200, year=1406, certainty=Certainty.SECURED, source=TEXT),
        ],
        "bodies": [Body(name=TEXT, rhythm=4, members=[seat(sector) for sector in Sector])],
        "cities": [CITY],
        "adopted": 3,
        "used": 3,
        "dossier": file,
        "answers": answers() if file else {},
        "rows": rows_of(file.form.content, papers, wording.OWN) if file else [],
        "steps": steps_of(seen.process, file, []),
        "uncited": 0,
        "paragraphs": 12,
    }
    known["objections"] = {}
    for finding in checks.find(changes.get("proven", seen)):
        known["objections"].setdefault(finding.rule, []).append(finding)
    return Facts(**(known | changes))


def told(rule: str, **changes: Any) -> Any:
    return next(line for line in rules.find(facts(**changes)) if line.rule == rule)


def test_every_rule_of_the_guidelines_is_answered_once(app):
    documented = re.findall(
        r"^\| ((?:[A-Z]+-)?[A-Z]?\d+) \|", Path("docs/rules.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    wanted = [*OBJECTIVES, *AREAS]
    counts = {"O": 5, "A": 3, "P": 13, "F": 3, "D": 3, "L": 4, "K": 6, "X": 4, "B": 4, "Z": 4}
    wanted += [f"{letter}{number}" for letter, most in counts.items() for number in range(1, most + 1)]
    assert sorted(rule.id for rule in RULES) == sorted(wanted)
    assert {line.rule for line in rules.find(facts())} == set(wanted)
    assert set(documented) <= set(wanted)


def test_who_did_everything_has_only_what_comes_after_the_designation_left(app):
    with app.test_request_context():
        open_ = {line.rule: line.told.standing for line in rules.find(facts()) if line.told.standing != Standing.MET}
    after = dict.fromkeys(("L1", "L2", "L4", "K4", "K5"), Standing.LATER)
    assert open_ == after | {"P9": Standing.LATER, "P13": Standing.LATER, "P11": Standing.PARTLY}


def test_what_is_met_has_nothing_to_do_and_what_is_not_says_who_and_by_when(app):
    for line in rules.find(facts(initiatives=[], dossier=None)):
        wants = line.told.standing in (Standing.MISSING, Standing.PARTLY)
        assert bool(line.told.todos) is wants, line.rule
        assert (line.who is not None) is wants, line.rule
        assert line.told.says, line.rule
    assert told("O2", initiatives=[]).due_on == date(2026, 9, 30) - timedelta(days=60)


def test_a_city_that_has_begun_nothing_is_told_so(app):
    lines = {line.rule: line.told.standing for line in rules.find(facts(plan=None, initiatives=[], dossier=None))}
    assert all(lines[rule] is Standing.MISSING for rule in ("O2", "A1", "F2", "D1", "K1", "K6", "X3", "B2", "Z1", "Z4"))


NONE: Any = {}
RETIRED = InitiativeUse(
    item=InventoryItem(id=7, public_id="7", kind=ItemKind.NEED, title="x", status=ItemState.RETIRED), item_id=7
)
PASSED = {f"objective.{code}": "The city leaves this to the province." for code in OBJECTIVES}
MATRIX = [
    ("OBJ-1", {"initiatives": [initiative(1, objectives=())]}, Standing.PARTLY),
    ("AREA-7", {"initiatives": [initiative(1, areas=())], "proven": replace(proven(), areas={})}, Standing.MISSING),
    ("O1", {"initiatives": [initiative(1), initiative(2, objectives=())]}, Standing.PARTLY),
    ("O2", {"initiatives": [initiative(1, objectives=("OBJ-1",))]}, Standing.PARTLY),
    ("O2", {"initiatives": [initiative(1, objectives=("OBJ-1",))], "passed": PASSED}, Standing.MET),
    ("OBJ-2", {"initiatives": [initiative(1, objectives=("OBJ-1",))], "passed": PASSED}, Standing.PARTLY),
    ("O4", {"initiatives": [initiative(1, access={"fa": " "})]}, Standing.PARTLY),
    ("O5", {"initiatives": [initiative(1, enters=NONE)]}, Standing.MISSING),
    ("A1", {"initiatives": [initiative(1, areas=("AREA-2",))]}, Standing.PARTLY),
    ("A2", {"initiatives": [initiative(1, particulars={"AREA-1": {"end": "June"}})]}, Standing.MISSING),
    (
        "A2",
        {"initiatives": [initiative(1, areas=("AREA-1",), particulars={"AREA-1": {"ends": "June"}})]},
        Standing.MISSING,
    ),
    ("F1", {"items": {ItemKind.HERITAGE: 2}}, Standing.PARTLY),
    ("F1", {"items": {}}, Standing.MISSING),
    ("F2", {"initiatives": [initiative(1), initiative(2, uses=[])]}, Standing.PARTLY),
    ("F3", {"initiatives": [initiative(1, uses=initiative(9).uses[:1])]}, Standing.PARTLY),
    (
        "D1",
        {"initiatives": [initiative(1, effects={"social": {"expected": "positive", "text": TEXT}})]},
        Standing.MISSING,
    ),
    ("D2", {"initiatives": [initiative(1, effects={"social": {"expected": "positive"}})]}, Standing.PARTLY),
    ("D3", {"initiatives": [initiative(1, sdgs=())]}, Standing.MISSING),
    ("L3", {"attachments": [each for each in attachments() if each.section != "council"]}, Standing.PARTLY),
    ("L3", {"attachments": []}, Standing.MISSING),
    ("L4", {"bodies": []}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, ends_on=date(2031, 1, 1))]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, ends_on=date(2030, 11, 1))]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, starts_on=date(2026, 10, 31))]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, ends_on=date(2030, 11, 1))]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, ends_on=date(2030, 10, 31))]}, Standing.MET),
    ("K1", {"initiatives": [initiative(1, description=NONE)]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, owner="")]}, Standing.MISSING),
    ("K1", {"initiatives": [initiative(1, costs=[])]}, Standing.MISSING),
    ("K2", {"initiatives": [initiative(1)]}, Standing.PARTLY),
    ("K2", {"initiatives": [initiative(n) for n in range(4)] + [ABROAD]}, Standing.PARTLY),
    ("K3", {"initiatives": [initiative(1, indicators=[indicator(IndicatorKind.OUTPUT)])]}, Standing.MISSING),
    (
        "K3",
        {"initiatives": [initiative(1, indicators=[indicator(k, target=None) for k in IndicatorKind])]},
        Standing.MISSING,
    ),
    ("K6", {"fixed": frozenset({Stage.CONSULTED})}, Standing.PARTLY),
    ("X1", {"cities": [PartnerCity(name="Ghent", country="BE")]}, Standing.PARTLY),
    ("X1", {"cities": []}, Standing.MISSING),
    ("X2", {"initiatives": [initiative(2, Level.INTERNATIONAL)]}, Standing.MISSING),
    ("X2", {"initiatives": [initiative(2, Level.INTERNATIONAL, partner_search=TEXT)]}, Standing.MET),
    ("X2", {"initiatives": [initiative(1)]}, Standing.MET),
    ("X3", {"plan": plan(published_at=None)}, Standing.PARTLY),
    ("X3", {"initiatives": [initiative(1, title={"fa": "ابتکار"})]}, Standing.MISSING),
    ("B1", {"items": {ItemKind.HERITAGE: 1}}, Standing.MISSING),
    ("B1", {"items": {ItemKind.NEED: 2}}, Standing.PARTLY),
    ("B1", {"initiatives": [initiative(1, uses=[RETIRED])]}, Standing.PARTLY),
    ("B2", {"resources": []}, Standing.MISSING),
    ("B2", {"initiatives": [initiative(n) for n in range(3)]}, Standing.PARTLY),
    ("B2", {"initiatives": [initiative(n) for n in range(3)], "plan": plan(gap_plan=TEXT)}, Standing.MET),
    ("B3", {"bodies": [Body(name=TEXT, rhythm=4, members=[seat(Sector.PUBLIC)])]}, Standing.PARTLY),
    ("B3", {"bodies": [Body(name=TEXT, rhythm=4, members=[seat(s, "male") for s in Sector])]}, Standing.PARTLY),
    ("B4", {"plan": plan(vision={"en": "Only English"})}, Standing.MISSING),
    ("B4", {"plan": plan(published_at=None)}, Standing.PARTLY),
    ("P7", {"used": 1}, Standing.PARTLY),
    ("P8", {"uncited": 4}, Standing.PARTLY),
    ("P8", {"uncited": 12}, Standing.MISSING),
    ("P12", {"answers": {}}, Standing.MISSING),
    ("P12", {"moved": 2}, Standing.PARTLY),
    ("Z1", {"answers": {}}, Standing.MISSING),
    ("Z2", {"attachments": []}, Standing.MISSING),
    ("Z2", {"attachments": [each for each in attachments() if each.section != "A5"]}, Standing.PARTLY),
    ("Z4", {"alike": [("8", "9.3")]}, Standing.PARTLY),
]


@pytest.mark.parametrize(("rule", "changes", "standing"), MATRIX)
def test_a_rule_stands_as_its_facts_do(app, rule, changes, standing):
    with app.test_request_context():
        assert told(rule, **changes).told.standing is standing


def test_a_bad_effect_needs_what_is_accepted_in_exchange(app):
    effects = {each: {"expected": "positive", "text": TEXT} for each in DIMENSIONS}
    effects["environmental"] = {"expected": "negative", "text": TEXT}
    harmful = initiative(1, effects=effects)
    assert told("D2", initiatives=[harmful, ABROAD]).told.standing is Standing.PARTLY
    effects["environmental"]["trade_off"] = {"fa": "می‌پذیریم"}
    assert told("D2", initiatives=[harmful, ABROAD]).told.standing is Standing.MET


def test_the_names_of_what_lacks_something_are_said_and_many_are_cut_short(app):
    lacking = [initiative(n, sdgs=()) for n in range(1, 10)]
    with app.test_request_context():
        says = " ".join(str(each) for each in told("D3", initiatives=[*lacking, ABROAD]).told.says)
    assert "1 of 10 initiatives" in says
    assert "Initiative 6" in says
    assert "Initiative 7" not in says
    assert "3 more" in says


def test_what_another_room_says_takes_the_place_of_not_yet(app):
    late = Said(Standing.PARTLY, "2 of 9 promises are overdue", "See to them", "/promises")
    line = told("L1", said={"L1": [late]})
    assert (line.told.standing, line.told.says) == (Standing.PARTLY, ("2 of 9 promises are overdue",))
    assert line.told.todos[0].url == "/promises"
