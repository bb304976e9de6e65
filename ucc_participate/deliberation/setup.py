"""How discussions hook into the application."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..audit import drift
from ..kernel import clock, web
from ..kernel.clock import utc_text
from ..kernel.db import perform
from ..kernel.identity import system_actor
from . import merging, moderating, news, operations, policies, queries
from .models import Comment, Guest
from .views import panels
from .wording import STANCES, STATES, VOICES

RECOUNT_SECONDS = 24 * 3600.0


def init_app(app: Flask) -> None:
    """``ucc.discussed``: first part of a ref → ``subjects.Discussed``, how such things are found and where they are.

    A page shows the discussion of its subject with ``views.panels.panel``.
    """
    app.extensions.setdefault("ucc.discussed", {})
    web.register_policies(app, policies, Comment, Guest)
    panels.init_app(app)
    moderating.init_app(app)
    drift.register(app, "ucc.comment/1", queries.live_comments)
    drift.register(app, "ucc.translation/1", queries.live_translations)
    drift.register(app, "ucc.guest/1", queries.live_guests)
    app.extensions["ucc.account_stages"]["commented"] = queries.people_commenting
    app.extensions["ucc.news"].append(news.comment_news)
    app.extensions["ucc.organisation_stages"]["commented"] = queries.organisations_commenting
    app.extensions["ucc.erasers"].append(operations.forget_author)
    app.extensions.setdefault("ucc.merge_parts", []).append(merging.PART)
    app.extensions["ucc.personal_data"].append(_said_by)
    app.extensions["ucc.personal_words"].update(
        {
            "stance": STANCES,
            "voice": VOICES,
            "comments.state": STATES,
            "comments.standing": {"shown": _l("Shown"), "held": _l("Waits for a moderator"), "hidden": _l("Hidden")},
        }
    )
    app.extensions["ucc.jobs"].add("deliberation.recount", _recount, every_seconds=RECOUNT_SECONDS)


def _said_by(session: Session, account: Account) -> dict[str, Any]:
    """What the account has said, translated, marked and not yet said, as data for that person."""
    return {
        "comments": [_comment(each) for each in queries.comments_by(session, account)],
        "comment_drafts": [
            {"about": draft.place, "text": draft.text, "kept_at": utc_text(draft.kept_at)}
            for draft in queries.drafts_by(session, account)
        ],
        "translations": [
            {"of": each.comment.ref, "language": each.language, "text": each.text, "shown_name": each.translator_name}
            for each in queries.translations_by(session, account)
        ],
        "found_helpful": len(queries.marks_by(session, account)),
        "invited_as_guest": [
            {
                "process": each.process.public_id,
                "city": each.city,
                "country": each.country,
                "until": utc_text(each.until),
            }
            for each in queries.guests_by(session, account)
        ],
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {
        "about": comment.thread.subject,
        "stance": comment.stance.value if comment.stance is not None else None,
        "voice": comment.voice.value,
        "state": comment.status.value,
        "standing": comment.standing.value,
        "text": comment.text,
        "quote": comment.quote,
        "shown_name": comment.author_name,
        "written_at": utc_text(comment.written_at),
    }


def _recount() -> None:
    actor, now = system_actor("recount"), clock.now()
    perform(lambda session: operations.recount_discussions(session, actor=actor, now=now))
