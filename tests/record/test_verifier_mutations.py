"""No check of the verifier is idle: with any one of them gone, some attack would go through."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.record.attacks import ATTACKS, HOSTILE, Attack, Case
from tests.record.attacks_on_votes import ON_VOTES
from ucc_participate.record import verify

SOURCE = ast.parse(Path(verify.__file__).read_text(encoding="utf-8"))
FUNCTIONS = [node.name for node in SOURCE.body if isinstance(node, ast.FunctionDef)]
CHECKS = [name for name in FUNCTIONS if name.startswith("check_")]


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Every attack with its package, made once."""
    return [(attack, attack.build(tmp_path_factory.mktemp("attack"))) for attack in [*ATTACKS, *ON_VOTES, *HOSTILE]]


def goes_through(case: Case) -> bool:
    try:
        return case.verify().exit == 0
    except verify.Unreadable:
        return False


def test_there_are_checks():
    assert len(CHECKS) > 25


@pytest.mark.parametrize("check", CHECKS)
def test_without_this_check_an_attack_goes_through(check, cases, monkeypatch):
    def is_far(pair: tuple[Attack, Case]) -> bool:
        """Whether the attack is probably not this check's: those come last, to save time."""
        return not any(found in check for found, _ in pair[0].found)

    monkeypatch.setattr(verify, check, lambda *_arguments: None)
    assert any(goes_through(case) for _, case in sorted(cases, key=is_far))
