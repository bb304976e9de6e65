"""Guests of partner cities comment: one matrix over everything else that people of the city do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.proposals.test_policies import NOW, process, proposal
from ucc_participate.deliberation import policies as deliberation
from ucc_participate.deliberation.models import Comment, CommentState
from ucc_participate.inventory import policies as inventory
from ucc_participate.kernel.decision import Decision, Denied
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.meetings import policies as meetings
from ucc_participate.meetings.models import Meeting, MeetingState, Minutes
from ucc_participate.moderation import policies as moderation
from ucc_participate.moderation.kinds import Contribution
from ucc_participate.moderation.models import Standing
from ucc_participate.opinions import policies as opinions
from ucc_participate.opinions.models import Adding, MapState, OpinionMap
from ucc_participate.outreach import policies as outreach
from ucc_participate.processes.models import PhaseKind
from ucc_participate.processes.policies import GUESTS_COMMENT
from ucc_participate.proposals import policies as proposals
from ucc_participate.proposals.disputed import Disputed
from ucc_participate.proposals.models import CoAuthor, CoAuthorState, DissentAbout, ProposalState

RESIDENT = Actor("account:21", 21, frozenset({Role.RESIDENT}), name="Sara")
GUEST = Actor("account:22", 22, frozenset({Role.RESIDENT}), name="Léa", guest_of="p1")
DAY = timedelta(days=1)

HERE = process(PhaseKind.PROPOSE)
DISCUSSED = process(PhaseKind.DISCUSS)
SENT = proposal(ProposalState.SUBMITTED)
ASKED = CoAuthor(state=CoAuthorState.INVITED, proposal=SENT, account_id=None, organisation=None)
COMMENT = Comment(
    process=DISCUSSED, author_id=7, status=CommentState.POSTED, standing=Standing.SHOWN, written_at=NOW - DAY
)
MAP = OpinionMap(
    process=DISCUSSED, opens_at=NOW - DAY, closes_at=NOW + DAY, status=MapState.RUNNING, adding=Adding.EVERYBODY
)
TO_COME = Meeting(process=HERE, status=MeetingState.ANNOUNCED, starts_at=NOW + DAY, ends_at=NOW + 2 * DAY)
HELD = Meeting(process=HERE, status=MeetingState.MINUTES_DRAFT, starts_at=NOW - 2 * DAY, ends_at=NOW - DAY)
DRAFT = Minutes(objections_until=NOW + DAY)
DECIDED = Disputed("process/p", HERE, DissentAbout.PROCESS, "Crafts", "/p/p", NOW - DAY, None)
WRITTEN = Contribution("comment/c", DISCUSSED, (7,), "", "Words", "/c", NOW - DAY, Standing.SHOWN)

FOR_RESIDENTS = {
    "propose": lambda who: proposals.can_submit(who, HERE, now=NOW),
    "begin a draft": lambda who: proposals.can_draft(who, HERE, now=NOW),
    "endorse": lambda who: proposals.can_endorse(who, SENT, now=NOW),
    "take support back": lambda who: proposals.can_take_endorsement_back(who, SENT, now=NOW),
    "propose a change": lambda who: proposals.can_amend(who, SENT, now=NOW),
    "write along": lambda who: proposals.can_answer_invitation(who, ASKED, now=NOW),
    "file a minority statement": lambda who: proposals.can_dissent(who, DECIDED, days=9, takes_part=True, now=NOW),
    "find a comment helpful": lambda who: deliberation.can_mark(who, COMMENT, now=NOW),
    "translate a comment": lambda who: deliberation.can_translate(who, COMMENT, now=NOW),
    "answer an opinion map": lambda who: opinions.can_answer(who, MAP, now=NOW),
    "add a statement": lambda who: opinions.can_add(who, MAP, now=NOW),
    "suggest a need": lambda who: inventory.can_suggest(who, HERE, now=NOW),
    "register for a meeting": lambda who: meetings.can_register(who, TO_COME, now=NOW),
    "come to a meeting": lambda who: meetings.can_attend(who, TO_COME, now=NOW, code_opens=True),
    "object to minutes": lambda who: meetings.can_speak_on_minutes(who, HELD, now=NOW, minutes=DRAFT, was_there=True),
    "be told of news": lambda who: outreach.can_follow(who, HERE, now=NOW),
}


def refusal(decision: Decision) -> Any:
    return decision.reason if isinstance(decision, Denied) else None


@pytest.mark.parametrize("ask", FOR_RESIDENTS.values(), ids=FOR_RESIDENTS)
def test_what_is_for_the_people_of_the_city_is_refused_to_guests_in_plain_words(ask):
    assert refusal(ask(RESIDENT)) is None
    assert refusal(ask(GUEST)) == GUESTS_COMMENT


def test_guests_may_flag_what_they_read():
    assert refusal(moderation.can_flag(GUEST, WRITTEN, now=NOW)) is None
