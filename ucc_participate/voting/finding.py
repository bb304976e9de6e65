"""From the database to the analysis of a counted vote: its ballots, whom its options are for, the city's people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from ..processes.models import Process
from . import analysing, counting, queries
from .analysing import Margins
from .models import Vote

FOR = {"women": "women", "youth": "youth"}
"""The reserved shares, and the word of proposals for whom they are."""

MarginsOf = Callable[[Session, Process], Margins | None]


def find(session: Session, vote: Vote, *, with_changes: bool = True) -> dict[str, Any]:
    """Computed from the ballots as they lie there; the vote is closed and has its options and process."""
    ballots = counting.ballots_of(session, vote)
    further = counting.further_dimensions(session, vote)
    tagged = {key: queries.options_for(session, vote, word) for key, word in FOR.items()}
    margins = margins_of(session, vote.process)
    return analysing.analyse(vote, ballots, further, tagged=tagged, margins=margins, with_changes=with_changes)


def margins_of(session: Session, process: Process) -> Margins | None:
    """What the city's people are like, from whichever domain above knows it (``ucc.vote_margins``)."""
    asked: list[MarginsOf] = current_app.extensions.get("ucc.vote_margins", [])
    return next((found for ask in asked if (found := ask(session, process))), None)
