"""Files of a proposal: checked by content, cleaned, described, limited; harmful ones are refused, nothing is lost."""

from __future__ import annotations

import hashlib
import io
import zlib
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from tests.accounts.making import make_account, sign_in
from tests.kernel.test_passive import RELATION, launch, pdf, word
from tests.proposals.making import proposing_process
from tests.proposals.test_views import FORM
from tests.stakeholders.making import drift_faults, told
from ucc_participate.accounts import leftovers
from ucc_participate.documents.models import Document
from ucc_participate.proposals.models import Proposal

ALT = "The old loom in the bazaar"


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def hers(app, perform, now, clock, process):
    sara = make_account(perform, "sara@city.example", now=now, display_name="Sara")
    return sign_in(app, sara, now=clock.now())


@pytest.fixture
def home(process):
    return f"/p/{process.public_id}/proposals"


@pytest.fixture
def files(hers, home):
    """The address of the files of a draft, as the button under the form leads there."""
    answer = hers.post(f"{home}/new", data=FORM | {"files": "1"})
    assert answer.location.endswith("/files")
    return answer.location


def photo(kind: str = "JPEG", **facts: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (800, 600), "#0a666c").save(target, kind, **facts)
    return target.getvalue()


def add(browser: Any, files: str, data: bytes, name: str = "loom.jpg", alt: str = ALT) -> Any:
    form = {"file": (io.BytesIO(data), name), "alt": alt}
    return browser.post(files, data=form, content_type="multipart/form-data")


def fetch(browser: Any, address: str) -> tuple[int, Any, bytes]:
    """Status, headers and body of a file, closed again."""
    with browser.get(address) as answer:
        return answer.status_code, answer.headers, answer.data


def attached(read: Any) -> list[dict[str, Any]]:
    return newest(read).attachments or []


def newest(read: Any) -> Proposal:
    found: Proposal = read(lambda s: s.scalars(select(Proposal).order_by(Proposal.id.desc())).first())
    return found


def bomb() -> bytes:
    """A PNG of some hundred bytes that would be 30,000 × 30,000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_photo_is_shown_without_its_place_and_with_words_for_it(app, client, hers, read, files, home):
    exif = Image.Exif()
    exif[0x010F] = "Camera of Sara"
    exif.get_ifd(0x8825)[1] = "N"
    assert add(hers, files, photo(exif=exif)).status_code == 303
    [file] = attached(read)
    assert (file["alt"], file["kind"]) == (ALT, "image/webp")
    kept = app.extensions["ucc.store"].read(file["sha256"])
    assert b"Camera" not in kept
    assert hashlib.sha256(kept).hexdigest() == file["sha256"]
    where = hers.post(files.removesuffix("/files") + "/edit", data=FORM | {"send": "1"}).location
    page = client.get(where).text
    assert f'alt="{ALT}"' in page
    assert file["sha256"][:6] in page
    address = f"{where}/files/{file['document']}"
    _status, headers, small = fetch(client, f"{address}?size=small")
    assert headers["Content-Type"] == "image/webp"
    assert max(Image.open(io.BytesIO(small)).size) <= 360
    _status, headers, whole = fetch(client, address)
    assert whole == kept
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    logged = told(app, subject=newest(read).ref)[-1].payload["attachments"]
    assert logged == [{name: file[name] for name in ("alt", "kind", "sha256", "size")}]
    assert drift_faults(app) == []


def test_documents_are_downloaded_and_not_shown(client, hers, read, files):
    assert add(hers, files, pdf(), "plan.pdf").status_code == 303
    assert add(hers, files, word(), "plan.docx").status_code == 303
    where = hers.post(files.removesuffix("/files") + "/edit", data=FORM | {"send": "1"}).location
    for file in attached(read):
        _status, headers, _data = fetch(client, f"{where}/files/{file['document']}")
        assert headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (bomb(), "picture.png", "too many pixels"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "picture.png", "kind of file"),
        (b"<!doctype html><script>alert(1)</script>", "picture.jpg", "kind of file"),
        (photo()[:300], "picture.jpg", "cannot be read"),
        (b"", "picture.jpg", "empty"),
        (photo() + b"\0" * 300_000, "picture.jpg", "too large"),
        (pdf(launch), "plan.pdf", "scripts, actions or other files"),
        (pdf(lambda w: w.add_attachment("a.exe", b"MZ")), "plan.pdf", "scripts, actions or other files"),
        (word(word__vbaProject_dot_bin=b"x"), "plan.docx", ""),
        (word(word___rels__x_dot_rels=RELATION.format(kind="image", to="http://x.example/p")), "plan.docx", "fetches"),
    ],
)
@pytest.mark.settings(UCC_MAX_ATTACHMENT_BYTES="300000")
def test_a_harmful_file_is_refused_with_a_reason_and_the_draft_keeps_its_text(hers, read, files, data, name, why):
    refused = add(hers, files, data, name)
    assert refused.status_code == 422
    assert why in refused.text
    assert ALT in refused.text
    kept = newest(read)
    assert kept.attachments is None
    assert (kept.title, kept.body) == (FORM["title"], FORM["body"])


def test_a_file_needs_words_for_those_who_cannot_see_it(hers, files):
    assert add(hers, files, photo(), alt="").status_code == 422


@pytest.mark.settings(UCC_MAX_ATTACHMENTS="2")
def test_no_more_files_than_the_settings_allow_and_the_same_one_once(hers, read, files):
    for colour in ("red", "red", "blue"):
        target = io.BytesIO()
        Image.new("RGB", (9, 9), colour).save(target, "PNG")
        assert add(hers, files, target.getvalue()).status_code == 303
    refused = add(hers, files, photo())
    assert refused.status_code == 409
    assert "at most 2 files" in refused.text
    assert len(attached(read)) == 2


def test_a_draft_s_files_are_seen_by_its_author_alone(client, hers, read, files):
    add(hers, files, photo())
    [file] = attached(read)
    address = f"{files}/{file['document']}"
    assert fetch(hers, address)[0] == 200
    assert client.get(address).status_code == 404
    assert "no-store" in hers.get(files).headers["Cache-Control"]
    assert client.get(f"/documents/{file['document']}").status_code == 404


def test_a_file_is_taken_away_with_its_content(app, hers, read, files):
    add(hers, files, photo())
    [file] = attached(read)
    assert hers.post(f"{files}/{file['document']}/remove").status_code == 303
    assert newest(read).attachments is None
    assert read(lambda s: s.scalars(select(Document)).all()) == []
    with app.app_context():
        leftovers.clear()
    assert not app.extensions["ucc.store"].path(file["sha256"]).exists()
    assert hers.post(f"{files}/{file['document']}/remove").status_code == 404


def test_files_of_a_draft_that_is_thrown_away_go_with_it(app, hers, read, files, home):
    add(hers, files, photo())
    [file] = attached(read)
    hers.post(files.removesuffix("/files") + "/discard")
    assert read(lambda s: s.scalars(select(Document)).all()) == []
    with app.app_context():
        leftovers.clear()
    assert not app.extensions["ucc.store"].path(file["sha256"]).exists()


def test_what_was_sent_takes_no_more_files(hers, files):
    hers.post(files.removesuffix("/files") + "/edit", data=FORM | {"send": "1"})
    assert hers.get(files).status_code == 409
    assert add(hers, files, photo()).status_code == 409
