"""Between idea and answer in the demonstration: what the staff finds out, a merge, a plan that waits, disagreement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..kernel.db import db
from ..kernel.identity import Actor, Role
from ..processes.models import Process
from ..proposals import disputed, operations, queries
from ..proposals.models import Feasibility, LineageKind, Part, Proposal
from ..proposals.operations import Findings
from .city import City, text
from .people import OFFICIALS

PROCESS, EARLIER = "candidacy", "neighbourhoods"
CRITERIA = (
    {"fa": "فایده برای بسیاری از مردم", "en": "Use for many people", "fr": "Utilité pour beaucoup"},
    {"fa": "سهم زنان و جوانان", "en": "Share of women and youth", "fr": "Part des femmes et des jeunes"},
    {"fa": "اثر در برابر هزینه", "en": "Effect for its cost", "fr": "Effet par rapport au coût"},
)
ARCHIVE, PALETTE, SUMMER = 1, 7, 9
"""Places of proposals in the file of texts: one that is answered, one whose appraisal is late, one half scored."""
APPRENTICE, PAIR = 12, 27
SCHOOL, OPEN_DAY = 4, 33
MUSEUM = 29
FOUNTAIN = 10
SCORES = {"culture": (5, 4, 5), "crafts": (4, 3, 5), "budget": (3, 3, 2), "planning": (5, 2, 4)}
FOUND = Findings(
    feasibility=Feasibility.WITH_CHANGES,
    why="موزه اتاق و دستگاه دارد، ولی برای عکاسی از دو هزار نقش یک سال لازم است نه شش ماه.",
    cost=2_400_000_000,
    legal="برای انتشار نقش‌های خانوادگی باید از هر خانواده اجازهٔ کتبی گرفت.",
    notes="با آقای کوزه‌گر گفت‌وگو شد؛ نگران است که نقش‌ها را دیگران بفروشند. پیش از پاسخ دوباره به او زنگ بزنیم.",
    summary="شدنی است، اگر یک سال وقت داده شود و هر خانواده برای انتشار نقش خود اجازهٔ کتبی بدهد. اتاق و دستگاه در موزهٔ "
    "سفال هست؛ هزینهٔ اصلی مزد دو عکاس و یک پژوهشگر است.",
)
TOGETHER = Part(
    "شاگردی و کار دونفره در کارگاه‌ها",
    "هر کارگاه در سال یک شاگرد می‌گیرد و شش ماه هم با یک طراح جوان کار می‌کند؛ شهر کمک‌هزینهٔ هر دو را می‌دهد.",
    "## از پیشنهاد نخست\n\nکمک‌هزینهٔ ماهانه برای شاگرد و استادکار، دست‌کم یک سال.\n\n"
    "## از پیشنهاد دوم\n\nشش ماه کار دونفرهٔ طراح و استادکار، با نمایشگاهی در پایان.",
)
WHY = "هر دو پیشنهاد می‌خواهند جوانان در کارگاه‌ها بمانند و هر دو از یک ردیف بودجه پول می‌گیرند. با هم اثر بیشتری دارند."
CLASSES = Part(
    "سفال در مدرسه و روز کارگاه باز",
    "هر هفته یک ساعت گِل در دبستان‌ها و سالی یک روز کارگاه باز برای دبیرستانی‌ها، با یک برنامهٔ مشترک.",
    "دبستان‌ها هر هفته یک ساعت گِل دارند و در پایان سال، همان کارگاه‌ها درشان را به روی دبیرستانی‌ها باز می‌کنند.",
)
CLASSES_WHY = "هر دو پیشنهاد با آموزش‌وپرورش هماهنگ می‌شوند و با یک برنامه می‌توان هر دو را زودتر آغاز کرد."
HALVES = [
    Part(
        "مینی‌بوس موزه برای مدرسه‌های روستایی",
        "مینی‌بوس موزه هر هفته به یک دبستان روستایی می‌رود و یک استادکار همراه آن است.",
        "برنامهٔ سال را مدرسه‌ها و موزه با هم می‌نویسند؛ راه‌های دور در ماه‌های گرم.",
    ),
    Part(
        "موزهٔ سیار در بازارهای هفتگی",
        "در روزهای بازار، مینی‌بوس کنار بازار هفتگی می‌ایستد و کارهای تازهٔ کارگاه‌ها را نشان می‌دهد.",
        "در هر بازار دو کارگاه مهمان‌اند و سفارش می‌گیرند.",
    ),
]
HALVES_WHY = "بخش مدرسه‌ها با آموزش‌وپرورش است و بخش بازارها با سازمان میادین؛ جدا از هم زودتر پاسخ می‌گیرند."
DISSENT = (
    "با این پاسخ موافق نیستم. در جلسهٔ محله گفته شد که آب فواره بازچرخانی می‌شود و مصرفی ندارد، ولی در دلیل شهرداری "
    "فقط از کم‌آبی یاد شده است. خواهش می‌کنم دفتر فنی محاسبهٔ ما را هم منتشر کند."
)


def prepare(city: City) -> None:
    """Plan everything; the proposals and answers themselves are planned by ``ideas``."""
    city.days.plan(city.days.moment(-38, minutes=560), partial(_set_up, city))
    for place, given, due in ((ARCHIVE, -20, -16), (PALETTE, -12, -2), (SUMMER, -10, 9)):
        city.days.plan(city.days.moment(given, minutes=600 + place), partial(_assign, city, place, due))
    for place, who, day in ((ARCHIVE, tuple(SCORES), -17), (SUMMER, ("culture", "budget"), -5)):
        for at, official in enumerate(who):
            city.days.plan(city.days.moment(day, minutes=600 + 20 * at), partial(_score, city, place, official))
    city.days.plan(city.days.moment(-6, minutes=660), partial(_stand_aside, city, SUMMER, "crafts"))
    city.days.plan(city.days.moment(-16, minutes=700), partial(_write, city, ARCHIVE))
    city.days.plan(city.days.moment(-6, minutes=640), partial(_merge, city))
    city.days.plan(city.days.moment(-5, minutes=640), partial(_split, city))
    city.days.plan(city.days.moment(-2, minutes=640), partial(_wait, city))
    city.days.plan(city.days.moment(-24, minutes=1250), partial(_disagree, city))


def _public_id(city: City, process: str, place: int) -> str:
    return city.proposals[process, text(process)["idea"][place]["title"]]


def _with(city: City, session: Session, process: Process, place: int, by: dict[str, Any]) -> Proposal:
    return queries.proposal_to_change(session, process, _public_id(city, PROCESS, place), **by)


def _set_up(city: City, at: datetime) -> None:
    def work(session: Session, process: Process, **by: Any) -> None:
        for name in CRITERIA:
            operations.add_criterion(session, process, name=name, lowest=1, highest=5, **by)
        operations.set_answering_rules(session, process, publishes_scores=True, dissent_days=30, **by)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))


def _assign(city: City, place: int, due: int, at: datetime) -> None:
    due_on: date = city.days.today + timedelta(days=due)
    address = city.address(PROCESS, _public_id(city, PROCESS, place))

    def work(session: Session, process: Process, **by: Any) -> None:
        proposal = _with(city, session, process, place, by)
        for email in OFFICIALS.values():
            account = city.people[email]
            operations.assign_appraisal(session, proposal, account, due_on=due_on, address=address, **by)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["culture"]))


def _score(city: City, place: int, official: str, at: datetime) -> None:
    def work(session: Session, process: Process, **by: Any) -> None:
        criteria = queries.criteria_of(session, process)
        scores = {each.public_id: score for each, score in zip(criteria, SCORES[official], strict=True)}
        operations.score_proposal(session, _with(city, session, process, place, by), scores, **by)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS[official]))


def _stand_aside(city: City, place: int, official: str, at: datetime) -> None:
    def work(session: Session, process: Process, **by: Any) -> None:
        reason = "برادرم یکی از استادان این مدرسه است."
        operations.declare_conflict(session, _with(city, session, process, place, by), reason, **by)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS[official]))


def _write(city: City, place: int, at: datetime) -> None:
    def work(session: Session, process: Process, **by: Any) -> None:
        operations.write_appraisal(session, _with(city, session, process, place, by), FOUND, **by)

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["crafts"]))


def _merge(city: City, at: datetime) -> None:
    _agreed_by_all(city, at, *_ask(city, (APPRENTICE, PAIR), LineageKind.MERGE, [TOGETHER], WHY, at))


def _split(city: City, at: datetime) -> None:
    _agreed_by_all(city, at, *_ask(city, (MUSEUM,), LineageKind.SPLIT, HALVES, HALVES_WHY, at))


def _agreed_by_all(city: City, at: datetime, known: str, asked: list[int]) -> None:
    """Everybody agrees within two days; then it is carried out."""
    for later, account_id in enumerate(asked, 1):
        city.days.plan(at + timedelta(hours=20 * later), partial(_agree, city, known, account_id))
    city.days.plan(at + timedelta(days=4), partial(_carry_out, city, known))


def _wait(city: City, at: datetime) -> None:
    """One has agreed, the other has not answered yet."""
    known, asked = _ask(city, (SCHOOL, OPEN_DAY), LineageKind.MERGE, [CLASSES], CLASSES_WHY, at)
    city.days.plan(at + timedelta(hours=9), partial(_agree, city, known, asked[0]))


def _ask(
    city: City, places: tuple[int, ...], kind: LineageKind, parts: list[Part], why: str, at: datetime
) -> tuple[str, list[int]]:
    """The plan's public id, and the accounts that are asked."""
    home = city.address(PROCESS, "").partition("/proposals/")[0]

    def work(session: Session, process: Process, **by: Any) -> tuple[str, list[int]]:
        found = [_with(city, session, process, place, by) for place in places]
        sources = queries.with_numbers_to_change(session, process, [each.number or 0 for each in found])
        plan = operations.ask_to_regroup(
            session,
            process,
            kind,
            sources,
            parts,
            reason=why,
            address=lambda public_id: f"{home}/regroupings/{public_id}",
            **by,
        )
        session.flush()
        consents = queries.get_regrouping(session, process, plan.public_id, actor=by["actor"]).consents
        return plan.public_id, [consent.account_id for consent in consents]

    return city.change(PROCESS, at, work, actor=city.official(OFFICIALS["crafts"]))


