"""The feed of a process: what happened there, in one language."""

from __future__ import annotations

from flask import Response, abort, url_for
from flask_babel import gettext as _

from ...kernel import clock
from ...kernel.atom import feed_response
from ...kernel.db import db
from ...kernel.i18n import in_language, is_locale
from ...kernel.i18n.readers import writing_for
from ...kernel.visitor_cache import shared_by_visitors
from ...kernel.web import public
from ..feeds import entry_of, happenings, make_feed, origin
from .blueprint import bp, load


@bp.get("/p/<public_id>/news.<locale>.atom")
@public
@shared_by_visitors
def feed(public_id: str, locale: str) -> Response:
    if not is_locale(locale):
        abort(404)
    process, now = load(public_id), clock.now()
    with writing_for(locale):
        found = [entry_of(each, locale) for each in happenings(db.session(), process, now)]
        title = _("News of “%(title)s”", title=in_language(process.title, locale).text)
        page = url_for("processes.show", public_id=public_id)
        made = make_feed(f"{process.ref}/news", title, locale, found, page=page, since=process.published_at)
    return feed_response(made, origin=origin())
