"""Attaching documents to anything: who may open them, what the log says, what removing leaves behind."""

from __future__ import annotations

import io

import pytest

from tests.accounts.making import CITY, entries, make_account, sign_in
from ucc_participate.documents import attaching, queries
from ucc_participate.documents.events import DocumentEvent
from ucc_participate.documents.models import Document
from ucc_participate.documents.uploads import StoredUpload, store_upload
from ucc_participate.kernel import files
from ucc_participate.kernel.identity import Role

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def stored(app) -> StoredUpload:
    upload = files.check_upload(io.BytesIO(PDF), name="mandate.pdf", kinds=files.DOCUMENTS, max_bytes=10_000)
    with app.app_context():
        return store_upload(upload)


def attach(perform, stored, now, *, subject: str = "delegate/one", is_public: bool = False) -> Document:
    """A document attached by an operation whose entry names it, as every domain's do."""
    from ucc_participate.audit.log import record

    def work(session):
        document = attaching.attach(
            session, subject, stored, kind="mandate", title="Mandate", actor=CITY, now=now, is_public=is_public
        )
        record(session, DocumentEvent.READ, actor=CITY, subject=document.ref, now=now)
        return document

    return perform(work)


def test_a_public_document_is_served_to_everybody(client, perform, stored, clock):
    document = attach(perform, stored, clock.now(), is_public=True)
    with client.get(f"/documents/{document.public_id}") as response:
        assert (response.status_code, response.data) == (200, PDF)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("role", [None, Role.EVALUATOR])
def test_a_document_for_the_staff_is_not_there_for_others(app, perform, stored, clock, role):
    document = attach(perform, stored, clock.now())
    person = make_account(perform, now=clock.now(), roles=(role,) if role else ())
    browser = sign_in(app, person, now=clock.now())
    assert browser.get(f"/documents/{document.public_id}").status_code == 404
    assert browser.post(f"/documents/{document.public_id}").status_code == 404
    assert app.test_client().get("/documents/unknown").status_code == 404


def test_the_log_says_that_somebody_of_the_staff_opened_it(app, perform, stored, clock):
    document = attach(perform, stored, clock.now())
    clerk = make_account(perform, "clerk@example.org", now=clock.now(), roles=(Role.CLERK,))
    before = len(entries(app))
    with sign_in(app, clerk, now=clock.now()).post(f"/documents/{document.public_id}") as response:
        assert (response.status_code, response.data) == (200, PDF)
        assert response.headers["Cache-Control"].startswith("private")
    [entry] = entries(app)[before:]
    assert (entry.values["type"], entry.values["subject"]) == ("document.read", document.ref)
    assert entry.values["role"] == "clerk"


def test_removing_names_only_the_content_that_nobody_needs_any_more(app, perform, stored, clock, read):
    first = attach(perform, stored, clock.now(), subject="delegate/one")
    attach(perform, stored, clock.now(), subject="delegate/two")

    def removing(subject):
        from ucc_participate.audit.log import record

        def work(session):
            record(session, DocumentEvent.READ, actor=CITY, subject=first.ref, now=clock.now())
            return attaching.detach_all(session, subject)

        return work

    assert perform(removing("delegate/one")) == []
    assert perform(removing("delegate/two")) == [stored.sha256]
    assert read(lambda session: queries.documents_of(session, "delegate/two")) == []


def test_documents_of_many_subjects_come_in_one_query(perform, stored, clock, read):
    one = attach(perform, stored, clock.now(), subject="scan/a")
    found = read(lambda session: queries.documents_by_subject(session, ["scan/a", "scan/b"]))
    assert [document.public_id for document in found["scan/a"]] == [one.public_id]
    assert found["scan/b"] == []


def test_the_payload_for_the_log_holds_no_words(perform, stored, clock):
    document = attach(perform, stored, clock.now())
    assert document.public_payload() == {"kind": "mandate", "sha256": stored.sha256, "size": len(PDF)}
