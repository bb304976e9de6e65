"""What lists find, in which order, and what they say of how many there are."""

from __future__ import annotations

import pytest

from tests.processes.making import day, make_process
from tests.proposals.making import answer, change, official, person, proposing_process, submit
from tests.stakeholders.making import make_organisation
from ucc_participate.kernel.errors import NotFound
from ucc_participate.processes.models import ProcessState
from ucc_participate.proposals import operations, queries, search
from ucc_participate.proposals.models import Level, Outcome, ProposalKind
from ucc_participate.proposals.queries import Filters, lists
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def place(perform, now):
    return proposing_process(perform, now)


@pytest.fixture
def process(place):
    return place[0]


@pytest.fixture
def then(place):
    return place[1]


@pytest.fixture
def sara(perform, now):
    return person(perform, "Sara", now=now)[1]


@pytest.fixture
def send(perform, process, then, sara):
    """``send(title, …)``: a proposal of Sara's."""

    def sent(title="Evening workshops for young weavers", *, actor=sara, **changes):
        return submit(perform, process, actor, now=then, title=title, **changes)

    return sent


@pytest.fixture
def found(read, process):
    """``found(objective="OBJ-1")``: numbers on the first page of the list."""

    def numbers(**wanted):
        return [key.number for key in read(lambda s: queries.browse(s, process, Filters(**wanted))).keys]

    return numbers


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("کتاب‌خانه‌ای برای کودکان محله", "كتابخانه"),
        ("کتاب‌خانه‌ای برای کودکان محله", "کتاب خانه"),
        ("كتابخانه اي براي كودكان محله", "کتابخانه‌ای"),
        ("می‌خواهیم کارگاه‌ها باز بمانند", "میخواهیم"),
        ("ساخت ۱۲ کارگاه سفال در بازار", "12"),
        ("ساخت 12 کارگاه سفال در بازار", "۱۲"),
        ("ساخت ١٢ کارگاه سفال در بازار", "۱۲ سفال"),
        ("جشنوارهٔ نوروزیِ صنایع دستی", "جشنواره نوروزی"),
        ("École d’été pour les artisans", "ecole ete"),
        ("Workshops in the OLD bazaar", "bazaar work"),
        ("Émile’s straße festival of light", "STRASSE"),
    ],
)
def test_search_finds_a_word_however_it_is_typed(send, found, written, typed):
    send(written)
    send("Something that has nothing to do with it", summary="Another text.", body="", place=None)
    assert found(words=typed) == [1]


@pytest.mark.parametrize(
    "typed", ['"', "foo:bar", "c++", "x OR y", "(", "*", "'; DROP TABLE proposal", "a" * 5000, "-"]
)
def test_search_takes_every_query_as_words(send, found, typed):
    send()
    assert found(words=typed) in ([], [1])


def test_a_query_without_words_is_no_query(send, found):
    send()
    assert found(words="  ؟ … ") == [1]


def test_search_looks_into_summary_body_place_and_number(send, found):
    send(summary="Looms for everybody.", body="With *teachers* from the guild.", place="Bazaar of Qeysarieh")
    for word in ("looms", "teachers", "qeysarieh", "1"):
        assert found(words=word) == [1]
    assert found(words="looms absent") == []


def test_search_stays_within_its_process(perform, now, send, found, sara):
    elsewhere = make_process(perform, now, ProcessState.OPEN)
    submit(perform, elsewhere, sara, now=day(now, 8), title="Evening workshops elsewhere")
    send("Evening workshops here and now")
    assert found(words="evening") == [1]


def test_filters_narrow_the_list_one_by_one_and_together(perform, send, found, now, then, sara):
    from dataclasses import replace

    guild = make_organisation(perform, "Potters’ Guild", Sector.PRIVATE, now=now)
    delegate = replace(sara, delegations=frozenset({guild.public_id}))
    send(objectives=("OBJ-1",), areas=("AREA-1",), dimensions=("social",), for_whom=("women",))
    send(objectives=("OBJ-1", "OBJ-3"), areas=(), kind=ProposalKind.POLICY, level=Level.INTERNATIONAL, for_whom=())
    send(objectives=("OBJ-3",), dimensions=("economic",), actor=delegate, organisation=guild.public_id)
    assert found() == [3, 2, 1]
    assert found(objective="OBJ-1") == [2, 1]
    assert found(area="AREA-1") == [1]
    assert found(dimension="economic") == [3]
    assert found(kind="policy") == [2]
    assert found(level="international") == [2]
    assert found(for_whom="women") == [3, 1]
    assert found(proposer="resident") == [2, 1]
    assert found(proposer="private") == [3]
    assert found(objective="OBJ-1", kind="policy") == [2]
    assert found(objective="OBJ-1", proposer="private") == []
    assert found(objective="OBJ-3", words="weavers", oldest_first=True) == [2, 3]


