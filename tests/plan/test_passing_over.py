"""What is passed over in freezing is named for good: by itself, not by its place in a list, and in words beside it."""

from __future__ import annotations

import pytest

from tests.plan.builders import change, change_plan
from tests.plan.test_whole import REASON, city, force, initiatives, now, standing_now
from ucc_participate.plan import operations
from ucc_participate.plan.models import Benefit, PlanVersion
from ucc_participate.plan.parts import LACKS
from ucc_participate.plan.saying import passed_over, words

__all__ = ["city", "now"]
ENTERS = "Who gains from it: which local plan, article or budget line it enters is not written yet."


def test_what_is_missing_keeps_its_key_when_something_else_is_written(perform, read, city):
    process, leila, later = city
    made = initiatives(read, process)[0]

    def enters() -> str:
        found = standing_now(read, process, later)
        return next(each.key for each in found if each.initiative == made.public_id and str(each.text) == ENTERS)

    before = enters()
    told = Benefit(beneficiaries=("women",), access={"en": "Free of charge"})
    change(perform, process, made, operations.revise_initiative, told, actor=leila, now=later)
    assert enters() == before == f"missing.benefit.enters:{made.public_id}"


def test_the_versions_say_in_words_what_was_passed_over(client, perform, read, city, monkeypatch):
    force(perform, city, monkeypatch)
    made = initiatives(read, city[0])[0]
    page = client.get(f"/p/{city[0].public_id}/plan/versions?lang=en").text
    assert "No initiative serves the objective" in page
    assert ENTERS in page
    assert REASON in page
    assert "missing.benefit" not in page
    assert made.title["en"] in page


@pytest.mark.parametrize("code", [f"missing.{part}.{code}" for part, codes in LACKS.items() for code in codes])
def test_every_thing_that_may_be_missing_has_its_words(app, code):
    with app.test_request_context("/?lang=en"):
        assert "is not written yet." in str(words(code))


def test_codes_of_earlier_versions_are_shown_as_they_are(app):
    version = PlanVersion(overrides={"missing.benefit.2:abc": REASON, "money.year.1407": REASON, "limit.local": REASON})
    with app.test_request_context("/?lang=en"):
        told = [(each.title, str(each.words)) for each in passed_over(version, {"abc": {"en": "Looms"}})]
    assert told == [
        ({"en": "Looms"}, "missing.benefit.2"),
        (None, "In 1407 the initiatives cost more than there is."),
        (None, "More initiatives than the form takes: In the city."),
    ]


def test_a_plan_that_is_taken_up_again_says_so_and_leads_to_what_was_frozen(client, perform, city, monkeypatch):
    process, leila, later = city
    force(perform, city, monkeypatch)
    address = f"/p/{process.public_id}/plan?lang=en"
    assert "writing this plan again" not in client.get(address).text
    change_plan(perform, process, operations.unfreeze_plan, reason=REASON, actor=leila, now=later)
    page = client.get(address).text
    assert "writing this plan again" in page
    assert "What was frozen is kept as version 1." in page
