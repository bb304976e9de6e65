from __future__ import annotations

import pytest

from tests.dossier.alone import without_readiness
from tests.dossier.making import official
from tests.submission.making import written


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def leila(perform, now):
    return official(perform, now)


@pytest.fixture
def made(perform, now, leila):
    """Process and dossier, every English text final."""
    return written(perform, now, leila)


__all__ = ["without_readiness"]
