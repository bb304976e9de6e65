"""What is found: current process, lists by actor, keyset pages, the board of sectors."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from tests.processes.making import (
    change,
    day,
    invite_every_sector,
    invite_organisations,
    make_draft,
    make_process,
    reload,
)
from tests.stakeholders.making import ACTORS, make_organisation
from ucc_participate.kernel.db import db
from ucc_participate.kernel.errors import NotFound
from ucc_participate.processes import operations, queries
from ucc_participate.processes.models import Channel, ProcessState
from ucc_participate.vocabularies.uccn import Sector


@pytest.fixture
def now(clock):
    return clock.now()


@pytest.fixture
def counted(app):
    """``counted(query)``: how many statements it takes."""

    def count(query):
        statements = []
        with app.app_context():
            event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
            query(db.session())
        return sum(statement.startswith("SELECT") for statement in statements)

    return count


def test_the_current_process_is_the_newest_open_one_then_the_newest_announced_one(perform, read, now):
    assert read(queries.current_process) is None
    make_draft(perform, now)
    make_process(perform, now, ProcessState.CLOSED)
    assert read(queries.current_process) is None
    announced = make_process(perform, now, ProcessState.PUBLISHED)
    assert read(queries.current_process).public_id == announced.public_id
    running = make_process(perform, now, ProcessState.OPEN)
    make_process(perform, now, ProcessState.PUBLISHED)
    found = read(queries.current_process)
    assert found.public_id == running.public_id
    assert len(found.phases) == 5


@pytest.mark.parametrize("name", ACTORS)
def test_another_ones_draft_is_not_there(perform, read, now, name):
    draft = make_draft(perform, now)
    announced = make_process(perform, now, ProcessState.PUBLISHED)
    listed = read(lambda s: [p.public_id for p in queries.list_processes(s, ACTORS[name]).processes])
    if name in ("visitor", "resident", "delegate"):
        with pytest.raises(NotFound):
            read(lambda s: queries.get_process(s, draft.public_id, actor=ACTORS[name]))
        assert listed == [announced.public_id]
    else:
        assert read(lambda s: queries.get_process(s, draft.public_id, actor=ACTORS[name])).id == draft.id
        assert listed == [announced.public_id, draft.public_id]


def test_who_names_no_actor_gets_what_everybody_may_see(perform, read, now):
    draft = make_draft(perform, now)
    with pytest.raises(NotFound):
        read(lambda s: queries.get_process(s, draft.public_id))


def test_pages_of_processes_follow_each_other_without_gap_or_double(perform, read, now):
    made = [make_draft(perform, now).public_id for _ in range(5)][::-1]
    seen, after = [], None
    while True:
        page = read(lambda s, a=after: queries.list_processes(s, ACTORS["clerk"], after=a, limit=2))
        seen += [process.public_id for process in page.processes]
        after = page.after
        if after is None:
            break
    assert seen == made


def test_an_unknown_place_in_the_list_is_its_end(perform, read, now):
    make_draft(perform, now)
    page = read(lambda s: queries.list_processes(s, ACTORS["clerk"], after="nowhere"))
    assert (page.processes, page.after) == ([], None)


def test_the_number_of_statements_does_not_grow_with_the_list(perform, now, counted):
    def look(session):
        for process in queries.list_processes(session, ACTORS["clerk"]).processes:
            assert process.phases
            assert process.documents

    make_draft(perform, now)
    assert counted(look) == 3
    for _ in range(4):
        make_draft(perform, now)
    assert counted(look) == 3


def test_invitations_are_listed_by_sector_and_alphabet_in_two_statements(perform, read, now, counted):
    made = make_draft(perform, now)
    invite_every_sector(perform, made, now=now)
    more = [make_organisation(perform, name, Sector.PRIVATE, now=now) for name in ("Atelier", "Weaving mill")]
    change(perform, made, invite_organisations, more, channel=Channel.PHONE, now=now)
    names = read(lambda s: [invitation.organisation.name for invitation in queries.list_invitations(s, made)])
    assert names == ["University of Arts", "Atelier", "Potters’ Guild", "Weaving mill", "Weavers"]
    assert counted(lambda s: queries.list_invitations(s, made)) == 2


def test_the_board_counts_groups_beside_sectors(perform, read, now):
    made = make_draft(perform, now)
    groups = [
        make_organisation(perform, "Women weavers", now=now, is_womens_group=True),
        make_organisation(perform, "Young weavers", now=now, is_youth_group=True, is_womens_group=True),
        make_organisation(perform, "Not invited", Sector.PUBLIC, now=now, is_youth_group=True),
    ]
    change(perform, made, operations.set_targets, {"sector:civil_society": 4}, now=now)
    change(perform, made, invite_organisations, groups[:2], channel=Channel.VISIT, now=now)
    made = reload(read, made)
    board = {group.group: group for group in read(lambda s: queries.presence_of_stakeholders(s, made))}
    assert {name: group.invited for name, group in board.items()} == {
        "sector:public": 0,
        "sector:private": 0,
        "sector:civil_society": 2,
        "womens_group": 2,
        "youth_group": 1,
    }
    assert board["sector:civil_society"].target == 4
    assert read(lambda s: queries.sectors_without_invitation(s, made)) == [Sector.PUBLIC, Sector.PRIVATE]


def test_organisations_that_were_not_invited_are_offered(perform, read, now):
    made = make_draft(perform, now)
    invite_every_sector(perform, made, now=now)
    make_organisation(perform, "Bakers", Sector.PRIVATE, now=now)
    assert read(lambda s: [organisation.name for organisation in queries.list_uninvited(s, made)]) == ["Bakers"]


def test_an_organisation_shows_only_processes_that_everybody_may_see(perform, read, now):
    draft = make_draft(perform, now)
    organisation = invite_every_sector(perform, draft, now=now)[0]
    listed = lambda s: queries.list_invitations_of(s, organisation)  # noqa: E731
    assert read(listed) == []
    change(perform, draft, operations.publish_process, now=day(now, 1))
    assert [invitation.process.public_id for invitation in read(listed)] == [draft.public_id]
