"""What stands around every page: the city's name, menus, the state of the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from ..audit.reading import latest_checkpoint
from ..kernel import clock
from ..kernel.db import db
from ..kernel.i18n import reader
from ..kernel.identity import Role
from ..kernel.web import can, current_actor
from ..processes.models import Process
from ..processes.queries import current_process_id
from ..voting.queries import own_standings, process_in_vote


@dataclass(frozen=True, slots=True)
class Site:
    city: str
    tagline: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a menu; ``current`` marks the page, or the part of the site, that is shown."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class LogState:
    size: int
    checked_at: Any
    root: str


def frame() -> dict[str, Any]:
    """Variables of layout/base.html, found once for each reader of a request, however many templates make its page."""
    kept: dict[Any, dict[str, Any]] = g.setdefault("frames", {})
    key = (reader(), current_actor())
    if key not in kept:
        kept[key] = _found()
    return kept[key]


def _found() -> dict[str, Any]:
    """One query for the process and the vote that is open, one for the log."""
    settings = current_app.extensions["ucc.settings"]
    both = select(current_process_id().scalar_subquery(), process_in_vote(clock.now()).scalar_subquery())
    process_id, in_vote = db.session().execute(both).one()
    return {
        "site": Site(settings.city(reader().locale), str(_("Candidate for the UNESCO Creative Cities Network"))),
        "navigation": _navigation(process_id, votes_of=in_vote or process_id),
        "account_menu": _account_menu(process_id, in_vote=in_vote),
        "footer_links": _footer(),
        "sign_in_url": _url("accounts.sign_in", next=request.full_path.rstrip("?")),
        "sign_out_url": _url("accounts.sign_out"),
        "verify_url": _url("record.verify_page"),
        "log_state": _log_state(),
        "demonstration": settings.demonstration,
        "own_ballots": own_standings(db.session(), current_actor(), clock.now()) if in_vote else [],
    }


def _url(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def _link(label: str, endpoint: str, **values: Any) -> Link | None:
    """None when the part of the product that answers this is not installed."""
    if endpoint not in current_app.view_functions:
        return None
    url = url_for(endpoint, **values)
    here = request.path == url or (url != "/" and request.path.startswith(url.rstrip("/") + "/"))
    return Link(label, url, here)


def _present(links: list[Link | None]) -> list[Link]:
    return [link for link in links if link is not None]


def _navigation(process_id: str | None, *, votes_of: str | None) -> list[Link]:
    """Proposals of the current process; votes where one is open, whatever process that is."""
    links = [_link(_("Home"), "portal.home")]
    if process_id is not None:
        links.append(_link(_("Proposals"), "proposals.index", process_id=process_id))
    if votes_of is not None:
        links.append(_link(_("Votes"), "voting.index", process_id=votes_of))
    links += [
        _link(_("Stakeholders"), "stakeholders.index"),
        _link(_("Processes"), "processes.index"),
        _link(_("Record"), "record.verify_page"),
    ]
    return _present(links)


def _account_menu(process_id: str | None, *, in_vote: str | None) -> list[Link]:
    actor = current_actor()
    if not actor.is_signed_in:
        return []
    links = [
        _link(_("Vote now"), "voting.index", process_id=in_vote) if in_vote else None,
        _link(_("My account"), "accounts.account"),
        _link(_("My proposals"), "proposals.drafts"),
        _link(_("Your comments"), "deliberation.own"),
        _link(_("For whom I speak"), "stakeholders.seats") if actor.delegations else None,
    ]
    if actor.has(Role.COORDINATOR):
        links += [
            _link(_("Run the processes"), "processes.staff_index"),
            _link(_("Answer proposals"), "proposals.answers", process_id=process_id) if process_id else None,
            _link(_("People and roles"), "accounts.people"),
        ]
    elif can("read_desk", Process):
        links.append(_link(_("Desk"), "processes.staff_index"))
    return _present(links)


def _footer() -> list[Link]:
    return _present(
        [
            _link(_("How it works"), "portal.help_page"),
            _link(_("Terms"), "portal.terms"),
            _link(_("Privacy"), "portal.privacy"),
            _link(_("Audit log"), "audit.index"),
            _link(_("Mails of this demonstration"), "notifications.mails") if _shows_mails() else None,
        ]
    )


def _shows_mails() -> bool:
    return bool(current_app.extensions["ucc.settings"].show_mails)


def _log_state() -> LogState | None:
    newest = latest_checkpoint(db.session.connection())
    if newest is None:
        return None
    return LogState(newest.size, newest.signed_at, newest.root.hex())
