"""What mails about meetings need to know where there is no application: addresses, the city's zone, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for
from sqlalchemy.orm import Session

from ..accounts.models import Account
from ..kernel import clock
from ..kernel.i18n import dates, in_language, site_timezone
from ..notifications.operations import queue_mail
from ..outreach.addresses import city_quiet
from ..settings import Settings
from .models import Meeting

_PLACE = "place"


@dataclass(frozen=True, slots=True)
class Mailing:
    """``page``: pattern of a meeting's public address; ``not_before``: the end of quiet hours."""

    page: str
    tz: str
    not_before: datetime
    now: datetime

    def address(self, meeting: Meeting) -> str:
        return self.page.replace(f"{_PLACE}1", meeting.process.public_id).replace(f"{_PLACE}2", meeting.public_id)

    def facts(self, meeting: Meeting, locale: str) -> dict[str, Any]:
        """What every mail about a meeting says; needs ``process`` loaded."""
        return {
            "title": in_language(meeting.title, locale).text,
            "process": in_language(meeting.process.title, locale).text,
            "moment": dates.moment(meeting.starts_at, locale=locale, tz=self.tz),
            "place": meeting.place,
            "address": self.address(meeting),
        }

    def write(
        self,
        session: Session,
        meeting: Meeting,
        account: Account,
        template: str,
        *,
        now: datetime,
        at_once: bool = False,
        **more: Any,
    ) -> None:
        """``at_once``: also at night; for what somebody has just asked for, or would stand before a closed door."""
        data = self.facts(meeting, account.locale) | {"name": account.display_name, **more}
        queue_mail(
            session,
            to=account.email,
            owner=account.key,
            locale=account.locale,
            template=template,
            data=data,
            now=now,
            not_before=None if at_once else self.not_before,
        )


def mailing() -> Mailing:
    settings: Settings = current_app.extensions["ucc.settings"]
    with current_app.test_request_context():
        path = url_for("meetings.show", process_id=f"{_PLACE}1", meeting_id=f"{_PLACE}2")
    now = clock.now()
    return Mailing(settings.public_url + path, site_timezone(), city_quiet().next_moment(now), now)
