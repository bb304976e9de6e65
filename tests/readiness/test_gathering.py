"""What the rules are given to look at: only what is handed in, and what can rest on something."""

from __future__ import annotations

import pytest

from tests.citing.making import adopted_proposal
from tests.dossier.making import act, enter, finish, make_dossier, official, short_form, write, write_all
from tests.processes.making import day
from tests.stakeholders.making import CITY
from ucc_participate.dossier import operations
from ucc_participate.kernel.db import db, table_of
from ucc_participate.processes.queries import get_process
from ucc_participate.proposals.models import Proposal
from ucc_participate.readiness.queries import gather

PHRASE = "No relevant information to provide"
SAME = "We asked the weavers and the potters of all quarters what they need most, and wrote down what they said to us."


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def made(perform, now):
    return make_dossier(perform, now)


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


def gathered(app, made, now):
    with app.test_request_context():
        process = get_process(db.session(), made[0].public_id, actor=CITY)
        return gather(db.session(), process, now=now)


def test_only_running_texts_are_asked_on_what_they_rest(app, perform, made, leila, now):
    write_all(perform, made, actor=leila, now=now)
    facts = gathered(app, made, now)
    assert (facts.uncited, facts.paragraphs) == (3, 3), "neither contacts nor choices nor addresses"


def test_the_phrase_for_nothing_to_say_rests_on_nothing(app, perform, made, leila, now):
    for section, text in (("1", "Sepidrud"), ("2", PHRASE)):
        write(perform, made, section, "en", text, actor=leila, now=now)
        finish(perform, made, section, "en", actor=leila, now=now)
    assert gathered(app, made, now).paragraphs == 1


def test_what_stands_beside_the_form_is_not_looked_at(app, perform, made, leila, now):
    for section in ("1", "2"):
        write(perform, made, section, "en", SAME, actor=leila, now=now)
        finish(perform, made, section, "en", actor=leila, now=now)
    facts = gathered(app, made, now)
    assert (facts.paragraphs, facts.alike) == (2, [("1", "2")])
    shorter = short_form(code="shorter-2027")
    shorter["sections"] = [each for each in shorter["sections"] if each["id"] != "2"]
    act(perform, made, operations.change_form, enter(perform, shorter, now), actor=leila, now=now)
    facts = gathered(app, made, now)
    assert (facts.paragraphs, facts.alike) == (1, [])


def test_an_adopted_proposal_that_moderation_withholds_is_not_asked_for_in_the_plan(app, perform, made, clock):
    clock.at = day(clock.now(), 8)
    proposal = adopted_proposal(perform, made[0], now=clock.now())
    assert gathered(app, made, clock.now()).adopted == 1
    with app.app_context(), db.engine.begin() as connection:
        rows = table_of(Proposal)
        connection.execute(rows.update().where(rows.c.id == proposal.id).values(standing="hidden"))
    assert gathered(app, made, clock.now()).adopted == 0
