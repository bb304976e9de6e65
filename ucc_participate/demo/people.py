"""Who lives in the demonstration city: those whom a newcomer can be, officials, residents. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import product

from ..accounts import operations
from ..accounts.models import TERMS_VERSION, AboutYou, Account, Sex
from ..accounts.passwords import hash_password
from ..accounts.references import Page, account_ref, actor_of
from ..eligibility import operations as eligibility
from ..kernel.db import WriteSession, perform
from ..kernel.identity import Role
from ..vocabularies.uccn import Sector
from .city import OFFICE, City, text

PASSWORD = "sepidrud-demo-1405"  # noqa: S105 - printed for everybody who starts a demonstration
DOMAIN = "sepidrud.example"
RESIDENT, DELEGATE, CLERK = f"resident@{DOMAIN}", f"delegate@{DOMAIN}", f"clerk@{DOMAIN}"
AT_THE_COUNTER = timedelta(minutes=45)
HERE_LAST_YEAR = 128
ARRIVALS = ((40, range(-346, -334)), (HERE_LAST_YEAR, range(-333, -296)), (1_000, range(-95, -10)))
"""Until which resident, and in which days, accounts were opened."""
RESERVED = ("guides", "craft_teachers", "river", "packaging", "wood", "parks", "academy", "welfare")
DISTRICTS = ("محلهٔ سفالگران", "بازار کهنه", "چنارستان", "بالارود", "پایین‌رود", "کوی نیلگون", "کوی دانشگاه", None)


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody whom a newcomer can be, or an official who answers."""

    email: str
    name: str
    role: str
    granted: Role | None = None
    function: str | None = None
    about: AboutYou = AboutYou()


LOGINS = [
    Login(RESIDENT, "نرگس بهارلو", "citizen", about=AboutYou(Sex.FEMALE, 1990, "کوی نیلگون")),
    Login(
        DELEGATE,
        "زهرا بافنده",
        "organisation delegate of انجمن بانوان بافنده",
        about=AboutYou(Sex.FEMALE, 1983, "بالارود", Sector.CIVIL_SOCIETY),
    ),
    Login(
        f"coordinator@{DOMAIN}",
        "مریم سادات‌پور",
        "coordinator: runs the processes, answers",
        Role.COORDINATOR,
        "معاون فرهنگی شهرداری سپیدرود",
    ),
    Login(CLERK, "جلال دفترداری", "clerk: register of stakeholders, invitations, counter", Role.CLERK),
    Login(f"evaluator@{DOMAIN}", "کامران نیک‌بین", "evaluator: reads everything", Role.EVALUATOR),
]
OFFICIALS = {
    "culture": f"coordinator@{DOMAIN}",
    "crafts": f"crafts@{DOMAIN}",
    "budget": f"budget@{DOMAIN}",
    "planning": f"planning@{DOMAIN}",
}
COLLEAGUES = [
    Login(OFFICIALS["crafts"], "بهروز نیلگون‌فر", "", Role.COORDINATOR, "مدیر صنایع دستی شهرداری سپیدرود"),
    Login(OFFICIALS["budget"], "فرزانه برگ‌سفید", "", Role.COORDINATOR, "مدیر برنامه و بودجهٔ شهرداری سپیدرود"),
    Login(OFFICIALS["planning"], "آرش دیوارگر", "", Role.COORDINATOR, "مدیر شهرسازی شهرداری سپیدرود"),
]


def settle(city: City) -> None:
    """Let everybody open an account on a day of their own."""
    _settle_logins(city)
    _settle_delegates(city)
    _settle_residents(city)


def resident_addresses(*, of_last_year: bool = False) -> list[str]:
    """Residents with the right to vote, no office and no demonstration login; those of last year, or of today."""
    numbers = range(1, (HERE_LAST_YEAR if of_last_year else RESIDENTS) + 1)
    return [_address(number) for number in numbers if not _is_unchecked(number)]


