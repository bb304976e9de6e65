"""Finding organisations: by the Persian alphabet, by folded words, by what they are, page after page."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.stakeholders.making import make_organisation
from ucc_participate.kernel.db import db
from ucc_participate.stakeholders import queries
from ucc_participate.stakeholders.queries import RegisterFilter
from ucc_participate.vocabularies.uccn import CreativeField, Sector

NAMES = ["آبگینه", "بافت", "پارچه", "چوب", "ژرف", "کتاب‌خانه", "گلیم", "یاران", "Atelier", "Zari"]


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def register(perform, now):
    """Ten organisations entered in no order."""
    for place in (5, 2, 9, 0, 7, 3, 8, 1, 6, 4):
        make_organisation(perform, NAMES[place], list(Sector)[place % 3], now=now)


def names(read, wanted=None, **page):
    found = read(lambda s: queries.list_organisations(s, wanted or RegisterFilter(), **page))
    return [organisation.name for organisation in found.organisations]


def test_the_register_follows_the_persian_alphabet_and_latin_comes_after(register, read):
    assert names(read) == NAMES


@pytest.mark.parametrize("limit", [1, 3, 4, 9, 10])
def test_pages_follow_each_other_without_gap_or_double(register, read, limit):
    seen, after = [], None
    for _ in range(11):
        page = read(lambda s, a=after: queries.list_organisations(s, RegisterFilter(), after=a, limit=limit))
        seen += [organisation.name for organisation in page.organisations]
        after = page.after
        if after is None:
            break
    assert seen == NAMES


def test_two_of_one_name_stand_on_two_pages(perform, read, now):
    for _ in range(3):
        make_organisation(perform, "همنام", now=now)
    first = read(lambda s: queries.list_organisations(s, RegisterFilter(), limit=2))
    rest = read(lambda s: queries.list_organisations(s, RegisterFilter(), after=first.after, limit=2))
    assert len({organisation.id for organisation in (*first.organisations, *rest.organisations)}) == 3


@pytest.mark.parametrize("typed", ["كتاب", "کتابخانه", "کتاب‌خانه", "خانه کتاب"])
def test_a_word_is_found_however_it_is_typed(register, read, typed):
    assert names(read, RegisterFilter(text=typed)) == ["کتاب‌خانه"]


@pytest.mark.parametrize("typed", ["%", "_", "'", '"; DROP TABLE organisation', "\\"])
def test_signs_in_a_search_are_no_commands(register, read, typed):
    assert names(read, RegisterFilter(text=typed)) in (NAMES, [])
    assert len(names(read)) == 10


def test_filters_narrow_together(perform, read, now):
    field = CreativeField.MUSIC
    make_organisation(perform, "Choir", now=now, creative_field=field, is_womens_group=True)
    make_organisation(perform, "Youth choir", now=now, creative_field=field, is_womens_group=True, is_youth_group=True)
    make_organisation(perform, "Orchestra", Sector.PUBLIC, now=now, creative_field=field)
    assert names(read, RegisterFilter(creative_field=field)) == ["Choir", "Orchestra", "Youth choir"]
    assert names(read, RegisterFilter(sector=Sector.PUBLIC, creative_field=field)) == ["Orchestra"]
    assert names(read, RegisterFilter(is_womens_group=True, is_youth_group=True)) == ["Youth choir"]
    assert names(read, RegisterFilter(is_womens_group=True, text="youth")) == ["Youth choir"]
    assert names(read, RegisterFilter(creative_field=CreativeField.FILM)) == []


def test_counts_name_every_sector_also_an_empty_one(perform, read, now):
    make_organisation(perform, "Choir", now=now, is_womens_group=True)
    make_organisation(perform, "Youth choir", now=now, is_womens_group=True, is_youth_group=True)
    make_organisation(perform, "Orchestra", Sector.PUBLIC, now=now)
    counts = read(queries.count_organisations)
    assert counts.by_sector == {Sector.PUBLIC: 1, Sector.PRIVATE: 0, Sector.CIVIL_SOCIETY: 2}
    assert (counts.total, counts.womens_groups, counts.youth_groups) == (3, 2, 1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("انجمن سفالگران", ["انجمن سفال‌گران سپیدرود"]),
        ("انجمن سفال گران سپیدرود", ["انجمن سفال‌گران سپیدرود"]),
        ("WEAVERS", ["Weavers"]),
        ("Weaver's guild", []),
        ("We", []),
    ],
)
def test_a_name_that_is_there_already_is_noticed(perform, read, now, typed, found):
    make_organisation(perform, "انجمن سفال‌گران سپیدرود", now=now)
    make_organisation(perform, "Weavers", now=now)
    similar = read(lambda s: queries.similar_organisations(s, typed))
    assert [organisation.name for organisation in similar] == found


def test_an_organisation_is_not_its_own_double(perform, read, now):
    made = make_organisation(perform, "Weavers", now=now)
    assert read(lambda s: queries.similar_organisations(s, "Weavers", besides=made.public_id)) == []


def test_a_page_of_the_register_is_one_statement(app, register):
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        page = queries.list_organisations(db.session(), RegisterFilter(), limit=10)
        assert all(organisation.name for organisation in page.organisations)
    assert [statement.split()[0] for statement in statements if not statement.startswith("BEGIN")] == ["SELECT"]
