"""Minutes: drafts, decisions, objections that stay, the final version; hands and turns of speaking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.accounts.making import acting, make_account, send_mails
from tests.meetings.making import AHEAD, HOURS, TEXT, announce, change, hold, publish, reload, scan, speak
from tests.processes.making import invite_every_sector, make_process
from tests.proposals.making import submit
from tests.stakeholders.making import drift_faults, make_delegate, told
from ucc_participate.accounts import operations as accounts
from ucc_participate.accounts.models import Sex
from ucc_participate.accounts.queries import get_account
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import Actor, Role
from ucc_participate.meetings import operations, policies, queries
from ucc_participate.meetings.counting import hide_small
from ucc_participate.meetings.entry import NewDecision
from ucc_participate.meetings.models import Hand, MeetingState, MinutesVoice, ShowOfHands, VoiceKind
from ucc_participate.processes.models import ProcessState
from ucc_participate.vocabularies.uccn import Sector

WEEK = timedelta(days=7)


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def process(perform, now):
    return make_process(perform, now, ProcessState.OPEN)


@pytest.fixture
def start(now):
    return now + AHEAD


@pytest.fixture
def meeting(perform, process, now):
    return announce(perform, process, now=now)


@pytest.fixture
def end(start):
    return start + HOURS


@pytest.fixture
def sara(perform, now):
    return make_account(perform, now=now, display_name="Sara Weaver")


@pytest.fixture
def held(perform, meeting, sara, start, end):
    scan(perform, meeting, sara, now=start)
    hold(perform, meeting, now=end)
    return meeting


def finalise(perform, meeting, *, now, text=TEXT, decisions=()):
    return change(perform, meeting, operations.finalise_minutes, text=text, decisions=decisions, now=now)


def answer(perform, meeting, number, *, now, said="It is taken up in the second paragraph."):
    def run(session, found, **facts):
        voice = queries.voice_to_change(session, found, number)
        operations.answer_voice(session, found, voice, answer=said, **facts)

    change(perform, meeting, run, now=now)


def test_a_draft_is_public_open_for_a_week_in_the_log_and_told_to_those_who_were_there(
    app, perform, read, held, clock, end
):
    clock.at = end
    minutes = publish(perform, held, now=end)
    assert (minutes.number, minutes.objections_until) == (1, end + WEEK)
    assert reload(read, held).status is MeetingState.MINUTES_DRAFT
    [entry] = told(app, subject=f"{held.ref}/minutes/1")
    assert (entry.type, entry.payload["text"], entry.payload["state"]) == ("minutes.published", TEXT, "draft")
    [mail] = send_mails(app)
    assert mail.to == "sara@example.org"
    assert "7 days" in mail.body
    assert drift_faults(app) == []


def test_what_is_saved_and_not_published_is_nobodys_business(app, perform, read, held, end):
    before = len(told(app, process=held.process.ref))
    change(perform, held, operations.save_minutes, text="half a", decisions=[NewDecision("Do it")], now=end)
    assert len(told(app, process=held.process.ref)) == before
    assert read(lambda s: queries.desk_of(s, held)).decisions[0]["text"] == "Do it"
    assert read(lambda s: queries.standing(s, held)) is None
    publish(perform, held, now=end)
    assert read(lambda s: queries.desk_of(s, held)) is None


def test_minutes_wait_until_the_meeting_was_held_and_say_something(perform, meeting, end):
    with pytest.raises(Conflict):
        publish(perform, meeting, now=end)
    hold(perform, meeting, now=end)
    with pytest.raises(Invalid):
        publish(perform, meeting, now=end, text="Short")


def test_decisions_stand_on_the_page_of_the_proposal_as_long_as_the_newest_version_has_them(
    app, perform, read, process, held, now, end, client
):
    proposal = submit(
        perform, process, acting(make_account(perform, "p@example.org", now=now)), now=now + timedelta(days=8)
    )
    guild = invite_every_sector(perform, process, now=now)[1]
    made = publish(perform, held, now=end, decisions=(NewDecision("The hall is opened", (proposal,), (guild,)),))
    assert made.decisions == [
        {"number": 1, "text": "The hall is opened", "proposals": [proposal.ref], "organisations": [guild.ref]}
    ]
    page = client.get(f"/p/{process.public_id}/proposals/{proposal.public_id}").text
    assert "The hall is opened" in page
    assert "draft minutes" in page
    [(found, _minutes, decisions)] = read(lambda s: queries.decisions_on(s, proposal))
    assert (found.public_id, decisions[0]["number"]) == (held.public_id, 1)
    publish(perform, held, now=end)
    assert read(lambda s: queries.decisions_on(s, proposal)) == []


def test_an_objection_stays_with_its_answer_and_holds_up_the_final_version(app, perform, read, held, sara, end):
    publish(perform, held, now=end)
    voice = speak(perform, held, sara, now=end + timedelta(days=2), shows_name=True)
    [entry] = told(app, subject=f"{held.ref}/voice/1")
    assert (entry.type, entry.payload["text"], entry.payload["author"]) == (
        "minutes_voice.objected", "The school was promised the hall.", "Sara Weaver",
    )  # fmt: skip
    with pytest.raises(Conflict):
        finalise(perform, held, now=end + timedelta(days=3))
    with pytest.raises(Conflict):
        finalise(perform, held, now=end + WEEK)
    with pytest.raises(Invalid):
        answer(perform, held, voice.number, now=end + WEEK, said="No")
    answer(perform, held, voice.number, now=end + WEEK)
    with pytest.raises(Conflict):
        answer(perform, held, voice.number, now=end + WEEK)
    final = finalise(perform, held, now=end + WEEK, text=TEXT.replace("Everybody spoke", "Everybody spoke twice"))
    assert (final.number, final.state.value) == (2, "final")
    assert reload(read, held).status is MeetingState.MINUTES_FINAL
    kept = read(lambda s: queries.voices(s, held))
    assert [(each.text, each.answer is not None) for each in kept] == [("The school was promised the hall.", True)]
    assert "answered_by" not in told(app, subject=f"{held.ref}/voice/1")[-1].payload
    assert drift_faults(app) == []


def test_only_those_who_were_there_speak_and_each_once(perform, process, held, sara, now, end):
    publish(perform, held, now=end)
    stranger = make_account(perform, "stranger@example.org", now=now)
    with pytest.raises(Forbidden):
        speak(perform, held, stranger, now=end, was_there=False)
    speak(perform, held, sara, now=end, kind=VoiceKind.CONFIRMATION, text="")
    with pytest.raises(Conflict):
        speak(perform, held, sara, now=end)
    publish(perform, held, now=end)
    assert speak(perform, held, sara, now=end).number == 2


def test_a_delegate_of_an_organisation_that_was_there_speaks_for_it(perform, read, process, meeting, now, start, end):
    guild = invite_every_sector(perform, process, now=now)[1]
    there, later = (make_account(perform, f"{name}@example.org", now=now) for name in ("there", "later"))
    for account in (there, later):
        make_delegate(perform, guild, account, now=now)
    from ucc_participate.meetings.entry import Came

    speaks = Actor(there.key, there.id, frozenset({Role.RESIDENT}), frozenset({guild.public_id}))
    scan(perform, meeting, there, now=start, actor=speaks, came=Came(organisation=guild))
    hold(perform, meeting, now=end)
    publish(perform, meeting, now=end)
    was_there = read(lambda s: queries.was_there(s, meeting, later.id, now=end, today=end.date()))
    assert was_there is True
    by = Actor(later.key, later.id, frozenset({Role.RESIDENT}), frozenset({guild.public_id}))
    voice = speak(perform, meeting, later, now=end, actor=by, organisation=guild, shows_name=True)
    assert (voice.organisation_id, voice.author) == (guild.id, None)
    with pytest.raises(Invalid):
        speak(perform, meeting, there, now=end, organisation=guild)


def test_after_the_last_moment_nothing_is_said_any_more(perform, held, sara, end):
    publish(perform, held, now=end)
    with pytest.raises(Conflict):
        speak(perform, held, sara, now=end + WEEK)


def test_an_erased_author_is_withheld_and_the_objection_stays(app, perform, read, held, sara, end):
    publish(perform, held, now=end)
    speak(perform, held, sara, now=end, shows_name=True)
    erasers = app.extensions["ucc.erasers"]

    def erase(session):
        accounts.erase_account(
            session, get_account(session, sara.public_id), erasers=erasers, actor=acting(sara), now=end
        )

    told(app, process=held.process.ref)
    perform(erase)
    voice = read(lambda s: s.scalars(select(MinutesVoice)).one())
    assert (voice.text, voice.author) == ("The school was promised the hall.", None)
    assert "author" not in told(app, subject=f"{held.ref}/voice/1")[0].payload
    assert drift_faults(app) == []


@pytest.mark.parametrize("role", ["visitor", "resident", "delegate", "evaluator", "moderator"])
def test_nobody_but_coordinators_and_clerks_runs_meetings(perform, read, held, role, now, end):
    from tests.stakeholders.making import ACTORS

    actor, meeting = ACTORS[role], reload(read, held)
    verbs = ("revise", "cancel", "invite_to", "see_people", "note_attendance", "facilitate", "hold", "keep_sheet")
    for verb in (*verbs, "publish_minutes"):
        decision = getattr(policies, f"can_{verb}")(actor, meeting, now=end)
        assert not decision, verb
        assert decision.error is Forbidden, verb
    assert not policies.can_announce(actor, meeting.process, now=now)


@pytest.mark.parametrize("role", ["clerk", "coordinator", "system"])
@pytest.mark.parametrize("state", list(MeetingState))
def test_each_state_allows_its_own_deeds(read, held, role, state, start, end):
    from tests.stakeholders.making import ACTORS

    actor, meeting = ACTORS[role], reload(read, held)
    meeting.status = state
    is_announced = state is MeetingState.ANNOUNCED
    drafts = state in (MeetingState.HELD, MeetingState.MINUTES_DRAFT)
    before = start - timedelta(days=1)
    expected = {
        "revise": (before, is_announced),
        "cancel": (end, is_announced),
        "note_attendance": (start, is_announced),
        "facilitate": (start, is_announced),
        "hold": (start, is_announced),
        "keep_sheet": (end, state is not MeetingState.CANCELLED),
        "publish_minutes": (end, drafts),
        "see_people": (end, True),
    }
    for verb, (at, allowed) in expected.items():
        assert bool(getattr(policies, f"can_{verb}")(actor, meeting, now=at)) is allowed, verb


# --- the room -------------------------------------------------------------------------------------------------------


def test_hands_are_counted_and_who_raised_them_is_forgotten(app, perform, read, meeting, sara, start):
    line = scan(perform, meeting, sara, now=start)
    facts = {"question": "Is the hall large enough?", "options": ["Yes", "No", "Yes"], "now": start}
    show = change(perform, meeting, operations.ask_hands, **facts)
    assert show.options == ["Yes", "No"]

    def raise_hand(option, present=True):
        def run(session, _meeting, **by):
            there = session.merge(line, load=False) if present else None
            operations.raise_hand(session, session.get_one(ShowOfHands, show.id), there, option=option, **by)

        change(perform, meeting, run, now=start, actor=acting(sara))

    with pytest.raises(Forbidden):
        raise_hand(0, present=False)
    raise_hand(0)
    raise_hand(1)

    def type_them(session, found, **by):
        operations.type_hands(session, found, queries.show_to_change(session, found, 1), counted=[12, 3], **by)

    change(perform, meeting, type_them, now=start)
    assert read(lambda s: s.scalars(select(Hand)).all()) == []
    last = told(app, subject=f"{meeting.ref}/hands/1")[-1]
    assert last.payload["options"] == [
        {"option": "Yes", "counted": 12, "by_phone": 0}, {"option": "No", "counted": 3, "by_phone": 1},
    ]  # fmt: skip
    with pytest.raises(Conflict):
        raise_hand(0)


def test_a_question_needs_two_different_answers(perform, meeting, start):
    with pytest.raises(Invalid):
        change(perform, meeting, operations.ask_hands, question="Well?", options=["Yes", "Yes"], now=start)


def test_turns_of_speaking_are_summed_by_sector_and_sex_and_name_nobody(app, perform, read, meeting, start, end):
    def tap(at, sector=None, sex=None, is_pause=False):
        change(perform, meeting, operations.note_turn, sector=sector, sex=sex, is_pause=is_pause, now=at)

    tap(start, Sector.PUBLIC, Sex.MALE)
    tap(start + timedelta(minutes=6), Sector.CIVIL_SOCIETY, Sex.FEMALE)
    tap(start + timedelta(minutes=8), is_pause=True)
    tap(start + timedelta(minutes=20), Sector.CIVIL_SOCIETY, Sex.FEMALE)
    tap(start + timedelta(minutes=21), is_pause=True)
    hold(perform, meeting, now=end)
    speaking = told(app, subject=meeting.ref)[-1].payload["speaking"]
    assert speaking["sector:public"] == {"turns": 1, "seconds": 360}
    assert speaking["sex:female"] == {"turns": 2, "seconds": 180}


# --- pure functions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 9, "b": 8, "c": 2}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 4, "c": 4}, {"a": 9, "b": None, "c": None}),
        ({"a": 9, "b": 2, "c": 2}, {"a": None, "b": None, "c": None}),
        ({"a": 9, "b": 0, "c": 6}, {"a": 9, "b": 0, "c": 6}),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
    ],
)
def test_what_is_hidden_cannot_be_computed_from_the_rest(cells, shown):
    assert hide_small(cells, 5) == shown