def _agree(city: City, known: str, account_id: int, at: datetime) -> None:
    actor = Actor(f"account:{account_id}", account_id, frozenset({Role.RESIDENT}))

    def work(session: Session, process: Process, **by: Any) -> None:
        asked = queries.regrouping_to_change(session, process, known, actor=by["actor"])
        operations.answer_regrouping(session, process, asked, agrees=True, **by)

    city.change(PROCESS, at, work, actor=actor)


def _carry_out(city: City, known: str, at: datetime) -> None:
    home = city.address(PROCESS, "")

    def work(session: Session, process: Process, **by: Any) -> None:
        asked = queries.regrouping_to_change(session, process, known, actor=by["actor"])
        operations.carry_out_regrouping(
            session, process, asked, override_reason=None, address=lambda public_id: f"{home}{public_id}", **by
        )

    city.change(PROCESS, at, work, actor=city.official(OFFICIALS["crafts"]))


def _disagree(city: City, at: datetime) -> None:
    """The author of an idea that was not adopted says why the answer does not convince."""
    public_id = _public_id(city, EARLIER, FOUNTAIN)
    author_id = db.session.scalar(select(Proposal.author_id).where(Proposal.public_id == public_id))
    db.session.rollback()

    def work(session: Session, process: Process, **by: Any) -> None:
        found = queries.proposal_to_change(session, process, public_id, **by)
        facts: dict[str, Any] = {"text": DISSENT, "language": "fa", "organisation": None, "shows_name": True}
        operations.file_dissent(session, disputed.on_proposal(found), **facts, **by)

    city.change(EARLIER, at, work, actor=Actor(f"account:{author_id}", author_id, frozenset({Role.RESIDENT})))
