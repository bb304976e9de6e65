"""Who may do what: role × authorship × standing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from tests.stakeholders.making import ACTORS
from ucc_participate.kernel.decision import Denied
from ucc_participate.kernel.errors import Conflict, Forbidden, NotFound, SignInNeeded
from ucc_participate.moderation import policies
from ucc_participate.moderation.kinds import Contribution
from ucc_participate.moderation.models import Act, Appeal, Block, Decision, Reason, Standing
from ucc_participate.processes.models import Process, ProcessState

NOW = datetime(2026, 4, 1, tzinfo=timezone.utc)
PROCESS = Process(id=1, public_id="p", title={"en": "P"}, status=ProcessState.OPEN, phases=[], documents=[])
JUDGES = {"moderator", "coordinator", "system"}


def contribution(standing=Standing.SHOWN, author=1, organisation=None):
    return Contribution("note/1", PROCESS, (author,), "T", "t", "/", NOW, standing, organisation)


def errors(policy, *things, **facts):
    found = {name: policy(actor, *things, now=NOW, **facts) for name, actor in ACTORS.items()}
    return {name: made.error if isinstance(made, Denied) else None for name, made in found.items()}


def only(*names, otherwise=Forbidden):
    return {name: None if name in names else otherwise for name in ACTORS}


def test_moderators_and_coordinators_judge_and_nobody_else():
    assert errors(policies.can_judge, contribution()) == only(*JUDGES)
    assert errors(policies.can_read_queue, PROCESS) == only(*JUDGES)
    assert errors(policies.can_read_figures, PROCESS) == only(*JUDGES, "evaluator")
    assert errors(policies.can_set_rules, PROCESS) == only("coordinator", "system")


def test_everybody_signed_in_flags_what_everybody_reads():
    expected = dict.fromkeys(ACTORS) | {"visitor": SignInNeeded, "system": SignInNeeded}
    assert errors(policies.can_flag, contribution()) == expected
    for standing in (Standing.HELD, Standing.HIDDEN):
        assert set(errors(policies.can_flag, contribution(standing)).values()) == {NotFound, SignInNeeded}


@pytest.mark.parametrize("name", ["moderator", "coordinator"])
def test_nobody_judges_an_own_contribution_or_one_of_the_own_organisation(name):
    actor = ACTORS[name]
    own = policies.can_judge(actor, contribution(author=actor.account_id), now=NOW)
    assert isinstance(own, Denied)
    delegate = replace(actor, delegations=frozenset({"guild"}))
    theirs = policies.can_judge(delegate, contribution(organisation="guild"), now=NOW)
    assert isinstance(theirs, Denied)
    assert policies.can_judge(delegate, contribution(organisation="other"), now=NOW)


@pytest.mark.parametrize(
    ("act", "fits"),
    [
        (Act.HIDDEN, Standing.SHOWN),
        (Act.KEPT, Standing.SHOWN),
        (Act.PUBLISHED, Standing.HELD),
        (Act.REFUSED, Standing.HELD),
        (Act.RESTORED, Standing.HIDDEN),
    ],
)
def test_an_act_fits_one_standing(act, fits):
    for standing in Standing:
        made = policies.can_act(ACTORS["moderator"], contribution(standing), act, now=NOW)
        assert bool(made) is (standing is fits)
        assert standing is fits or made.error is Conflict


def test_an_appeal_is_decided_once_and_by_another_moderator():
    mod = ACTORS["moderator"]
    hidden, open_ = contribution(Standing.HIDDEN), Appeal(words="w", at=NOW)
    own = Decision(act=Act.HIDDEN, reason=Reason.SPAM, decided_by_id=mod.account_id, at=NOW)
    other = Decision(act=Act.HIDDEN, reason=Reason.SPAM, decided_by_id=77, at=NOW)
    assert not policies.can_decide_appeal(mod, hidden, own, open_, now=NOW)
    assert policies.can_decide_appeal(mod, hidden, other, open_, now=NOW)
    assert policies.can_decide_appeal(ACTORS["coordinator"], hidden, own, open_, now=NOW)
    decided = Appeal(words="w", at=NOW, outcome="upheld")
    assert not policies.can_decide_appeal(mod, hidden, other, decided, now=NOW)


def test_only_an_author_appeals_and_only_while_it_is_hidden():
    resident = ACTORS["resident"]
    decision = Decision(act=Act.HIDDEN, reason=Reason.SPAM, at=NOW)
    mine = contribution(Standing.HIDDEN, author=resident.account_id)
    assert policies.can_appeal(resident, mine, decision, None, now=NOW)
    assert not policies.can_appeal(resident, mine, decision, Appeal(words="w", at=NOW), now=NOW)
    assert not policies.can_appeal(resident, contribution(Standing.HIDDEN), decision, None, now=NOW)
    shown = contribution(author=resident.account_id)
    assert not policies.can_appeal(resident, shown, decision, None, now=NOW)
    kept = Decision(act=Act.KEPT, at=NOW)
    assert not policies.can_appeal(resident, mine, kept, None, now=NOW)


def test_a_block_ends_by_another_than_whom_it_holds():
    mod = ACTORS["moderator"]
    held = Block(account_id=mod.account_id, at=NOW, until=NOW + timedelta(days=1), reason=Reason.SPAM, words="w")
    assert not policies.can_end_block(mod, PROCESS, held, now=NOW)
    assert policies.can_end_block(ACTORS["coordinator"], PROCESS, held, now=NOW)
    assert not policies.can_end_block(ACTORS["coordinator"], PROCESS, held, now=NOW + timedelta(days=1))
