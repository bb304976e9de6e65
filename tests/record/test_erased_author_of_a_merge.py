"""An author is erased whose proposal went into another: no name is left, the credit is, the record verifies."""

from __future__ import annotations

import json
import zipfile

import pytest
from sqlalchemy import select

from tests.deliberation.making import Hall
from tests.proposals.making import PAGE, change, content, official, person, proposing_process, submit
from tests.proposals.test_regrouping import WITHOUT, asking, carrying_out, erase
from tests.proposals.test_writing_together import OTHER, amend, invite, reply
from ucc_participate.audit.extension import audit_log
from ucc_participate.audit.models import LogOpening
from ucc_participate.audit.queries import opening_object
from ucc_participate.proposals import operations, queries
from ucc_participate.record import exporting, verify

NAME = "Zhaleh"


@pytest.fixture
def made(app, perform, read, clock):
    """The process and what a merge made; Zhaleh wrote one source, wrote along, amended, commented, and was erased."""
    now = clock.now()
    process, then = proposing_process(perform, now)
    clock.at = then
    account, zhaleh = person(perform, NAME, now=now)
    _account, sara = person(perform, "Sara", now=now)
    leila = official(perform, now=now)
    own = submit(perform, process, zhaleh, now=then)
    change(perform, own, operations.change_text, content(summary=OTHER), actor=zhaleh, now=then, address=PAGE)
    hers = submit(perform, process, sara, now=then)
    asked = invite(perform, hers, sara, now=then, email=account.email)
    reply(perform, asked, operations.accept_invitation, zhaleh, now=then)
    third = submit(perform, process, sara, now=then)
    amendment = amend(perform, third, zhaleh, now=then)
    change(perform, third, operations.accept_amendment, amendment.number, actor=sara, now=then, address=PAGE)
    hall = Hall(app, perform, read, clock, process, own, account, zhaleh, {NAME: (account, zhaleh)})
    hall.say(NAME, "I wrote it because the looms stand still.")
    plan = asking(perform, process, [own, hers, third], leila, then)
    one = carrying_out(perform, process, plan, leila, then, override_reason=WITHOUT)[0]
    assert NAME in everything(app, read, process, [own, hers, third, one])
    erase(app, perform, account, then)
    return process, [own, hers, third, one]


def everything(app, read, process, proposals):
    """All that the public reads of them: pages, lineage, versions, amendments, discussions, the log."""
    client, base = app.test_client(), f"/p/{process.public_id}/proposals"
    parts = ("", "/versions", "/amendments", "/amendments/1", "/lineage", "/news.en.atom")
    pages = [f"{base}/{each.public_id}{part}" for each in proposals for part in parts]
    pages += [f"/p/{process.public_id}/discussion/{each.ref}" for each in proposals]
    pages += [base, f"{base}?state=merged", f"/p/{process.public_id}", "/log"]
    texts = [client.get(page).text for page in pages]
    openings = read(lambda s: [opening_object(row) for row in s.scalars(select(LogOpening))])
    return "\n".join([*texts, json.dumps(openings, ensure_ascii=False)])


def test_no_name_is_left_and_the_credit_is(app, read, made):
    process, proposals = made
    public = everything(app, read, process, proposals)
    assert NAME not in public
    assert "a person whose data was erased" in public
    credited = read(lambda s: queries.lineage_of(s, proposals[-1])).sources
    assert [each.is_erased for each in credited] == [True, False, False]
    assert "I wrote it because the looms stand still." in public
    assert OTHER in public
    versions = read(lambda s: queries.list_versions(s, proposals[2]))
    assert [(one.credit, one.credit_id) for one in versions] == [(None, None)] * 2


def test_its_record_names_nobody_and_verifies(app, made):
    process, _proposals = made
    with app.app_context():
        record, key = exporting.export(process.public_id), audit_log().signer.vkey
    with zipfile.ZipFile(record.path) as package:
        texts = [package.read(name) for name in package.namelist() if not name.endswith(".pdf")]
    assert NAME not in b"\n".join(texts).decode("utf-8", "replace")
    assert verify.verify(str(record.path), [key], []).failed == []
