"""The half-written application of the demonstration city."""

from __future__ import annotations

import re

import pytest

from ucc_participate.demo.city import text
from ucc_participate.dossier import queries
from ucc_participate.dossier.models import AnswerState, Dossier
from ucc_participate.dossier.standing import standing_of
from ucc_participate.kernel.db import db
from ucc_participate.processes.models import Process


@pytest.fixture
def look(city):
    def run(query):
        with city.test_request_context():
            return query(db.session())

    return run


def test_a_dozen_texts_are_final_in_both_languages_and_the_rest_is_open(look):
    def standing(session):
        [dossier] = session.query(Dossier).all()
        process = session.get(Process, dossier.process_id)
        found = queries.application_of(session, process)
        return standing_of(found, queries.answers_of(session, found), queries.open_comments(session, found))

    seen = look(standing)
    assert seen.counts["final"] >= 12
    assert seen.counts["empty"] >= 10
    cells = [cell for row in seen.rows for cell in row.cells]
    assert [cell.answer.section for cell in cells if cell.over] == ["11"]
    assert [cell.answer.section for cell in cells if cell.is_behind] == ["9.2"]
    assert [cell.answer.section for cell in cells if cell.comments] == ["9.6"]
    assert not any(cell.over for cell in cells if cell.state == AnswerState.FINAL)


def test_the_texts_are_written_as_an_editor_writes():
    for told in text("sections")["text"]:
        assert not re.search(r"[0-9يك]|\u200c\s|\s\u200c", told["fa"]), told["section"]
        assert not re.search(r"[\u0600-\u06ff]", told["en"]), told["section"]
