"""The seats of one organisation of the demonstration: three delegates, two of whom must agree on its ballot."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from ..accounts.models import Account
from ..documents.uploads import StoredUpload, store_upload
from ..kernel import files
from ..kernel.db import WriteSession, perform
from ..kernel.identity import Role
from ..stakeholders import operations
from ..stakeholders.models import Organisation
from ..stakeholders.queries import organisation_to_change
from ..voting import operations as voting
from ..voting.queries import vote_to_cast_in
from .city import City
from .documents import MOST_BYTES, paper
from .people import OFFICIALS, resident_addresses

KEY, QUORUM, VOTE = "weavers", 2, "neighbourhoods_organisations"
LETTER = [
    "هیئت‌مدیرهٔ انجمن در جلسهٔ خود دو نفر از اعضا را نمایندهٔ انجمن کرد.",
    "برگهٔ رأی انجمن با موافقت دو نماینده شمرده می‌شود.",
]


def fill(city: City) -> None:
    """A mandate that has ended, one that came as a file, a quorum of two, and a ballot that waits for agreement."""
    former, _man, colleague, *_others = resident_addresses(of_last_year=True)
    days = city.days
    days.plan(
        days.moment(-290, minutes=600), partial(_grant, city, former, "حکم شمارهٔ ۲۱۲", days.today - timedelta(days=60))
    )
    days.plan(days.moment(-40, minutes=620), partial(_grant, city, colleague, "صورت‌جلسهٔ هیئت‌مدیره، شمارهٔ ۴۷", None))
    days.plan(days.moment(-20, minutes=640), partial(_set_quorum, city))
    days.plan(days.moment(-2, minutes=700), partial(_propose, city, colleague))


def _grant(city: City, email: str, mandate: str, ends_on: date | None, at: datetime) -> None:
    account, organisation = city.people[email], city.organisations[KEY]
    letter = None if ends_on else _letter(organisation.name)
    actor = city.official(OFFICIALS["culture"])

    def work(session: WriteSession) -> None:
        operations.grant_delegate(
            session,
            session.get_one(Organisation, organisation.id),
            session.get_one(Account, account.id),
            mandate=mandate,
            starts_on=at.date(),
            ends_on=ends_on,
            document=letter,
            actor=actor,
            now=at,
        )

    perform(work)


def _letter(organisation: str) -> StoredUpload:
    data = paper("حکم نمایندگی", organisation, LETTER)
    upload = files.check_upload(io.BytesIO(data), name="mandate.pdf", kinds=files.DOCUMENTS, max_bytes=MOST_BYTES)
    return replace(store_upload(upload), name="حکم نمایندگی")


def _set_quorum(city: City, at: datetime) -> None:
    actor, public_id = city.official(OFFICIALS["culture"]), city.organisations[KEY].public_id

    def work(session: WriteSession) -> None:
        found = organisation_to_change(session, public_id)
        operations.set_quorum(session, found, confirmations=QUORUM, actor=actor, now=at)

    perform(work)


def _propose(city: City, email: str, at: datetime) -> None:
    """The colleague proposes the first two options; whoever signs in as delegate can agree."""
    organisation = city.organisations[KEY]
    person = city.resident(email)
    roles = person.roles | {Role.DELEGATE}
    actor = replace(person, roles=roles, delegations=frozenset({organisation.public_id}))

    def work(session: WriteSession) -> None:
        vote = vote_to_cast_in(session, city.votes[VOTE])
        voting.cast_open_ballot(
            session,
            vote,
            session.get_one(Organisation, organisation.id),
            actor=actor,
            now=at,
            choices=[option.code for option in vote.options[:2]],
            idempotency_key=f"seats-{at:%m%d%H%M}",
        )

    perform(work)
