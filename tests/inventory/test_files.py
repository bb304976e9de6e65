"""Pictures and documents of needs and assets: who adds them, who sees them, what the log keeps."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from tests.accounts.making import make_account, sign_in
from tests.inventory.test_inventory import ASSET, NEED, add, change
from tests.kernel.test_passive import named_script, pdf
from tests.proposals.making import official, proposing_process, submit
from tests.stakeholders.making import CITY, acting, drift_faults, told
from ucc_participate.accounts.leftovers import clear
from ucc_participate.accounts.operations import erase_account
from ucc_participate.documents.queries import documents_of
from ucc_participate.documents.uploads import StoredUpload
from ucc_participate.inventory import operations
from ucc_participate.inventory.operations import NewFile
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.proposals.models import Particulars


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now, clock):
    made, then = proposing_process(perform, now)
    clock.at = then
    return made


@pytest.fixture
def sara(perform, now):
    return make_account(perform, "sara@city.example", now=now, display_name="Sara")


@pytest.fixture
def leila(perform, now):
    return official(perform, now=now)


def scan(number: int = 0, alt: str = "The register of 1398") -> NewFile:
    return NewFile(StoredUpload("x.pdf", "application/pdf", f"{number:02}" * 32, 77, "Mr Karimi.pdf"), alt)


def picture() -> io.BytesIO:
    target = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(target, "JPEG")
    target.seek(0)
    return target


def test_files_are_told_by_what_they_show_and_their_fingerprint(app, perform, process, leila, clock):
    item = add(perform, process, ASSET, actor=leila, now=clock.now())
    facts: dict[str, Any] = {"most": 2, "actor": leila, "now": clock.now()}
    change(perform, process, item, operations.attach_file, scan(), **facts)
    change(perform, process, item, operations.attach_file, scan(), **facts)
    entries = told(app, subject=item.ref)
    assert [entry.type for entry in entries] == ["inventory.listed", "inventory.revised"]
    assert "files" not in entries[0].payload
    shown = {"alt": "The register of 1398", "kind": "application/pdf", "sha256": "00" * 32, "size": 77}
    assert entries[1].payload["files"] == [shown]
    assert "Karimi" not in str(entries[1].payload)
    change(perform, process, item, operations.attach_file, scan(1), **facts)
    with pytest.raises(Conflict):
        change(perform, process, item, operations.attach_file, scan(2), **facts)
    with pytest.raises(Invalid) as refusal:
        change(perform, process, item, operations.attach_file, scan(3, alt="  x "), **(facts | {"most": 9}))
    assert refusal.value.field == "alt"
    assert drift_faults(app) == []


def test_a_file_that_is_taken_away_is_gone(app, perform, read, process, leila, clock):
    item = add(perform, process, ASSET, actor=leila, now=clock.now())
    change(perform, process, item, operations.attach_file, scan(), most=5, actor=leila, now=clock.now())
    [document] = read(lambda s: documents_of(s, item.ref))
    change(perform, process, item, operations.remove_file, document.public_id, actor=leila, now=clock.now())
    assert read(lambda s: documents_of(s, item.ref)) == []
    assert "files" not in told(app, subject=item.ref)[-1].payload
    assert drift_faults(app) == []


def test_files_of_a_suggestion_become_public_with_it(app, perform, read, process, sara, leila, clock):
    item = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    change(perform, process, item, operations.attach_file, scan(), most=5, actor=acting(sara), now=clock.now())
    assert [entry.payload for entry in told(app, subject=item.ref)] == [{}, {}]
    assert [one.is_public for one in read(lambda s: documents_of(s, item.ref))] == [False]
    change(perform, process, item, operations.list_item, actor=leila, now=clock.now())
    assert [one.is_public for one in read(lambda s: documents_of(s, item.ref))] == [True]
    assert len(told(app, subject=item.ref)[-1].payload["files"]) == 1
    with pytest.raises(Forbidden):
        change(perform, process, item, operations.attach_file, scan(1), most=5, actor=acting(sara), now=clock.now())


def test_files_of_a_suggestion_go_with_the_person(app, perform, read, process, sara, clock):
    item = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    change(perform, process, item, operations.attach_file, scan(), most=5, actor=acting(sara), now=clock.now())
    erasers = app.extensions["ucc.erasers"]
    perform(lambda s: erase_account(s, s.get_one(type(sara), sara.id), actor=CITY, now=clock.now(), erasers=erasers))
    assert read(lambda s: documents_of(s, item.ref)) == []


# --- pages


def test_a_picture_is_shown_small_with_words_to_whoever_may_see_the_item(app, client, perform, process, sara, clock):
    item = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    home = f"/p/{process.public_id}/inventory/{item.public_id}"
    hers = sign_in(app, sara, now=clock.now())
    assert hers.post(f"{home}/files", data={"file": (picture(), "a.jpg"), "alt": ""}).status_code == 422
    assert hers.post(f"{home}/files", data={"file": (picture(), "a.jpg"), "alt": "An empty hall"}).status_code == 303
    page = hers.get(home).text
    assert 'alt="An empty hall"' in page
    address = page.partition('<img class="thumb" src="')[2].partition('"')[0]
    with hers.get(address) as shown:
        assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert client.get(address).status_code == 404


def test_the_small_copy_of_a_picture_goes_with_it_unless_another_item_shows_the_same(
    app, perform, process, sara, clock
):
    needs = (replace(NEED, title=f"Hall number {number}") for number in (1, 2))
    items = [add(perform, process, need, actor=acting(sara), now=clock.now()) for need in needs]
    hers, kept = sign_in(app, sara, now=clock.now()), []
    homes = [f"/p/{process.public_id}/inventory/{item.public_id}/files" for item in items]
    for home in homes:
        assert hers.post(home, data={"file": (picture(), "a.jpg"), "alt": "An empty hall"}).status_code == 303
        kept.append(hers.get(home).text.partition(f'action="{home}/')[2].partition('/remove"')[0])
    for home, document, left in zip(homes, kept, (2, 0), strict=True):
        assert hers.post(f"{home}/{document}/remove").status_code == 303
        with app.app_context():
            clear()
            assert len(app.extensions["ucc.store"]._files()) == left


def test_a_document_with_programs_is_refused_at_its_field(app, perform, process, sara, clock):
    item = add(perform, process, NEED, actor=acting(sara), now=clock.now())
    hers = sign_in(app, sara, now=clock.now())
    where = f"/p/{process.public_id}/inventory/{item.public_id}/files"
    answer = hers.post(where, data={"file": (io.BytesIO(pdf(named_script)), "a.pdf"), "alt": "A register"})
    assert answer.status_code == 422
    assert 'id="file-error"' in answer.text
    assert "A register" in answer.text


def test_what_nothing_names_is_listed(client, perform, process, sara, leila, clock):
    used = add(perform, process, NEED, actor=leila, now=clock.now())
    links = Particulars(needs=(used.public_id,))
    submit(perform, process, acting(sara), now=clock.now(), title="A weaving hall for Balarud", particulars=links)
    add(perform, process, ASSET, actor=leila, now=clock.now())
    home = f"/p/{process.public_id}/inventory"
    assert "0 of 1 on the list" in client.get(f"{home}?unused=1").text
    page = client.get(f"{home}?list=assets&unused=1").text
    assert "1 of 1 on the list" in page
    assert ASSET.title.split()[-1] in page
