"""The record of a process with held, hidden and restored proposals: it holds no text of theirs, and it verifies."""

from __future__ import annotations

import zipfile

import pytest

from tests.accounts.making import CITY
from tests.moderation.making import ADDRESSES, WORDS, set_rules
from tests.proposals.making import person, proposing_process, submit
from ucc_participate.audit.extension import audit_log
from ucc_participate.moderation import operations
from ucc_participate.moderation.models import Mode, Reason
from ucc_participate.proposals import moderating
from ucc_participate.record import exporting, verify

KINDS = {"proposal": moderating.MODERATED}


@pytest.fixture
def record(app, perform, clock):
    """The record, in which one proposal is hidden, one was restored, and one waits."""
    process, at = proposing_process(perform, clock.now())
    sara = person(perform, "Sara", now=clock.now())[1]
    hidden = submit(perform, process, sara, now=at, title="A hidden title here", body="Golestan street 12")
    restored = submit(perform, process, sara, now=at, title="A title that came back", body="Chenar street 7")
    known = {"reason": Reason.PERSONAL_DATA, "words": WORDS, "addresses": ADDRESSES, "actor": CITY, "now": at}
    for proposal in (hidden, restored):
        perform(lambda s, ref=proposal.ref: operations.hide_contribution(s, KINDS, ref, **known))
    back = {"addresses": ADDRESSES, "actor": CITY, "now": at}
    perform(lambda s: operations.restore_contribution(s, KINDS, restored.ref, **back))
    set_rules(perform, process, now=at, mode=Mode.BEFORE)
    submit(perform, process, sara, now=at, title="A title that waits", body="Anar street 3")
    clock.at = at
    with app.app_context():
        return exporting.export(process.public_id)


def everything_in(path):
    with zipfile.ZipFile(path) as package:
        return b"\n".join(package.read(name) for name in package.namelist() if not name.endswith(".pdf")).decode(
            "utf-8", "replace"
        )


def test_the_record_holds_no_hidden_and_no_held_text_and_proves_the_rest(app, record):
    text = everything_in(record.path)
    assert "Golestan" not in text
    assert "A hidden title" not in text
    assert "Anar street" not in text
    assert "A title that waits" not in text
    assert "Chenar street 7" in text
    assert WORDS in text
    with app.app_context():
        key = audit_log().signer.vkey
    report = verify.verify(str(record.path), [key], [])
    assert report.failed == []
