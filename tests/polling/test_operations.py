"""Paper and kiosks: one slot votes once, in one way; papers are typed twice and counted once."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from tests.polling.making import (
    DIGESTS,
    announce,
    box_of,
    entry_of,
    hand_out,
    in_box,
    letters,
    type_all,
    within,
)
from tests.voting.making import cast, change, codes, make_vote, reload, result_of
from ucc_participate.kernel.errors import Conflict, Forbidden, Invalid
from ucc_participate.kernel.identity import VISITOR
from ucc_participate.polling import operations, queries
from ucc_participate.polling.codes import batch_hash, digest_of
from ucc_participate.polling.keyboard import read_paper
from ucc_participate.polling.models import BoxState, Mishap, MishapReason, TypedPaper
from ucc_participate.voting import operations as voting_operations
from ucc_participate.voting import queries as voting
from ucc_participate.voting.models import Ballot, Channel, VoteState


def papers_for(perform, read, vote, place, voters, clerk, during):
    for voter in voters:
        hand_out(perform, vote, place, entry_of(read, vote, voter).slot, actor=clerk, now=during)


def kiosk(perform, vote, place, clerk, now):
    """(kiosk's public id, what its browser holds)"""

    def work(session, found, **who):
        at = queries.place_to_change(session, found, place.public_id)
        made, token = operations.start_kiosk(session, at, idle_minutes=10, digests=DIGESTS, **who)
        return made.public_id, token

    return within(perform, vote, work, now=now, actor=clerk)


def begin(perform, token, code, now):
    def work(session):
        found = queries.kiosk_to_count_at(session, DIGESTS("kiosk", token))
        assert found is not None
        digest = digest_of(found.place.vote, code, DIGESTS)
        return operations.begin_turn(session, found, code=digest, digests=DIGESTS, actor=VISITOR, now=now)

    return perform(work)


def cast_there(perform, token, turn, choices, now, key="k"):
    def work(session):
        found = queries.kiosk_to_count_at(session, DIGESTS("kiosk", token))
        assert found is not None
        standing = queries.turn_by_token(session, found, DIGESTS("turn", turn), now)
        assert standing is not None
        facts = {"choices": choices, "points": None, "idempotency_key": key, "actor": VISITOR, "now": now}
        return operations.cast_at_kiosk(session, found, standing, **facts)

    return perform(work)


# --- paper


def test_a_paper_marks_the_slot_and_says_nothing_else(perform, read, vote, place, voters, clerks, during, entries):
    slot = entry_of(read, vote, voters[0]).slot
    hand_out(perform, vote, place, slot, actor=clerks[0], now=during)
    entry = entry_of(read, vote, voters[0])
    assert (entry.has_voted, entry.channel) == (True, Channel.PAPER)
    [told] = entries(entry.slot_ref(vote))
    assert (told.type, told.payload, told.values["role"]) == ("ballot.cast_on_paper", {}, "clerk")
    assert box_of(read, vote, place).handed_out == 1


def test_whoever_voted_on_the_internet_gets_no_paper(perform, read, vote, place, voters, clerks, during):
    cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    with pytest.raises(Conflict, match="internet"):
        hand_out(perform, vote, place, entry_of(read, vote, voters[0]).slot, actor=clerks[0], now=during)
    assert box_of(read, vote, place).handed_out == 0


def test_whoever_got_paper_votes_neither_on_the_internet_nor_gets_another(
    perform, read, vote, place, voters, clerks, during
):
    slot = entry_of(read, vote, voters[0]).slot
    hand_out(perform, vote, place, slot, actor=clerks[0], now=during)
    with pytest.raises(Conflict, match="paper ballot was handed out"):
        cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    with pytest.raises(Conflict, match="paper ballot was handed out"):
        hand_out(perform, vote, place, slot, actor=clerks[1], now=during)
    assert read(lambda session: list(session.scalars(select(Ballot)))) == []


def test_paper_and_internet_at_once_give_one_of_them(perform, read, vote, place, voters, clerks, during):
    slot, outcomes = entry_of(read, vote, voters[0]).slot, []

    def attempt(work):
        try:
            work()
            outcomes.append("done")
        except Conflict:
            outcomes.append("refused")

    works = [
        lambda: hand_out(perform, vote, place, slot, actor=clerks[0], now=during),
        lambda: cast(perform, vote, voters[0], codes(vote)[:1], now=during),
    ]
    threads = [threading.Thread(target=attempt, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]
    ballots = len(read(lambda session: list(session.scalars(select(Ballot)))))
    assert ballots + box_of(read, vote, place).handed_out == 1


def test_a_paper_that_came_back_needs_a_second_person(
    perform, read, vote, place, voters, clerks, during, entries, drift
):
    slot = entry_of(read, vote, voters[0]).slot
    hand_out(perform, vote, place, slot, actor=clerks[0], now=during)

    def ask(session, box, **who):
        entry = voting.slot_to_use(session, box.place.vote, slot)
        return operations.ask_mishap(
            session, box, kind=Mishap.RETURNED, reason=MishapReason.LEFT, entry=entry, **who
        ).public_id

    asked = in_box(perform, vote, place, ask, actor=clerks[0], now=during)

    def confirm(session, found, **who):
        mishap = queries.mishap_to_confirm(session, asked)
        operations.confirm_mishap(session, found, mishap, voting.slot_to_use(session, found, slot), **who)

    with pytest.raises(Forbidden, match="another person"):
        within(perform, vote, confirm, now=during, actor=clerks[0])
    assert entry_of(read, vote, voters[0]).has_voted
    within(perform, vote, confirm, now=during, actor=clerks[1])
    assert not entry_of(read, vote, voters[0]).has_voted
    assert box_of(read, vote, place).handed_out == 0
    assert [each.type for each in entries(f"{vote.ref}/slot/{slot:06d}")][-1] == "ballot.paper_returned"
    assert drift() == []
    cast(perform, vote, voters[0], codes(vote)[:1], now=during)
    assert entry_of(read, vote, voters[0]).channel is Channel.INTERNET


# --- codes and kiosks


def test_a_code_casts_one_ballot_at_a_kiosk_and_no_second(perform, read, vote, place, voters, clerks, during, drift):
    slot = entry_of(read, vote, voters[0]).slot
    [code] = letters(perform, vote, [slot], now=during)
    _kiosk, token = kiosk(perform, vote, place, clerks[0], during)
    turn = begin(perform, token, code, during)
    cast_there(perform, token, turn, codes(vote)[:1], during)
    assert entry_of(read, vote, voters[0]).channel is Channel.KIOSK
    [ballot] = read(lambda session: list(session.scalars(select(Ballot))))
    assert ballot.channel == "kiosk"
    with pytest.raises(Conflict, match="kiosk"):
        begin(perform, token, code, during)
    with pytest.raises(Conflict, match="kiosk"):
        cast(perform, vote, voters[0], codes(vote)[1:2], now=during)
    with pytest.raises(Conflict, match="kiosk"):
        hand_out(perform, vote, place, slot, actor=clerks[0], now=during)
    assert drift() == []


def test_the_same_button_pressed_twice_casts_once(perform, read, vote, place, voters, clerks, during):
    [code] = letters(perform, vote, [entry_of(read, vote, voters[0]).slot], now=during)
    _kiosk, token = kiosk(perform, vote, place, clerks[0], during)
    turn = begin(perform, token, code, during)
    first = cast_there(perform, token, turn, codes(vote)[:1], during)
    again = cast_there(perform, token, turn, codes(vote)[:1], during)
    assert first.commitment == again.commitment


def test_a_code_used_at_two_kiosks_at_once_opens_one(perform, read, vote, place, voters, clerks, during):
    [code] = letters(perform, vote, [entry_of(read, vote, voters[0]).slot], now=during)
    tokens = [kiosk(perform, vote, place, clerks[0], during)[1] for _ in range(2)]
    outcomes = []

    def attempt(token):
        try:
            outcomes.append(begin(perform, token, code, during) is not None)
        except Conflict:
            outcomes.append(False)

    threads = [threading.Thread(target=attempt, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


def test_a_code_of_another_vote_opens_nothing(perform, read, vote, place, voters, clerks, during, now):
    other = make_vote(perform, now, VoteState.OPEN)
    [code] = letters(perform, other, [entry_of(read, other, voters[0]).slot], now=during)
    _kiosk, token = kiosk(perform, vote, place, clerks[0], during)
    assert begin(perform, token, code, during) is None


def test_withdrawn_letters_open_nothing_and_their_number_is_public(
    perform, read, vote, place, voters, clerks, during, entries
):
    slots = [entry_of(read, vote, voter).slot for voter in voters[:3]]
    made = letters(perform, vote, slots, now=during)
    hand_out(perform, vote, place, slots[0], actor=clerks[0], now=during)
    [use] = read(lambda session: queries.letters_of(session, vote))

    def work(session, found, **who):
        held = queries.letters_to_change(session, found, use.letters.public_id)
        return operations.withdraw_letters(session, found, held, **who)

    assert within(perform, vote, work, now=during) == 2
    _kiosk, token = kiosk(perform, vote, place, clerks[0], during)
    assert begin(perform, token, made[1], during) is None
    told = [each for each in entries(vote.ref) if each.type.startswith("polling.codes")]
    assert [each.payload.get("size", each.payload.get("unused")) for each in told] == [3, 2]
    assert not any(code in str(each.payload) for each in told for code in made)


def test_after_ten_wrong_codes_a_kiosk_takes_none(perform, read, vote, place, voters, clerks, during):
    [code] = letters(perform, vote, [entry_of(read, vote, voters[0]).slot], now=during)
    _kiosk, token = kiosk(perform, vote, place, clerks[0], during)
    for _ in range(10):
        assert begin(perform, token, "2222-2222-222", during) is None
    with pytest.raises(Conflict, match="anew"):
        begin(perform, token, code, during)


def test_a_vote_that_closes_while_somebody_stands_there_takes_nothing(
    perform, read, vote, place, voters, clerks, after, now
):
    from datetime import timedelta

    before = after - timedelta(minutes=1)
    [code] = letters(perform, vote, [entry_of(read, vote, voters[0]).slot], now=before)
    _kiosk, token = kiosk(perform, vote, place, clerks[0], before)
    turn = begin(perform, token, code, before)
    with pytest.raises(Conflict):
        cast_there(perform, token, turn, codes(vote)[:1], after)
    assert read(lambda session: list(session.scalars(select(Ballot)))) == []


# --- boxes


def counted(perform, read, vote, place, voters, clerks, during, after, lines, other=None):
    """A box with a paper for each line, typed by two clerks."""
    papers_for(perform, read, vote, place, voters[: len(lines)], clerks[0], during)
    in_box(perform, vote, place, operations.count_box, found=len(lines), actor=clerks[0], now=after)
    type_all(perform, vote, place, lines, actor=clerks[0], now=after)
    type_all(perform, vote, place, other or lines, actor=clerks[1], now=after)


def test_papers_typed_alike_count_with_the_others(perform, read, vote, place, voters, clerks, during, after, drift):
    cast(perform, vote, voters[11], codes(vote)[:1], now=during)
    lines = ["1"] * 6 + ["1 2"] * 2 + ["۲", "0", "xu"]
    counted(perform, read, vote, place, voters, clerks, during, after, lines)
    in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    change(perform, vote, voting_operations.close_vote, now=after)
    assert (reload(read, vote).status, reload(read, vote).result) == (VoteState.CLOSED, None)
    assert within(perform, vote, operations.enter_boxes, now=after) == 10
    assert reload(read, vote).result is None
    within(perform, vote, operations.end_paper, now=after)
    result = result_of(read, vote)
    assert [line["votes"] for line in result["counts"]] == [9, 3, 0]
    assert (result["ballots"], result["blank"]) == (11, 1)
    assert read(lambda session: list(session.scalars(select(TypedPaper)))) == []
    assert box_of(read, vote, place).state is BoxState.ENTERED
    assert drift() == []


def test_the_entry_of_a_batch_has_numbers_and_seals_and_no_choice(
    perform, read, vote, place, voters, clerks, during, after, entries
):
    counted(perform, read, vote, place, voters, clerks, during, after, ["1"] * 10)
    in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    within(perform, vote, operations.enter_boxes, now=after)
    [told] = [each for each in entries(vote.ref) if each.type == "ballots.entered"]
    assert set(told.payload) == {"batch", "place", "papers", "invalid", "commitments"}
    assert (told.payload["papers"], told.payload["invalid"], len(told.payload["commitments"])) == (10, 0, 10)
    assert box_of(read, vote, place).batch_sha256 == batch_hash(told.payload["commitments"])


def test_one_clerk_cannot_be_both(perform, read, vote, place, voters, clerks, during, after):
    papers_for(perform, read, vote, place, voters[:2], clerks[0], during)
    in_box(perform, vote, place, operations.count_box, found=2, actor=clerks[0], now=after)
    type_all(perform, vote, place, ["1", "2"], actor=clerks[0], now=after)
    type_all(perform, vote, place, ["1", "2"], actor=clerks[0], now=after)
    with pytest.raises(Conflict, match="typed twice"):
        in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    type_all(perform, vote, place, ["1", "2"], actor=clerks[1], now=after)
    with pytest.raises(Forbidden, match="Two other clerks"):
        type_all(perform, vote, place, ["1", "2"], actor=clerks[2], now=after)


def test_where_two_differ_a_third_decides(perform, read, vote, place, voters, clerks, during, after):
    counted(perform, read, vote, place, voters, clerks, during, after, ["1", "2", "3"], ["1", "2", "2 3"])
    piles = read(lambda session: queries.compared(session, queries.get_box(session, vote, place.public_id, 1)))
    assert (piles[0].only_first, piles[0].only_second) == (("3",), ("2 3",))
    with pytest.raises(Conflict, match="do not agree"):
        in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    decided = {3: read_paper(reload(read, vote), "2 3")}
    with pytest.raises(Forbidden, match="another person"):
        in_box(perform, vote, place, operations.decide_papers, decided, reason="seen", actor=clerks[1], now=after)
    in_box(perform, vote, place, operations.decide_papers, decided, reason="seen", actor=clerks[2], now=after)
    in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    assert box_of(read, vote, place).differences == 1


def test_the_same_papers_in_another_order_are_no_difference(perform, read, vote, place, voters, clerks, during, after):
    counted(perform, read, vote, place, voters, clerks, during, after, ["1", "2"], ["2", "1"])
    [pile] = read(lambda session: queries.compared(session, queries.get_box(session, vote, place.public_id, 1)))
    assert pile.same_in_another_order
    assert pile.is_settled


def test_numbers_that_do_not_add_up_need_a_reason(perform, read, vote, place, voters, clerks, during, after):
    papers_for(perform, read, vote, place, voters[:3], clerks[0], during)
    in_box(perform, vote, place, operations.count_box, found=2, actor=clerks[0], now=after)
    for typist in clerks[:2]:
        type_all(perform, vote, place, ["1", "2"], actor=typist, now=after)
    with pytest.raises(Invalid, match="Say why"):
        in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    reason = "One voter took the paper home."
    in_box(perform, vote, place, operations.finish_box, reason=reason, actor=clerks[0], now=after)
    assert box_of(read, vote, place).reason == reason


def test_more_papers_than_were_handed_out_cannot_be_entered(perform, read, vote, place, voters, clerks, during, after):
    papers_for(perform, read, vote, place, voters[:10], clerks[0], during)
    in_box(perform, vote, place, operations.count_box, found=11, actor=clerks[0], now=after)
    for typist in clerks[:2]:
        type_all(perform, vote, place, ["1"] * 11, actor=typist, now=after)
    in_box(perform, vote, place, operations.finish_box, reason="One too many.", actor=clerks[0], now=after)
    with pytest.raises(Conflict, match="More papers"):
        within(perform, vote, operations.enter_boxes, now=after)
    assert read(lambda session: list(session.scalars(select(Ballot)))) == []


def test_a_small_box_waits_for_another_one(perform, read, vote, voters, clerks, during, after, now):
    place = announce(perform, vote, now, boxes=2)
    counted(perform, read, vote, place, voters, clerks, during, after, ["1", "2"])
    in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    with pytest.raises(Conflict, match="stand alone"):
        within(perform, vote, operations.enter_boxes, now=after)


def test_nothing_is_entered_after_the_count(perform, read, vote, place, voters, clerks, during, after):
    counted(perform, read, vote, place, voters, clerks, during, after, ["1", "2"])
    in_box(perform, vote, place, operations.finish_box, reason=None, actor=clerks[0], now=after)
    with pytest.raises(Conflict, match="not entered yet"):
        within(perform, vote, operations.end_paper, now=after)
    within(perform, vote, operations.enter_boxes, now=after)
    change(perform, vote, voting_operations.close_vote, now=after)
    within(perform, vote, operations.end_paper, now=after)
    assert reload(read, vote).result is not None
    with pytest.raises(Conflict, match="No paper can be entered"):
        within(perform, vote, operations.enter_boxes, now=after)


def test_a_box_is_not_opened_while_voters_may_come(perform, vote, place, clerks, during):
    with pytest.raises(Conflict, match="still come"):
        in_box(perform, vote, place, operations.count_box, found=0, actor=clerks[0], now=during)