def _is_unchecked(number: int) -> bool:
    """A few of those who came this year have not shown anybody yet who they are."""
    return number > HERE_LAST_YEAR and number % 12 == 5


def _address(number: int) -> str:
    return f"r{number:03}@{DOMAIN}"


def _settle_logins(city: City) -> None:
    hashed = hash_password(PASSWORD)
    for login in [*LOGINS, *COLLEAGUES]:
        named = partial(_open, city, login.email, login.name, about=login.about, function=login.function)
        act = partial(named, hashed=hashed if login.role else None)
        city.days.plan(city.days.moment(-349, minutes=480), act)
        if login.email in (RESIDENT, DELEGATE):
            city.days.plan(city.days.moment(-348, minutes=479), partial(_look, city, login.email, CLERK, Page.COUNTER))
            city.days.plan(city.days.moment(-348, minutes=480), partial(_check, city, login.email))
            looked = city.days.moment(-31, minutes=610)
            city.days.plan(looked, partial(_look, city, login.email, OFFICIALS["culture"], Page.PERSON))
        if login.granted is not None:
            city.days.plan(city.days.moment(-349, minutes=500), partial(_grant, city, login.email, login.granted))


def _settle_delegates(city: City) -> None:
    """Delegates have accounts of their own; some of them say nothing of themselves."""
    speakers = [(key, facts) for key, facts in text("organisations").items() if "delegate" in facts]
    for number, (key, facts) in enumerate(speakers):
        email = city.delegates[key] = f"{key.replace('_', '-')}@{DOMAIN}"
        young = facts.get("youth", False) or number % 5 == 3
        year = city.days.today.year - (22 + number % 6 if young else 34 + number * 7 % 30)
        sex = Sex.FEMALE if facts.get("women") or facts["delegate"].split()[0] in WOMEN else Sex.MALE
        about = AboutYou() if key in RESERVED else AboutYou(sex, year, sector=Sector(facts["sector"]))
        locale = "fr" if key == "town_friends" else "fa"
        at = city.days.moment(-347, minutes=540 + number * 7)
        city.days.plan(at, partial(_open, city, email, facts["delegate"], about=about, locale=locale))
        city.days.plan(at + AT_THE_COUNTER, partial(_check, city, email))
    city.delegates["weavers"] = DELEGATE


def _settle_residents(city: City) -> None:
    for number, (name, sex) in enumerate(_names(), start=1):
        days = next(days for last, days in ARRIVALS if number <= last)
        at = city.days.moment(days[number * 17 % len(days)], minutes=420 + number * 37 % 840)
        locale = READERS_OF.get(number, "fa")
        about = _about(city, number, sex)
        city.days.plan(at, partial(_open, city, _address(number), name, about=about, locale=locale))
        if not _is_unchecked(number):
            city.days.plan(at + AT_THE_COUNTER, partial(_check, city, _address(number)))


def _about(city: City, number: int, sex: Sex) -> AboutYou:
    """Ages from 16 to 75; one in four of those who came this year says nothing."""
    if number > HERE_LAST_YEAR and number % 4 == 0:
        return AboutYou()
    age = 16 + number * 29 % 14 if number % 7 in (1, 4) else 30 + number * 31 % 46
    sector = [None, Sector.PRIVATE, None, Sector.PUBLIC, Sector.CIVIL_SOCIETY, None][number % 6]
    return AboutYou(sex, city.days.today.year - age, DISTRICTS[number % len(DISTRICTS)], sector)


def _open(
    city: City,
    email: str,
    name: str,
    at: datetime,
    *,
    about: AboutYou,
    locale: str = "fa",
    hashed: str | None = None,
    function: str | None = None,
) -> None:
    def work(session: WriteSession) -> Account:
        return operations.create_account(
            session,
            email=email,
            display_name=name,
            locale=locale,
            actor=OFFICE,
            now=at,
            function=function,
            password_hash=hashed,
            about=about,
            terms_version=TERMS_VERSION,
        )

    city.people[email] = perform(work)


