"""The migrations make exactly the tables that the models say, and can be undone, on the database under test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Enum, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.applications import close_app, make_app
from ucc_participate.kernel.db import db
from ucc_participate.proposals.search import is_of_models


@pytest.fixture
def empty_app(empty_db_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no tables yet."""
    environment = {"UCC_DATABASE_URL": empty_db_url, "UCC_INSTANCE_PATH": str(tmp_path)}
    app = make_app(environment)
    with app.app_context():
        yield app
    close_app(app)


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": is_of_models}
        context = MigrationContext.configure(connection, opts=opts)
        return list(compare_metadata(context, db.metadata))


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_the_newest_version_is_what_the_models_say(empty_app: Flask) -> None:
    upgrade()
    assert differences() == []
    assert set(db.metadata.tables) <= tables()


def test_every_migration_can_be_undone_and_done_again(empty_app: Flask) -> None:
    upgrade()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}
    upgrade()
    assert differences() == []


def allowed_values(table: str, name: str) -> set[str]:
    """The values that a CHECK constraint of the database names."""
    checks = {check["name"]: check["sqltext"] for check in inspect(db.engine).get_check_constraints(table)}
    return set(re.findall(r"'([^']*)'", checks.get(name, "")))


def test_the_database_knows_the_same_values_as_the_models(empty_app: Flask) -> None:
    """Alembic does not compare CHECK constraints: a value added to an enum would be refused in production only."""
    upgrade()
    wrong = {
        f"{table.name}.{column.name}": allowed_values(table.name, f"ck_{table.name}_{column.type.name}")
        for table in db.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
        and allowed_values(table.name, f"ck_{table.name}_{column.type.name}") != set(column.type.enums)
    }
    assert wrong == {}


def test_there_is_one_newest_version(empty_app: Flask) -> None:
    script = ScriptDirectory.from_config(empty_app.extensions["migrate"].migrate.get_config())
    assert len(script.get_heads()) == 1


ORGANISATION = {
    "sort_key": "k",
    "folded": "f",
    "sector": "private",
    "subtype": "company",
    "identified_by": "i",
    "registered_at": "2026-03-21 08:00:00+00:00",
    "version": 1,
}


MOMENT = "2026-03-21 08:00:00+00:00"
REGISTERED = ORGANISATION | {"creative_fields": "", "tags": "", "is_womens_group": False, "is_youth_group": False}
ACCOUNT: dict[str, Any] = {
    "id": 1,
    "public_id": "a1",
    "email": "a@b.example",
    "display_name": "A",
    "locale": "fa",
    "session_version": 1,
    "is_active": True,
    "created_at": MOMENT,
    "version": 1,
}
PROCESS: dict[str, Any] = {
    **dict.fromkeys(("title", "purpose", "scope", "open_questions", "promise", "decision_maker", "targets"), "{}"),
    "id": 1,
    "public_id": "p1",
    "responsible": "r",
    "min_open_days": 21,
    "is_imported": False,
    "status": "open",
    "created_at": MOMENT,
    "version": 1,
}
VOTE: dict[str, Any] = {
    "id": 1,
    "public_id": "v1",
    "process_id": 1,
    "title": "{}",
    "franchise": "organisation",
    "rules": "{}",
    "rules_sha256": "0" * 64,
    "opens_at": MOMENT,
    "closes_at": "2026-03-28 08:00:00+00:00",
    "status": "open",
    "created_at": MOMENT,
    "version": 1,
}


def test_the_register_keeps_fields_and_groups_when_they_become_lists(empty_app: Flask) -> None:
    upgrade(revision="0007")
    rows = [("film", True, True), ("crafts", False, True), (None, True, False), (None, False, False)]
    names = ("id", "public_id", "name", "creative_field", "is_womens_group", "is_youth_group", *ORGANISATION)
    insert = text(f"INSERT INTO organisation ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})")
    with db.engine.begin() as connection:
        for at, (field, women, youth) in enumerate(rows):
            facts = {"id": at, "public_id": f"o{at}", "name": f"o{at}", "creative_field": field}
            connection.execute(insert, facts | {"is_womens_group": women, "is_youth_group": youth} | ORGANISATION)
    upgrade()
    wanted = ["|film|", "|womens_group|youth_group|"], ["|crafts|", "|youth_group|"], ["", "|womens_group|"], ["", ""]
    assert column_values("creative_fields", "tags") == [tuple(row) for row in wanted]
    downgrade(revision="0007")
    assert column_values("creative_field") == [("film",), ("crafts",), (None,), (None,)]


