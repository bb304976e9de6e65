"""Public addresses in mails and letters, links that stop mails, and when the city keeps quiet.

What operations get works without an application context: on SQLite they run on the writer's thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from ..accounts.models import Account
from ..kernel.codes import Digests
from ..kernel.i18n import site_timezone, zone
from ..kernel.i18n.readers import site_language
from ..processes.models import Process
from ..settings import Settings
from .models import Newsletter, ReminderWish
from .newsletter import Post
from .operations import Addresses
from .queries import Beyond
from .quiet import QuietHours

ACCOUNT, CONTACT, FOLLOWING, NEWSLETTERS = "account", "contact", "following", "newsletters"
STOPPABLE = (ACCOUNT, CONTACT, FOLLOWING, NEWSLETTERS)
_PLACE, _OTHER_PLACE = "place", "spot"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes public addresses from a pattern each; ``signer``: of links that stop mails."""

    cover: str
    stop: str
    signer: Any
    site: str
    letter: str

    def of_newsletter(self, process: Process, letter: Newsletter) -> str:
        return self.letter.replace(_OTHER_PLACE, letter.public_id).replace(_PLACE, process.public_id)

    def of_invitation(self, code: str) -> str:
        return self.cover.replace(_PLACE, code)

    def stop_contact(self, address: str) -> str:
        return self._stop(CONTACT, address)

    def stop_account(self, account: Account) -> str:
        return self._stop(ACCOUNT, account.public_id)

    def stop_following(self, account: Account, subject: str) -> str:
        return self._stop(FOLLOWING, f"{account.public_id} {subject}")

    def stop_newsletters(self, account: Account) -> str:
        return self._stop(NEWSLETTERS, account.public_id)

    def _stop(self, kind: str, name: str) -> str:
        return self.stop.replace(_PLACE, self.signer.dumps([kind, name]))

    def addresses(self) -> Addresses:
        return Addresses(self.of_invitation, self.stop_contact)


def settings() -> Settings:
    found: Settings = current_app.extensions["ucc.settings"]
    return found


def digests() -> Digests:
    return Digests(str(current_app.secret_key))


def links() -> Links:
    return Links(
        _public("outreach.cover", code=_PLACE),
        _public("outreach.stop", token=_PLACE),
        _signer(),
        settings().public_url,
        _public("outreach.newsletter", public_id=_PLACE, letter_id=_OTHER_PLACE),
    )


def short_address() -> str:
    """Where a code is typed, as it is printed: without https://."""
    return _public("outreach.type_code").partition("://")[2]


def _public(endpoint: str, **values: Any) -> str:
    """An address of the public site; jobs have no request to take the host from."""
    with current_app.test_request_context():
        path = url_for(endpoint, **values)
    return settings().public_url + path


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="ucc.stop")


def read_stop_token(token: str) -> tuple[str, str] | None:
    """Whose mails a link stops, or None: not a link of ours.

    (ACCOUNT, public id), (FOLLOWING, public id and ref), (NEWSLETTERS, public id), (CONTACT, digest of an address).
    """
    try:
        kind, name = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (kind, name) if kind in STOPPABLE and isinstance(name, str) else None


def city_quiet() -> QuietHours:
    return QuietHours(settings().quiet_from, settings().quiet_until, zone(site_timezone()))


def quiet_hours(wish: ReminderWish | None, city: QuietHours) -> QuietHours:
    """Those that an account chose, else the city's."""
    if wish is None or wish.quiet_from is None or wish.quiet_until is None:
        return city
    return QuietHours(wish.quiet_from, wish.quiet_until, city.zone)


def newsletter_post() -> Post:
    """What mails of newsletters are made with."""
    made, city = links(), city_quiet()
    return Post(
        digests=digests(),
        locale=site_language().default_locale,
        stops=lambda account: (made.stop_newsletters(account), made.stop_account(account)),
        stops_contact=made.stop_contact,
        address=made.of_newsletter,
        quiet_end=lambda wish, moment: quiet_hours(wish, city).next_moment(moment),
    )


def beyond() -> Beyond:
    """What higher domains say of who has done what."""
    known = current_app.extensions
    return Beyond(known["ucc.account_stages"], known["ucc.organisation_stages"])