def _look(city: City, email: str, official: str, page: Page, at: datetime) -> None:
    """Somebody of the staff opens a page with this person's data: it stands under "Who has looked at my data"."""
    actor = actor_of(city.people[official], Role.CLERK if official == CLERK else Role.COORDINATOR)

    def work(session: WriteSession) -> None:
        subject = account_ref(session, session.get_one(Account, city.people[email].id))
        operations.note_look(session, subject, page, actor=actor, now=at)

    perform(work)


def _check(city: City, email: str, at: datetime) -> None:
    """The clerk at the counter has seen a paper that shows who this is."""
    clerk = actor_of(city.people[CLERK], Role.CLERK)

    def work(session: WriteSession) -> None:
        account = session.get_one(Account, city.people[email].id)
        eligibility.record_check(session, account, birth_year=None, actor=clerk, now=at)

    perform(work)


def _grant(city: City, email: str, role: Role, at: datetime) -> None:
    def work(session: WriteSession) -> None:
        account = session.get_one(Account, city.people[email].id)
        operations.grant_role(session, account, role, actor=OFFICE, now=at)

    perform(work)


WOMEN = (
    *("ریحانه", "سارا", "فاطمه", "مهسا", "الهه", "شیوا", "نسترن", "کوکب", "سمیه", "بنفشه", "لادن", "ثریا"),
    *("پریسا", "مرضیه", "آیدا", "گوهر", "نازنین", "طوبی", "ملیحه", "ستاره"),
    *("سیمین", "پروانه", "مهتاب", "عذرا", "کبری", "طاهره", "هانیه", "ماهرخ", "نیلوفر", "شهین", "رعنا", "یاسمن"),
    *("عزت", "الهام", "Mina", "گلنار", "فریبا"),
)
MEN = (
    *("علی", "محمد", "رضا", "پویا", "مهدی", "امید", "یعقوب", "کاوه", "حسین", "پیمان", "ناصر", "بهنام"),
    *("مرتضی", "سروش", "جمشید", "عباس", "نیما", "شاهین"),
)
FAMILIES = (
    *("کاشی‌نشان", "گلیم‌گستر", "رودکناری", "سپیدکوزه", "نیل‌آبادی", "چنارسایه", "ترنج‌زاده", "پل‌سپیدی"),
    *("ایوان‌نشین", "روناس‌کار", "شبنم‌باف", "کوزه‌بردوش", "هفت‌رنگی", "آب‌انباری", "دوک‌ریس", "بادگیری"),
    *("نخ‌تاب", "سفالینه‌دوست", "مرغ‌رودی", "گره‌گشای", "انارستانی", "لاجوردچی", "کاغذتراش", "شانه‌زن"),
)
IN_OTHER_LETTERS = {40: ("Laleh Chenarpour", Sex.FEMALE), 67: ("Camille Rivière-Blanche", Sex.FEMALE)}
READERS_OF = {41: "en", 53: "en", 97: "en", 140: "en", 68: "fr", 75: "fr", 151: "fr"}
RESIDENTS = 180


def _names() -> list[tuple[str, Sex]]:
    """Women and men in turns, no name twice."""
    lists = {Sex.FEMALE: WOMEN[:20], Sex.MALE: MEN}
    pairs = {sex: iter(_spread(list(product(given, FAMILIES)))) for sex, given in lists.items()}
    names = []
    for number in range(RESIDENTS):
        sex = Sex.MALE if number % 9 in (1, 3, 5, 8) else Sex.FEMALE
        names.append((" ".join(next(pairs[sex])), sex))
    for place, other in IN_OTHER_LETTERS.items():
        names[place] = other
    return names


def _spread(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Every pair once, neighbours unlike each other: steps that share no divisor with the number of pairs."""
    step = 151
    return [pairs[place * step % len(pairs)] for place in range(len(pairs))]
