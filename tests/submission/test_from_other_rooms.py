"""What other rooms give to what is handed in: attachments with their files, words for what paragraphs rest on."""

from __future__ import annotations

import json
import zipfile

from tests.citing.making import adopted_proposal, answer_in
from tests.dossier.making import act, make_dossier, official, write
from tests.processes.making import day
from tests.readiness.making import PDF, add, add_photo, application, paper, picture, signed
from tests.stakeholders.making import CITY, staff_browser
from ucc_participate.citing import operations as citing
from ucc_participate.dossier.models import Dossier
from ucc_participate.kernel.db import db
from ucc_participate.kernel.i18n import writing_for
from ucc_participate.kernel.identity import Role
from ucc_participate.readiness import operations as readiness
from ucc_participate.readiness import queries as attachments
from ucc_participate.readiness.models import COUNCIL, AttachmentState, Told
from ucc_participate.submission import exporting, queries
from ucc_participate.submission.blocks import Block
from ucc_participate.submission.shaping import shaped


def dossier_of(made) -> Dossier:
    found = queries.find_dossier(db.session(), made[0], None)
    assert found is not None
    return found


def void(session, dossier, attachment, **by):
    found = attachments.attachment_to_change(session, dossier, attachment.public_id)
    readiness.void_attachment(session, found, reason="Another picture shows the kilns better", **by)


def test_attachments_that_are_here_go_into_the_archive_and_no_others(app, perform, clock):
    now, leila = clock.now(), official(perform, clock.now())
    made = application(perform, now)
    by = {"actor": leila, "now": now}
    add(perform, made, "A1", signed(now.date()), paper(app), **by)
    add(perform, made, "A2", Told(AttachmentState.ASKED, asked_of="The Commission"), **by)
    add(perform, made, COUNCIL, signed(now.date()), paper(app, PDF + b"%council\n"), **by)
    dropped = add_photo(app, perform, made, **by)
    act(perform, made, void, dropped, **by)
    kept = picture(size=(90, 60))
    add_photo(app, perform, made, data=kept, **by)
    with app.app_context():
        exporting.renew()
        path = exporting.package_of(dossier_of(made), is_whole=True, actor=CITY)
        with zipfile.ZipFile(path) as bag:
            names = {name for name in bag.namelist() if name.startswith(("data/attachments/", "data/own/"))}
            asked = {"data/attachments/A1-1.pdf", "data/attachments/A4-2.jpg"}
            assert names == {*asked, "data/own/council-1.pdf"}
            assert bag.read("data/own/council-1.pdf") == PDF + b"%council\n"
            assert all(f"  {name}" in bag.read("manifest-sha256.txt").decode() for name in names)
            assert b"own/council-1.pdf" in bag.read("data/README.html")
            assert bag.read("data/attachments/A1-1.pdf") == PDF
            assert bag.read("data/attachments/A4-2.jpg") == kept
            told = {each["id"]: each["files"] for each in json.loads(bag.read("data/dossier/dossier.json"))["sections"]}
            assert [len(told[known]) for known in ("A1", "A2", "A4")] == [1, 0, 1]
            text = bag.read("data/dossier/dossier.en.txt").decode("utf-8-sig")
            assert "(A1-1.pdf)" in text.partition("A1. ")[2].partition("A2. ")[0]
            assert "(council-1.pdf)" in text.partition("Papers that the form does not ask for")[2]
        open_edition = exporting.at_newest_checkpoint(dossier_of(made), is_whole=False)
        assert list(open_edition.attached) == []


def test_a_file_that_is_gone_is_named_and_the_rest_is_handed_in(app, perform, clock):
    now, leila = clock.now(), official(perform, clock.now())
    made = application(perform, now)
    file = paper(app)
    add(perform, made, "A1", signed(now.date()), file, actor=leila, now=now)
    with app.app_context():
        exporting.renew()
        path = app.extensions["ucc.store"].path(file.stored.sha256)
        path.rename(path.with_suffix(".away"))
        package = exporting.package_of(dossier_of(made), is_whole=True, actor=CITY)
        with zipfile.ZipFile(package) as bag:
            assert bag.read("data/MISSING.txt").decode() == f"{file.stored.sha256}  attachments/A1-1.pdf\n"
            assert b"attachments/A1-1.pdf" in bag.read("data/README.html")
            assert "data/attachments/A1-1.pdf" not in bag.namelist()
    browser = staff_browser(app, perform, Role.COORDINATOR, now=now)
    assert "Files are not there any more" in browser.get(f"/staff/processes/{made[0].public_id}/submission").text
    with app.app_context():
        path.with_suffix(".away").rename(path)
        again = exporting.package_of(dossier_of(made), is_whole=True, actor=CITY)
        with zipfile.ZipFile(again) as bag:
            assert bag.read("data/attachments/A1-1.pdf") == PDF
            assert "data/MISSING.txt" not in bag.namelist()


def test_a_paper_says_in_its_language_on_what_a_paragraph_rests_and_where_that_stands(app, perform, clock):
    now, leila = clock.now(), official(perform, clock.now())
    made = make_dossier(perform, now)
    clock.at = day(now, 8)
    by = {"actor": leila, "now": clock.now()}
    proposal = adopted_proposal(perform, made[0], now=clock.now(), title="Looms in the evening")
    gone = "proposal/nobody23"
    for language in ("fa", "en"):
        text = write(perform, made, "1", language, "First we asked everybody.", **by)
        place = ("1", language, text.paragraphs[0]["key"])
        act(perform, made, citing.cite, *place, [proposal.ref, f"{proposal.ref}/answer"], **by)
    with app.app_context():
        exporting.renew()
        handed_in = exporting.at_newest_checkpoint(dossier_of(made), is_whole=False)
        words = exporting.words(handed_in)
        assert words["en"][proposal.ref] == (
            f"Proposal “\u2068Looms in the evening\u2069” (\u2068{proposal.author_name}\u2069)"
        )
        assert words["en"][f"{proposal.ref}/answer"].startswith(
            "Answer of the city “\u2068Looms in the evening\u2069” (\u2068Leila "
        )
        assert "Looms in the evening" in words["fa"][proposal.ref]
        assert "Proposal" not in words["fa"][proposal.ref]
        block = Block("note", words["fa"][proposal.ref], "fa").as_data()["text"]
        assert block == words["fa"][proposal.ref]
        assert "\u2068" not in Block("text", block, "fa").as_data()["text"]
        assert answer_in(made[0], "1", "en").citations[0].subject == proposal.ref
    with app.test_request_context(), writing_for("en"):
        page = shaped(db.session(), exporting.at_newest_checkpoint(dossier_of(made), is_whole=False))
        assert page[proposal.ref].url == f"/p/{made[0].public_id}/proposals/{proposal.public_id}"
        told = app.extensions["ucc.cited_words"][0](db.session(), dossier_of(made), [proposal.ref, gone])
        assert set(told) == {proposal.ref}
