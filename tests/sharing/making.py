"""Two cities' worth of things to share."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.stakeholders.making import CITY
from ucc_participate.audit.log import record
from ucc_participate.kernel.identity import new_public_id
from ucc_participate.partners.models import CityText, PartnerCity, PartnerState
from ucc_participate.partners.operations import record_city
from ucc_participate.plan.models import (
    Indicator,
    IndicatorKind,
    Initiative,
    InitiativeKind,
    Level,
    Origin,
    Plan,
    Vocabulary,
)
from ucc_participate.plan.years import Calendar
from ucc_participate.sharing.events import PracticeEvent


def arranged(session: Any, process: Any, now: Any) -> None:
    """The entry without which the door lets no rows in: these are the beginning of a test, not the city's doing."""
    record(session, PracticeEvent.DRAFTED, actor=CITY, subject="practice/none", process=process.ref, now=now)


def add_city(session: Any, process: Any, name: str, now: Any) -> PartnerCity:
    told = CityText(name=name, country="TR", about="A city of tiles and potters.", status=PartnerState.SOUGHT)
    return record_city(session, process, told, actor=CITY, now=now)


def add_plan(session: Any, process: Any, now: Any, *, is_public: bool = True) -> Initiative:
    """A plan with one initiative that measures one thing."""
    plan = Plan(
        public_id=new_public_id(),
        process_id=process.id,
        begins_on=date(2027, 11, 1),
        calendar=Calendar.JALALI,
        currency="IRR",
        vocabulary=Vocabulary.HANDBOOK_2013,
        created_at=now,
        published_at=now if is_public else None,
    )
    session.add(plan)
    session.flush()
    initiative = Initiative(
        public_id=new_public_id(),
        plan_id=plan.id,
        number=1,
        kind=InitiativeKind.PROJECT,
        level=Level.LOCAL,
        title={"fa": "کارگاه‌های زنان بافنده", "en": "Workshops of women weavers"},
        origin=Origin.ADDED,
        created_at=now,
        changed_at=now,
    )
    initiative.indicators = [
        Indicator(
            public_id=new_public_id(),
            kind=IndicatorKind.OUTPUT,
            title={"en": "Women trained"},
            unit={"en": "people"},
            baseline=None,
            target=120,
            responsible="Department of Culture",
        )
    ]
    session.add(initiative)
    session.flush()
    arranged(session, process, now)
    return initiative