def test_the_list_follows_answers_and_withdrawals(perform, send, found, then, now, sara, read, process):
    leila = official(perform, now=now)
    first, second, third = send(), send(), send()
    answer(perform, first, leila, now=then, outcome=Outcome.ADOPTED)
    answer(perform, second, leila, now=then, outcome=Outcome.OUT_OF_SCOPE)
    change(perform, third, operations.withdraw_proposal, actor=sara, now=then)
    send()
    assert found() == [4, 2, 1]
    assert found(state="submitted") == [4]
    assert found(state="answered") == [2, 1]
    assert found(state="adopted") == [1]
    assert found(state="withdrawn") == [3]
    assert found(words="weavers") == [4, 2, 1]
    shortlist = read(lambda session: [p.number for p in queries.shortlist_candidates(session, process)])
    assert shortlist == [1, 4]
    assert [p.number for p in read(lambda session: queries.latest(session, process, 2))] == [4, 2]


@pytest.mark.parametrize(
    "wanted",
    [Filters(), Filters(objective="OBJ-1"), Filters(words="weavers"), Filters(state="submitted", objective="OBJ-2")],
)
@pytest.mark.parametrize("oldest_first", [False, True])
def test_pages_lead_forwards_and_back_over_everything_once(read, send, process, wanted, oldest_first):
    from dataclasses import replace

    for _place in range(7):
        send()
    wanted = replace(wanted, oldest_first=oldest_first)

    def page(**place):
        return read(lambda session: queries.browse(session, process, wanted, limit=3, **place))

    first = page()
    second = page(after=first.after)
    third = page(after=second.after)
    forwards = [[key.number for key in part.keys] for part in (first, second, third)]
    expected = [[1, 2, 3], [4, 5, 6], [7]] if oldest_first else [[7, 6, 5], [4, 3, 2], [1]]
    assert forwards == expected
    assert (first.before, third.after) == (None, None)
    back = page(before=third.before)
    assert [key.number for key in back.keys] == expected[1]
    home = page(before=back.before)
    assert ([key.number for key in home.keys], home.before) == (expected[0], None)
    assert home.after == expected[0][-1]
    assert {part.count for part in (first, second, third, back)} == {7}


def test_a_long_count_stops_at_its_limit(monkeypatch, read, send, process):
    monkeypatch.setattr(lists, "COUNT_LIMIT", 2)
    for _place in range(3):
        send()
    page = read(lambda session: queries.browse(session, process, Filters(words="weavers")))
    assert (page.count, page.has_more_than_count) == (2, True)
    everything = read(lambda session: queries.browse(session, process, Filters()))
    assert (everything.count, everything.has_more_than_count) == (3, False)


def test_counts_tell_answered_from_overdue(perform, read, send, process, then, now):
    leila = official(perform, now=now)
    answer(perform, send(), leila, now=then)
    send()
    counts = read(lambda session: queries.counts(session, process, now=then))
    assert (counts.total, counts.answered, counts.unanswered, counts.overdue) == (2, 1, 1, 0)
    late = read(lambda session: queries.counts(session, process, now=day(now, 51)))
    assert late.overdue == 1
    assert read(lambda session: queries.count_unanswered(session, process)) == 1


def test_neighbours_are_the_nearest_unanswered(perform, read, send, process, then, now):
    leila = official(perform, now=now)
    sent = [send() for _place in range(5)]
    answer(perform, sent[1], leila, now=then)
    near = read(lambda session: queries.neighbours(session, process, 3))
    assert (near.previous, near.next) == (sent[0].public_id, sent[3].public_id)
    ends = [read(lambda session, number=number: queries.neighbours(session, process, number)) for number in (1, 5)]
    assert (ends[0].previous, ends[1].next) == (None, None)


def test_a_proposal_is_not_found_in_another_process(perform, read, send, now, then, sara):
    sent = send()
    elsewhere = make_process(perform, now, ProcessState.OPEN)
    with pytest.raises(NotFound):
        read(lambda session: queries.get_proposal(session, elsewhere, sent.public_id, actor=sara, now=then))


def test_words_are_folded_once_and_cut_to_what_an_index_takes():
    assert search.words_of("Kitab كتاب", "کتاب‌ها", "x" * 5000) == ["kitab", "کتاب", "ها", "کتابها", "x" * 60]
