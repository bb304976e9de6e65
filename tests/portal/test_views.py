"""What the portal's own pages do."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("standing_at", "shown"),
    [
        ("/processes?state=open", "/processes?state=open"),
        ("/p/x/votes/y/ballot?", "/p/x/votes/y"),
        ("/account/details", "/account"),
        ("/staff/processes/x/votes/y/close", "/staff/processes"),
        ("/sign-out", "/"),
        ("/nothing/here", "/nothing/here"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_another_language_shows_the_same_page_or_the_nearest_that_can_be_read(
    client: FlaskClient, standing_at: str, shown: str
) -> None:
    answer = client.get("/language/fr", query_string={"next": standing_at})
    assert (answer.status_code, answer.location) == (303, shown)
