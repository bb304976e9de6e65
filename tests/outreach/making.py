"""Invitations with codes, and what was done to reach people, made through the domain's own operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tests.accounts.making import CITY
from ucc_participate.kernel.codes import Digests
from ucc_participate.outreach import operations, queries
from ucc_participate.outreach.entry import NewActivity
from ucc_participate.outreach.models import Activity, ActivityKind, Counted
from ucc_participate.outreach.operations import Addresses, Issued, Terms
from ucc_participate.processes.models import Channel, Process
from ucc_participate.processes.queries import process_to_change
from ucc_participate.stakeholders.models import Organisation
from ucc_participate.stakeholders.queries import get_organisations

SECRET = "a secret that only tests know, long enough"
DIGESTS = Digests(SECRET)
ADDRESSES = Addresses(lambda code: f"http://city.example/i/{code}", lambda name: f"http://city.example/stop/{name}")


def terms(now: datetime, channel: Channel = Channel.LETTER, **changes: Any) -> Terms:
    facts: dict[str, Any] = {"channel": channel, "expires_on": (now + timedelta(days=30)).date()}
    return Terms(**facts | {"locale": "en", "locales": {}} | changes)


def invite(
    perform: Any, process: Process, organisations: Sequence[Organisation], *, now: datetime, **changes: Any
) -> Issued:
    """Invited with a code each."""
    ids = [organisation.public_id for organisation in organisations]
    actor, not_before = changes.pop("actor", CITY), changes.pop("not_before", now)
    wanted = terms(now, **changes)

    def work(session: Any) -> Issued:
        found = process_to_change(session, process.public_id, actor=CITY)
        facts: dict[str, Any] = {"today": now.date(), "digests": DIGESTS, "addresses": ADDRESSES}
        people = get_organisations(session, ids)
        return operations.invite(session, found, people, wanted, not_before=not_before, actor=actor, now=now, **facts)

    made: Issued = perform(work)
    return made


def on_invitations(
    perform: Any,
    process: Process,
    organisations: Sequence[Organisation],
    operation: Any,
    *,
    now: datetime,
    **facts: Any,
) -> Any:
    """Run an operation on the invitations of these organisations, loaded in the same unit of work."""
    ids = [organisation.public_id for organisation in organisations]
    actor = facts.pop("actor", CITY)

    def work(session: Any) -> Any:
        found = process_to_change(session, process.public_id, actor=CITY)
        invited = queries.invitations_to_change(session, found, ids)
        return operation(session, found, invited, actor=actor, now=now, **facts)

    return perform(work)


def remind(
    perform: Any, process: Process, organisations: Sequence[Organisation], *, now: datetime, **facts: Any
) -> int:
    known: dict[str, Any] = {"expires_on": (now + timedelta(days=30)).date(), "not_before": now}
    known |= {"digests": DIGESTS, "addresses": ADDRESSES} | facts
    reminded: int = on_invitations(perform, process, organisations, operations.remind, now=now, **known)
    return reminded


def activity(held_on: date, **changes: Any) -> NewActivity:
    facts: dict[str, Any] = {
        "kind": ActivityKind.WORKSHOP,
        "place": "House of crafts",
        "group": "women",
        "done": "An evening for weavers",
        "reached": 24,
        "counted": Counted.COUNTED,
        "held_on": held_on,
    }
    return NewActivity(**facts | changes)


def record(perform: Any, process: Process, new: NewActivity, *, now: datetime, **facts: Any) -> Activity:
    known: dict[str, Any] = {"evidence": None, "today": now.date(), "actor": CITY, "now": now} | facts

    def work(session: Any) -> Activity:
        found = process_to_change(session, process.public_id, actor=CITY)
        return operations.record_activity(session, found, new, **known)

    made: Activity = perform(work)
    return made


def correct(
    perform: Any, process: Process, public_id: str, new: NewActivity, *, now: datetime, **facts: Any
) -> Activity:
    known: dict[str, Any] = {"because": "We counted again", "is_void": False, "evidence": None, "today": now.date()}
    known |= {"actor": CITY, "now": now} | facts

    def work(session: Any) -> Activity:
        found = process_to_change(session, process.public_id, actor=CITY)
        standing = queries.activity_to_change(session, found, public_id)
        return operations.correct_activity(session, found, standing, new, **known)

    made: Activity = perform(work)
    return made


def opened(perform: Any, code: str, *, now: datetime) -> Any:
    from ucc_participate.kernel.identity import VISITOR

    facts: dict[str, Any] = {"digests": DIGESTS, "today": now.date(), "actor": VISITOR, "now": now}
    return perform(lambda session: operations.open_invitation(session, code, **facts))
