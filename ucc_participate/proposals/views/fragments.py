"""Parts of the list that come out the same for many readers, rendered once: cards, and the panel of filters.

A card is known by proposal, version, language and calendar, so a changed proposal gets a new one by itself. The list
needs full rows only for the cards that are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from ...inventory.queries import by_public_ids
from ...kernel import clock
from ...kernel.db import db
from ...kernel.fragments import Fragments
from ...kernel.i18n import reader
from ...processes.models import Process
from ...vocabularies import uccn
from .. import queries, wording
from ..forms import ListForm
from ..queries import Filters, Page
from .places import district_names

EXTENSION = "ucc.proposal_fragments"
FRESH_SECONDS = 60
"""So long the panel of filters stays as it is when a map or a title changes."""


def init_app(app: Flask) -> None:
    app.extensions[EXTENSION] = Fragments()


def cards(process: Process, page: Page) -> list[Markup]:
    """The cards of a page, in its order."""
    kept: Fragments = current_app.extensions[EXTENSION]
    who = (reader().locale, reader().calendar)
    keys = {key.id: ("card", key.id, key.version, *who) for key in page.keys}
    known = {at: found for at, name in keys.items() if (found := kept.find(name)) is not None}
    missing = queries.by_ids(db.session(), [at for at in keys if at not in known])
    for at, proposal in missing.items():
        name = ("card", at, proposal.version, *who)
        known[at] = kept.keep(name, _rendered("proposals/_card.html", proposal=proposal, process=process))
    return [known[key.id] for key in page.keys]


def filter_panel(process: Process, filters: Filters, form: Callable[[], ListForm]) -> Markup:
    """The form beside the list, as it was sent. ``form`` is made only when the panel is not known."""
    kept: Fragments = current_app.extensions[EXTENSION]
    key = ("filters", process.id, filters, reader().locale, int(clock.now().timestamp()) // FRESH_SECONDS)
    found = kept.find(key)
    if found is None:
        facts = _filtered(process, filters, form)
        found = kept.keep(key, _rendered("proposals/_filters.html", process=process, **facts))
    return found


def _filtered(process: Process, filters: Filters, form: Callable[[], ListForm]) -> dict[str, Any]:
    """What the panel shows: a district is asked for where there is a map, a need or an asset named by its title."""
    made = form()
    made.district.offer(district_names())
    named = [one for one in (filters.need, filters.asset) if one]
    return {"filters": filters, "form": made, "items": by_public_ids(db.session(), process, named)}


def _rendered(template: str, **facts: Any) -> Markup:
    """A template without the page around it."""
    text = current_app.jinja_env.get_template(template).render(wording=wording, vocabularies=uccn, **facts)
    return Markup(text)  # noqa: S704  # a template has just escaped it
