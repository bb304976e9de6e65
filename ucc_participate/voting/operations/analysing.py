"""Keeping what was found in the ballots of a counted vote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from ...kernel.decision import require
from ...kernel.identity import Actor
from .. import policies
from ..analysing import EDITION, plain
from ..models import Vote, VoteAnalysis
from ..result import sha256_of


def keep_analysis(session: Session, vote: Vote, found: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Put the analysis beside the vote, in place of an older one. The log has nothing to say: it follows from ballots
    that are in it."""
    require(policies.can_see_result(actor, vote, now=now))
    assert vote.result is not None  # noqa: S101 - the policy has said so
    kept = session.get(VoteAnalysis, vote.id) or VoteAnalysis(vote_id=vote.id)
    kept.edition, kept.result_sha256, kept.found, kept.computed_at = EDITION, sha256_of(vote.result), plain(found), now
    session.add(kept)