def test_votes_that_are_open_keep_ballots_that_one_delegate_casts_alone(empty_app: Flask) -> None:
    """Up: 1 everywhere. Down: what waits is dropped, rolls and ballots stay."""
    upgrade(revision="0010")
    insert_into("organisation", id=1, public_id="o1", name="o1", **REGISTERED)
    insert_into("process", **PROCESS)
    insert_into("vote", **VOTE)
    insert_into("roll_entry", id=1, vote_id=1, slot=1, organisation_id=1, sector="private", has_voted=False)
    upgrade()
    assert column_values("ballot_confirmations") == [(1,)]
    assert column_values("confirmations", "has_lapsed", table="roll_entry") == [(1, False)]
    insert_into("account", **ACCOUNT)
    insert_into("ballot_proposal", id=1, vote_id=1, organisation_id=1, choices=b"\x00\x00", proposed_at=MOMENT)
    insert_into("ballot_confirmation", proposal_id=1, account_id=1, confirmed_at=MOMENT)
    downgrade(revision="0010")
    assert not {"ballot_proposal", "ballot_confirmation"} & tables()
    assert column_values("slot", "organisation_id", table="roll_entry") == [(1, 1)]
    upgrade()
    assert differences() == []


def insert_into(table: str, **row: Any) -> None:
    insert = text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})")
    with db.engine.begin() as connection:
        connection.execute(insert, row)


def column_values(*names: str, table: str = "organisation", order: str = "id") -> list[tuple[Any, ...]]:
    with db.engine.connect() as connection:
        found = connection.execute(text(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}"))
        return [tuple(row) for row in found]


def test_entries_that_were_merged_are_entries_again_when_merging_is_undone(empty_app: Flask) -> None:
    upgrade()
    names = ("id", "public_id", "name", "creative_fields", "tags", "is_womens_group", "is_youth_group", *ORGANISATION)
    names += ("ballot_confirmations",)
    insert = text(f"INSERT INTO organisation ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})")
    merge = (
        "INSERT INTO organisation_merge (merged_id, survivor_id, reason, merged_by, merged_at)"
        " VALUES (2, 1, 'One guild', 'Clerk', '2026-03-21 08:00:00+00:00')"
    )
    with db.engine.begin() as connection:
        for at in (1, 2):
            facts = {"id": at, "public_id": f"o{at}", "name": f"o{at}", "creative_fields": "", "tags": "|youth_group|"}
            groups = {"is_womens_group": False, "is_youth_group": True, "ballot_confirmations": 1}
            connection.execute(insert, facts | groups | ORGANISATION)
        connection.execute(text("UPDATE organisation SET merged_into_id = 1 WHERE id = 2"))
        connection.execute(text(merge))
    downgrade(revision="0011")
    assert column_values("public_id", "tags") == [("o1", "|youth_group|"), ("o2", "|youth_group|")]
    upgrade()
    assert column_values("merged_into_id") == [(None,), (None,)]


BEGINNINGS = {
    "organisation": {
        "is_womens_group": False,
        "is_youth_group": False,
        "id": 1,
        "public_id": "o1",
        "name": "o1",
        "creative_fields": "",
        "tags": "",
        **ORGANISATION,
    },
    "process": {
        **dict.fromkeys(("title", "purpose", "scope", "open_questions", "promise", "decision_maker", "targets"), "{}"),
        "id": 1,
        "public_id": "p1",
        "responsible": "",
        "min_open_days": 21,
        "is_imported": False,
        "status": "closed",
        "created_at": "2026-03-21 08:00:00+00:00",
        "version": 1,
    },
    "invitation": {
        "id": 1,
        "process_id": 1,
        "organisation_id": 1,
        "organisation_state": "{}",
        "channel": "letter",
        "status": "answered",
        "invited_at": "2026-03-22 08:00:00+00:00",
    },
}
OF_OUTREACH = {
    "invitation_batch": {
        "id": 1,
        "public_id": "b1",
        "process_id": 1,
        "channel": "letter",
        "size": 1,
        "expires_on": "2026-04-20",
        "issued_at": "2026-03-22 08:00:00+00:00",
    },
    "invitation_code": {"code": "c" * 64, "batch_id": 1, "invitation_id": 1, "locale": "fa"},
    "activity": {
        "id": 1,
        "public_id": "a1",
        "number": 1,
        "is_current": True,
        "process_id": 1,
        "kind": "visit",
        "held_on": "2026-03-23",
        "place": "p",
        "group": "all",
        "done": "d",
        "is_void": False,
        "evidence": "[]",
        "recorded_by": "account:1",
        "recorded_at": "2026-03-23 08:00:00+00:00",
    },
}


def insert(rows: dict[str, dict[str, Any]]) -> None:
    with db.engine.begin() as connection:
        for table, facts in rows.items():
            names = ", ".join(f'"{name}"' for name in facts)
            connection.execute(
                text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + n for n in facts)})"), facts
            )


