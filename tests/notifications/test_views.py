"""The page of mails: there on demonstration machines only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from ucc_participate.kernel.clock import FrozenClock
from ucc_participate.notifications import sending
from ucc_participate.notifications.operations import queue_mail

LINK = {"link": "http://127.0.0.1:8000/x?a=1&b=2", "minutes": 30}


@pytest.mark.settings(UCC_SHOW_MAILS="yes")
def test_everybody_can_follow_the_links_on_a_demonstration_machine(
    app: Flask, client: FlaskClient, perform: Any, clock: FrozenClock
) -> None:
    perform(lambda s: queue_mail(s, to="s@example.org", locale="fa", template="sign_in", data=LINK, now=clock.now()))
    with app.app_context():
        sending.send_due()
    page = client.get("/mails")
    assert page.status_code == 200
    assert '<a href="http://127.0.0.1:8000/x?a=1&amp;b=2" dir="ltr">' in page.text
    assert 'lang="fa"' in page.text
    assert "Set-Cookie" not in page.headers
    framed = client.get(re.findall(r'<iframe[^>]* src="([^"]+)"', page.text)[0])
    assert framed.status_code == 200
    assert '<base target="_top">' in framed.text
    assert "default-src 'none'" in framed.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get("/mails/99999999").status_code == 404
    assert client.get("/mails/..%2f00000001").status_code == 404


@pytest.mark.settings(UCC_SHOW_MAILS="yes")
def test_an_empty_page_of_mails_says_what_to_do(client: FlaskClient) -> None:
    assert "No mails yet" in client.get("/mails").text


def test_elsewhere_there_is_no_such_page(client: FlaskClient) -> None:
    assert client.get("/mails").status_code == 404
    assert client.get("/mails/00000001").status_code == 404
