"""Looking at personal data and being seen to look: views say what they are about to show, people read who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, current_app, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..audit import log
from ..audit.models import LogOpening, LogPseudonym
from ..audit.queries import latest_entries, visible_fields
from ..documents.events import DocumentEvent
from ..kernel import clock
from ..kernel.db import db, door
from ..kernel.web import current_actor
from . import operations
from .events import PersonalDataEvent
from .models import Account, DataLook
from .references import Page, account_ref

PAGES = {
    Page.PERSON.value: _l("your name, e-mail address and roles"),
    Page.COUNTER.value: _l("your name, e-mail address and what you have proved"),
    Page.CONTACT.value: _l("contact data and delegates of an organisation"),
    Page.ASSISTED.value: _l("what was written down for you, with your name if you gave it"),
    Page.MEETING.value: _l("who registered for a meeting, what they need, and who came"),
    "document": _l("a document of yours that is not public"),
}
MOST = 200


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody of the staff looked. ``who``: the official's function, None for those without a public one."""

    at: datetime
    role: str
    who: str | None
    page: str


def shows_account(account: Account, page: Page) -> None:
    """Call before a page shows one person's data to staff. Nobody is noted for looking at themselves."""
    actor = current_actor()
    if actor.account_id != account.id:
        _note(_known_ref(account), lambda session: account_ref(session, session.get_one(Account, account.id)), page)


def shows(subject: str, page: Page) -> None:
    """As shows_account, for what is not an account: ``organisation/…``."""
    _note(subject, lambda _session: subject, page)


def shows_each(subjects: Iterable[str], page: Page) -> None:
    """As shows, for a file with the data of many: their looks are noted in one unit of work."""
    actor, now = current_actor(), clock.now()

    def work(session: Session) -> None:
        for subject in subjects:
            operations.note_look(session, subject, page, actor=actor, now=now)

    door().perform(work)


def _known_ref(account: Account) -> str | None:
    rows = select(LogPseudonym.pseudonym).where(
        LogPseudonym.person == account.key, LogPseudonym.scope == log.SERVER_SCOPE
    )
    found = db.session.scalar(rows)
    return None if found is None else f"account/{found}"


def _note(known: str | None, subject_of: Any, page: Page) -> None:
    """One look-up when the look is noted already, a unit of work when it is not. A closed log shows nothing."""
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        abort(503)
    actor, now = current_actor(), clock.now()
    if known is not None and _is_noted(actor.key, known, page, now):
        return

    def work(session: Session) -> None:
        operations.note_look(session, subject_of(session), page, actor=actor, now=now)

    door().perform(work)  # not perform(): what the page has read so far stays as it is


def _is_noted(actor: str, subject: str, page: Page, now: datetime) -> bool:
    look = db.session.get(DataLook, (actor, subject, page.value))
    return look is not None and now - look.at < operations.QUIET


def subjects_of(account: Account) -> list[str]:
    """Documents and organisations at which a look is a look at the person."""
    session, found = db.session(), current_app.extensions["ucc.personal_subjects"]
    return [subject for subjects in found for subject in subjects(session, account)]


def looks_at(session: Session, account: Account, subjects: Iterable[str] = ()) -> list[Look]:
    """Who looked at the data of an account, newest first. ``subjects``: its documents and organisations in the log."""
    connection, own = session.connection(), _known_ref(account)
    kinds = (PersonalDataEvent.READ.value, DocumentEvent.READ.value)
    entries = [
        entry
        for subject in [own, *subjects]
        if subject is not None
        for entry in latest_entries(connection, subject=subject, limit=MOST)
        if entry.values["type"] in kinds
    ]
    entries.sort(key=lambda entry: entry.position, reverse=True)
    functions = _functions(session, {entry.values["actor"] for entry in entries})
    pages = _pages(session, [entry.position for entry in entries])
    return [
        Look(entry.time, entry.values["role"], functions.get(entry.values["actor"]), pages[entry.position])
        for entry in entries
    ]


def _functions(session: Session, pseudonyms: set[str]) -> dict[str, str]:
    """The public functions of those whom the log calls so."""
    rows = select(LogPseudonym.pseudonym, LogPseudonym.person).where(LogPseudonym.pseudonym.in_(pseudonyms))
    ids = {row.pseudonym: int(row.person.partition(":")[2]) for row in session.execute(rows)}
    found = session.scalars(select(Account).where(Account.id.in_(ids.values()), Account.function.is_not(None)))
    functions = {account.id: account.function or "" for account in found}
    return {name: functions[known] for name, known in ids.items() if known in functions}


def _pages(session: Session, positions: list[int]) -> dict[int, str]:
    pages = dict.fromkeys(positions, "document")
    for row in session.scalars(select(LogOpening).where(LogOpening.position.in_(positions))):
        pages[row.position] = str(visible_fields(row).get("page", "document"))
    return pages
