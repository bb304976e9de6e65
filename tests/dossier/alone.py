"""The dossier by itself: what readiness asks for before a freezing is tested in tests/readiness."""

from __future__ import annotations

import pytest

from ucc_participate.dossier.blockers import BLOCKERS


@pytest.fixture(autouse=True)
def without_readiness(request: pytest.FixtureRequest) -> None:
    """Here nothing stands in the way of freezing but the texts."""
    if "app" in request.fixturenames:
        blockers = request.getfixturevalue("app").extensions[BLOCKERS]
        blockers[:] = [each for each in blockers if "readiness" not in each.__module__]
