"""Parts of the list that come out the same for many readers, rendered once: cards, and the panel of filters.

A card is known by proposal, version, language and calendar, so a changed proposal gets a new one by itself. The list
needs full rows only for the cards that are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from ...kernel.db import db
from ...kernel.fragments import Fragments
from ...kernel.i18n import reader
from ...processes.models import Process
from ...vocabularies import uccn
from .. import queries, wording
from ..forms import ListForm
from ..queries import Filters, Page

EXTENSION = "ucc.proposal_fragments"


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
    key = ("filters", process.id, filters, reader().locale)
    found = kept.find(key)
    return found or kept.keep(key, _rendered("proposals/_filters.html", process=process, filters=filters, form=form()))


def _rendered(template: str, **facts: Any) -> Markup:
    """A template without the page around it."""
    text = current_app.jinja_env.get_template(template).render(wording=wording, vocabularies=uccn, **facts)
    return Markup(text)  # noqa: S704  # a template has just escaped it
