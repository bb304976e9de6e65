"""What followers are told of opinion maps, and what the feed says of them."""

from __future__ import annotations

from tests.opinions.making import make_map, open_process
from tests.outreach.test_following import follow
from tests.outreach.test_jobs import digests, run
from ucc_participate.opinions import jobs


def test_that_a_map_closed_is_told_once_and_leads_to_its_results(app, client, perform, clock, now):
    process = open_process(perform, now)
    found = make_map(perform, process, now)
    follow(perform, process, found.ref, now=now)
    follow(perform, process, process.ref, now=now, email="omid@e.org")
    clock.at = found.closes_at
    run(app)
    assert not any("opinion map" in mail.body for mail in digests(app))
    run(app, jobs.tick)
    for _day in range(2):
        clock.advance(days=1)
        run(app)
    mails = [mail for mail in digests(app) if "the opinion map “The old town” has closed" in mail.body]
    assert {mail.to for mail in mails} == {"sara@example.org", "omid@e.org"}
    assert len(mails) == 2
    page = f"/p/{process.public_id}/opinions/{found.public_id}/results"
    assert f"http://127.0.0.1:8000{page}" in mails[0].body.splitlines()
    feed = client.get(f"/p/{process.public_id}/news.en.atom").text
    assert "An opinion map has closed: The old town" in feed
    assert "An opinion map is open: The old town" in feed
    assert "Sign in to be told what happens here" not in client.get(page).text


def test_an_open_map_can_be_followed(client, perform, clock, now):
    process = open_process(perform, now)
    found = make_map(perform, process, now)
    clock.at = found.opens_at
    page = client.get(f"/p/{process.public_id}/opinions/{found.public_id}").text
    assert "Sign in to be told what happens here" in page
