"""Addresses of pages by the name of their endpoint, where this installation has them and the reader may go there."""

from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from ..deliberation.policies import can_invite_guests
from ..kernel import clock
from ..kernel.identity import Role
from ..kernel.web import can, current_actor
from ..objections.views import MENDED_BY
from ..processes.models import Process

GUESTS = "deliberation.guests"


def address_of(process: Process, endpoint: str) -> str | None:
    """None for a page that is not there, or asks for more than the process."""
    rule = next(current_app.url_map.iter_rules(endpoint), None) if endpoint in current_app.view_functions else None
    if rule is None:
        return None
    names = {"process_id", "public_id"} & rule.arguments
    if names != rule.arguments:
        return None
    values: dict[str, Any] = dict.fromkeys(names, process.public_id)
    return url_for(endpoint, **values)


def way_to(process: Process, endpoint: str | None) -> str | None:
    """As address_of, for those who can do something there; evaluators read."""
    if endpoint is None or not current_actor().is_staff:
        return None
    needed = MENDED_BY.get(endpoint)
    if needed is not None and not can(needed, process):
        return None
    if endpoint == GUESTS and not can_invite_guests(current_actor(), process, now=clock.now()):
        return None
    if endpoint.startswith("moderation.") and not current_actor().has(Role.COORDINATOR, Role.MODERATOR):
        return None
    return address_of(process, endpoint)