def test_invitations_outlive_the_tables_of_outreach(empty_app: Flask) -> None:
    """Going back loses codes and what was noted, which older versions have no place for, and no invitation."""
    upgrade(revision="0009")
    insert(BEGINNINGS)
    upgrade()
    names = ("status", "channel", "reminders", "reminded_at", "answered_through")
    assert column_values(*names, table="invitation") == [("answered", "letter", 0, None, None)]
    insert(OF_OUTREACH)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE invitation SET reminders = 2, answered_through = 'paper'"))
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE invitation SET answered_through = 'dream'"))
    downgrade(revision="0009")
    assert not tables() & {"activity", "invitation_batch", "invitation_code", "invitation_note", "told", "following"}
    assert column_values("status", "channel", table="invitation") == [("answered", "letter")]
    upgrade()
    assert column_values(*names, table="invitation") == [("answered", "letter", 0, None, None)]
    assert differences() == []


def test_what_was_followed_stays_followed_and_who_chose_kinds_keeps_the_choice(empty_app: Flask) -> None:
    """Going back forgets newsletters and what was followed beside processes: older versions have no place for them."""
    upgrade(revision="0014")
    second = {**ACCOUNT, "id": 2, "public_id": "a2", "email": "b@b.example"}
    insert({"account": ACCOUNT, "process": PROCESS})
    insert({"account": second, "following": {"account_id": 1, "process_id": 1, "since": MOMENT}})
    insert({"reminder_wish": {"account_id": 1, "kinds": '["phase", "answer", "vote"]'}})
    insert({"reminder_wish": {"account_id": 2, "kinds": '["vote"]'}})
    insert({"told": {"account_id": 1, "key": "phase/p1/propose", "told_at": MOMENT}})
    upgrade(revision="0018")
    assert column_values("account_id", "subject", "process_id", table="following", order="account_id") == [
        (1, "process/p1", 1)
    ]
    kinds = dict(column_values("account_id", "kinds", table="reminder_wish", order="account_id"))
    as_text = {account: str(chosen) for account, chosen in kinds.items()}
    assert "newsletter" in as_text[1]
    assert "newsletter" not in as_text[2]
    assert [bool(value) for (value,) in column_values("is_digest", table="told", order="account_id")] == [True]
    insert({"following": {"account_id": 1, "subject": "proposal/x", "process_id": 1, "since": MOMENT}})
    downgrade(revision="0014")
    assert column_values("account_id", "process_id", table="following", order="account_id") == [(1, 1)]
    assert "newsletter" not in str(column_values("kinds", table="reminder_wish", order="account_id"))
    upgrade()
    assert column_values("subject", table="following", order="account_id") == [("process/p1",)]


def test_proposals_outlive_the_tables_of_writing_together(empty_app: Flask) -> None:
    """Up: one text, nobody beside the author. Down: the newest text stays, and no tag that is unknown there."""
    upgrade(revision="0014")
    insert_into("process", **PROCESS)
    lists = dict.fromkeys(("objectives", "areas", "dimensions", "for_whom"), "[]")
    moments = {"created_at": MOMENT, "updated_at": MOMENT, "submitted_at": MOMENT}
    facts = {"id": 1, "public_id": "x1", "process_id": 1, "number": 1, "title": "T", "summary": "S", "body": "B"}
    rest = {"language": "fa", "currency": "IRR", "status": "submitted", "version": 3}
    insert_into("proposal", **facts, **rest, **lists, **moments)
    upgrade()
    names = ("text_version", "co_authors", "resident_endorsements", "organisation_endorsements", "supported_at")
    assert column_values(*names, table="proposal") == [(1, "", 0, 0, None)]
    insert_into("account", **ACCOUNT)
    insert_into("endorsement", id=1, proposal_id=1, account_id=1, given_at=MOMENT)
    with pytest.raises(IntegrityError):
        insert_into("endorsement", id=2, proposal_id=1, account_id=1, given_at=MOMENT)
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO proposal_tag VALUES (1, 'support:reached', 1), (1, 'listed', 1)"))
    downgrade(revision="0014")
    assert "endorsement" not in tables()
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT tag FROM proposal_tag")).scalars().all() == ["listed"]
    assert column_values("title", "version", table="proposal") == [("T", 3)]
    upgrade()
    assert differences() == []
