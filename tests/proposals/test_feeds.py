"""Feeds that any reader of Atom can follow: read here by RFC 4287, with nothing but an XML parser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.accounts.making import make_account, sign_in
from tests.proposals import making
from tests.stakeholders.making import acting, told
from tests.voting.making import make_vote
from ucc_participate.kernel.atom import Feed, FeedEntry, write_feed
from ucc_participate.kernel.i18n import LOCALES
from ucc_participate.proposals.operations import withdraw_proposal
from ucc_participate.voting.models import VoteState

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SITE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Read:
    """A feed as a reader knows it."""

    id: str
    title: str
    language: str
    updated: datetime
    links: dict[str, list[str]]
    entries: list[dict[str, str]]

    @property
    def titles(self) -> list[str]:
        return [entry["title"] for entry in self.entries]


def one(node: ET.Element, name: str) -> ET.Element:
    """Exactly one such child."""
    [found] = node.findall(f"{ATOM}{name}")
    return found


def moment(text: str | None) -> datetime:
    """RFC 3339, as RFC 4287 §3.3 wants it."""
    assert text is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text)
    return datetime.fromisoformat(text)


def read_atom(text: bytes) -> Read:
    """Reads a feed and refuses what RFC 4287 forbids."""
    root = ET.fromstring(text)
    assert root.tag == f"{ATOM}feed"
    assert {child.tag.partition("}")[2] for child in root} <= {"id", "title", "updated", "author", "link", "entry"}
    assert one(one(root, "author"), "name").text
    links: dict[str, list[str]] = {}
    for link in root.findall(f"{ATOM}link"):
        assert link.attrib["href"].startswith(f"{SITE}/")
        links.setdefault(link.attrib["rel"], []).append(link.attrib["href"])
    combinations = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in root.findall(f"{ATOM}link")]
    assert len(set(combinations)) == len(combinations)
    assert len(links["self"]) == 1
    entries = [read_entry(node) for node in root.findall(f"{ATOM}entry")]
    assert len({entry["id"] for entry in entries}) == len(entries)
    updated = moment(one(root, "updated").text)
    assert all(moment(entry["updated"]) <= updated for entry in entries)
    return Read(
        valid_id(one(root, "id").text), one(root, "title").text or "", root.attrib[XML_LANG], updated, links, entries
    )


def read_entry(node: ET.Element) -> dict[str, str]:
    found = {name: one(node, name).text or "" for name in ("id", "title", "updated")}
    valid_id(found["id"])
    assert found["title"].strip()
    moment(found["updated"])
    [link] = [link.attrib["href"] for link in node.findall(f"{ATOM}link") if link.attrib["rel"] == "alternate"]
    summary = node.find(f"{ATOM}summary")
    return found | {"link": link, "summary": (summary.text or "") if summary is not None else ""}


def valid_id(text: str | None) -> str:
    assert text is not None
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text)
    return text


@pytest.fixture
def place(app, perform, clock):
    """A process with three proposals, one of them answered."""
    process, clock.at = making.proposing_process(perform, clock.now())
    _account, author = making.person(perform, "Omid", now=clock.now())
    found = []
    for title in ("Looms for the old bazaar", "Kilns & <ovens> for everybody", "A choir of the river people"):
        clock.advance(minutes=1)
        found.append(making.submit(perform, process, author, now=clock.now(), title=title))
    official = making.official(perform, now=clock.now())
    clock.advance(hours=1)
    making.answer(perform, found[1], official, now=clock.now())
    told(app)  # on PostgreSQL the log takes entries in a moment later
    return process, found, author


def fetch(client: Any, path: str) -> Read:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    return read_atom(answer.data)


def paths_of(process: Any, proposal: Any) -> list[str]:
    at = f"/p/{process.public_id}"
    names = ("news", "proposals", "answers", f"proposals/{proposal.public_id}/news")
    return [f"{at}/{name}.{{}}.atom" for name in names]


def test_every_feed_is_valid_in_every_language_and_names_nobody(client, place):
    process, proposals, _author = place
    for path in paths_of(process, proposals[1]):
        found = {locale: fetch(client, path.format(locale)) for locale in LOCALES}
        assert [feed.language for feed in found.values()] == list(LOCALES)
        assert len({feed.id for feed in found.values()}) == len(LOCALES)
        assert len({tuple(entry["id"] for entry in feed.entries) for feed in found.values()}) == 1
        assert found["fa"].entries
        for feed in found.values():
            assert f"{SITE}{path.format(feed.language)}" == feed.links["self"][0]
            assert set(feed.links["alternate"]) > {
                f"{SITE}{path.format(other)}" for other in LOCALES if other != feed.language
            }
        texts = " ".join(client.get(path.format(locale)).text for locale in LOCALES)
        assert "Omid" not in texts
        assert "Leila" not in texts
        assert client.get(path.format("de")).status_code == 404


def test_the_list_is_that_of_the_page_with_its_filters(client, place):
    process, proposals, _author = place
    path = f"/p/{process.public_id}/proposals.en.atom"
    assert fetch(client, path).titles == [proposal.title for proposal in proposals[::-1]]
    assert fetch(client, f"{path}?state=answered").titles == [proposals[1].title]
    assert fetch(client, f"{path}?q=choir").titles == [proposals[2].title]
    assert fetch(client, f"{path}?kind=policy").titles == []
    filtered = fetch(client, f"{path}?state=answered")
    assert filtered.links["self"] == [f"{SITE}{path}?state=answered"]
    assert filtered.id != fetch(client, path).id


def test_an_answer_updates_the_entry_of_its_proposal_and_is_one_of_its_own(client, place, clock):
    process, proposals, _author = place
    listed = {entry["title"]: entry for entry in fetch(client, f"/p/{process.public_id}/proposals.en.atom").entries}
    assert moment(listed[proposals[1].title]["updated"]) == clock.now()
    [answer] = fetch(client, f"/p/{process.public_id}/answers.en.atom").entries
    assert answer["title"] == f"Adopted: {proposals[1].title}"
    assert answer["summary"] == making.REASON
    assert answer["link"] == f"{SITE}/p/{process.public_id}/proposals/{proposals[1].public_id}"
    news = fetch(client, f"/p/{process.public_id}/news.en.atom")
    assert answer["id"] in [entry["id"] for entry in news.entries]


def test_ids_stay_while_other_things_happen(client, perform, place, clock):
    process, _proposals, author = place
    path = f"/p/{process.public_id}/proposals.en.atom"
    before = {entry["title"]: entry["id"] for entry in fetch(client, path).entries}
    making.submit(perform, process, author, now=clock.advance(minutes=1), title="Another one for the weavers")
    after = {entry["title"]: entry["id"] for entry in fetch(client, path).entries}
    assert {title: after[title] for title in before} == before


def test_what_is_withdrawn_leaves_every_feed(client, perform, place, clock):
    process, proposals, author = place
    gone = proposals[2]
    assert fetch(client, f"/p/{process.public_id}/proposals/{gone.public_id}/news.en.atom").entries
    making.change(perform, gone, withdraw_proposal, actor=author, now=clock.now())
    for name in ("news", "proposals", "answers"):
        assert gone.title not in client.get(f"/p/{process.public_id}/{name}.en.atom").text
    assert fetch(client, f"/p/{process.public_id}/proposals.en.atom?state=withdrawn").entries == []
    assert client.get(f"/p/{process.public_id}/proposals/{gone.public_id}/news.en.atom").status_code == 404


def test_drafts_are_in_no_feed_even_for_their_author(app, perform, place, clock):
    process, _proposals, _author = place
    account = make_account(perform, now=clock.now())
    draft = making.draft(perform, process, acting(account), now=clock.now(), title="Nobody may read this yet")
    browser = sign_in(app, account, now=clock.now())
    for path in paths_of(process, draft)[:3]:
        assert draft.title not in browser.get(path.format("en")).text
    assert browser.get(paths_of(process, draft)[3].format("en")).status_code == 404


def test_a_reader_that_has_it_already_is_told_so(client, perform, place, clock):
    process, _proposals, author = place
    path = f"/p/{process.public_id}/proposals.en.atom"
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    making.submit(perform, process, author, now=clock.advance(minutes=1), title="Another one for the weavers")
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_feed_of_a_process_tells_its_steps_phases_and_votes(client, perform, clock):
    vote = make_vote(perform, clock.now(), VoteState.CLOSED)
    clock.advance(days=60)
    titles = fetch(client, f"/p/{vote.process.public_id}/news.en.atom").titles
    assert [title for title in titles if "vote is" in title] == [
        f"A vote is closed: {vote.title['en']}",
        f"A vote is open: {vote.title['en']}",
    ]
    assert "A process is announced: A city of crafts" in titles
    assert "A process is open: A city of crafts" in titles
    assert "A phase begins: Propose" in titles


def test_pages_name_their_feeds(client, place):
    process, proposals, _author = place

    def feeds_of(path: str) -> list[str]:
        page = client.get(path).text
        return re.findall(r'<link rel="alternate" type="application/atom\+xml" href="([^"]+)"', page)

    at = f"/p/{process.public_id}"
    assert feeds_of(at) == [f"{at}/news.en.atom"]
    listed = f"{at}/proposals.en.atom?state=answered"
    assert feeds_of(f"{at}/proposals?state=answered&after=2") == [f"{at}/news.en.atom", listed, f"{at}/answers.en.atom"]
    mine = f"{at}/proposals/{proposals[0].public_id}"
    assert feeds_of(mine) == [f"{at}/news.en.atom", f"{mine}/news.en.atom"]
    for path in (at, f"{at}/proposals", mine):
        assert all(client.get(feed.replace("&amp;", "&")).status_code == 200 for feed in feeds_of(path))


def test_a_feed_costs_as_much_however_many_proposals_there_are(client, perform, place, clock, count_queries):
    process, _proposals, author = place
    path = f"/p/{process.public_id}/proposals.en.atom"
    before = count_queries(lambda: client.get(path))
    for number in range(10):
        making.submit(perform, process, author, now=clock.now(), title=f"One more idea, number {number}")
    assert count_queries(lambda: client.get(path)) == before


def test_no_letter_that_xml_forbids_gets_into_a_feed(clock):
    entry = FeedEntry("a", "bell \x07 and \ufffe", f"{SITE}/a", clock.now())
    made = Feed("f", "F", "City", "en", f"{SITE}/f", f"{SITE}/p", [entry], {})
    assert read_atom(write_feed(made, origin="x")).titles == ["bell  and "]
