"""What the demonstration city says of itself. Everything in it is invented: city, people, organisations, numbers."""

from __future__ import annotations

from ..processes.models import PromiseLevel
from ..proposals.models import Content, Level, Outcome, ProposalKind
from ..vocabularies.uccn import Sector

PASSWORD = "sepidrud-demo-1405"  # noqa: S105 - printed for everybody who starts a demonstration

TITLE = {
    "fa": "سپیدرود با شما شهر خلاق می‌شود",
    "en": "With you, Sepidrud becomes a creative city",
    "fr": "Avec vous, Sépidroud devient ville créative",
}
PURPOSE = {
    "fa": "شهرداری برای درخواست پیوستن به شبکهٔ شهرهای خلاق یونسکو از همه می‌پرسد: شهروندان، کارگاه‌ها و شرکت‌ها، "
    "انجمن‌ها، زنان و جوانان. آنچه می‌گویید ثبت می‌شود، پاسخ می‌گیرد و در پرونده می‌ماند.",
    "en": "Before it applies to the UNESCO Creative Cities Network the city asks everybody: residents, workshops and "
    "firms, associations, women and young people. What you say is kept, is answered, and stays in the record.",
    "fr": "Avant sa candidature au Réseau des villes créatives de l’UNESCO, la ville consulte tout le monde : "
    "habitants, ateliers et entreprises, associations, femmes et jeunes. Vos paroles restent et reçoivent réponse.",
}
SCOPE = {
    "fa": "پروژه‌ها، نوآوری‌ها و سیاست‌های چهار سال آینده در صنایع دستی و هنرهای مردمی.",
    "en": "Projects, innovations and policies of the next four years in crafts and folk art.",
    "fr": "Projets, innovations et politiques des quatre prochaines années en artisanat et arts populaires.",
}
OPEN_QUESTIONS = {
    "fa": "همه چیز جز محل بازارچه؛ دربارهٔ آن پیش‌تر تصمیم گرفته شده است.",
    "en": "Everything but the place of the market, which is decided already.",
    "fr": "Tout sauf l’emplacement du marché, déjà décidé.",
}
PROMISE = {
    "fa": "به هر پیشنهاد با نام و دلیل پاسخ می‌دهیم.",
    "en": "Every proposal gets an answer with a name and a reason.",
    "fr": "Chaque proposition reçoit une réponse, avec un nom et une raison.",
}
DECISION_MAKER = {
    "fa": "شورای شهر سپیدرود",
    "en": "The city council of Sepidrud",
    "fr": "Le conseil municipal de Sépidroud",
}
RESPONSIBLE = "مریم سادات‌پور، معاون فرهنگی شهرداری"
LEVEL = PromiseLevel.INVOLVE

ORGANISATIONS: list[tuple[str, Sector, str, bool, bool]] = [
    ("ادارهٔ میراث فرهنگی سپیدرود", Sector.PUBLIC, "government_office", False, False),
    ("دانشگاه هنر سپیدرود", Sector.PUBLIC, "university", False, True),
    ("موزهٔ سفال سپیدرود", Sector.PUBLIC, "museum_library", False, False),
    ("کارگاه رنگ نیلگون", Sector.PRIVATE, "workshop", False, False),
    ("تعاونی گلیم بانوان", Sector.PRIVATE, "cooperative", True, False),
    ("اتاق اصناف سپیدرود", Sector.PRIVATE, "guild_chamber", False, False),
    ("انجمن بانوان بافنده", Sector.CIVIL_SOCIETY, "association", True, False),
    ("کانون جوانان سفالگر", Sector.CIVIL_SOCIETY, "community_group", False, True),
    ("بنیاد نقش‌های کهن", Sector.CIVIL_SOCIETY, "foundation", False, False),
]


def _idea(
    title: str, summary: str, objectives: tuple[str, ...], areas: tuple[str, ...], whom: tuple[str, ...], cost: int
) -> Content:
    return Content(
        title=title,
        summary=summary,
        body="",
        kind=ProposalKind.PROJECT,
        level=Level.INTERNATIONAL if "AREA-5" in areas else Level.LOCAL,
        objectives=objectives,
        areas=areas,
        dimensions=("cultural", "social"),
        for_whom=whom,
        place="سپیدرود",
        cost=cost,
        language="fa",
    )


IDEAS: list[Content] = [
    _idea(
        "کارگاه شبانهٔ گلیم برای زنان سرپرست خانوار",
        "سالن دبیرستان بهار سه شب در هفته خالی است؛ با ده دار و یک استادکار می‌شود آغاز کرد.",
        ("OBJ-2", "OBJ-1"),
        ("AREA-6",),
        ("women",),
        1_800_000_000,
    ),
    _idea(
        "بایگانی دیجیتال نقش‌های سفال",
        "دانشجویان نقش‌ها را عکاسی می‌کنند و استادکاران نام و داستانشان را می‌گویند.",
        ("OBJ-3",),
        ("AREA-3",),
        ("youth", "artists"),
        900_000_000,
    ),
    _idea(
        "تبادل کارآموز با شهرهای خلاق صنایع دستی",
        "هر سال چهار کارآموز کاغذ و چهار کارآموز سفال میان سپیدرود و یک شهر عضو جابه‌جا می‌شوند.",
        ("OBJ-1",),
        ("AREA-5",),
        ("youth",),
        2_400_000_000,
    ),
    _idea(
        "بازارچهٔ فصلی صنایع دستی در پارک چنار",
        "هر فصل سه روز غرفهٔ رایگان برای کارگاه‌های خانگی، با سایه‌بان و برق.",
        ("OBJ-1", "OBJ-3"),
        ("AREA-1",),
        ("artists", "women"),
        1_200_000_000,
    ),
    _idea(
        "سفال در مدرسه",
        "هر مدرسهٔ ابتدایی هفته‌ای یک ساعت سفال دارد؛ کوره در فرهنگ‌سراست.",
        ("OBJ-3", "OBJ-2"),
        ("AREA-6",),
        ("children",),
        1_500_000_000,
    ),
    _idea(
        "سهم صنایع خلاق در برنامهٔ توسعهٔ شهر",
        "یک درصد از بودجهٔ عمرانی هر سال به کارگاه‌های کوچک صنایع دستی برسد.",
        ("OBJ-4",),
        ("AREA-7",),
        ("everybody",),
        0,
    ),
    _idea(
        "مسیر پیادهٔ کارگاه‌ها",
        "تابلو و نقشه‌ای که رهگذر را از بازار تا نُه کارگاه کهنه می‌برد.",
        ("OBJ-3",),
        ("AREA-2",),
        ("everybody",),
        600_000_000,
    ),
]
ANSWERS: list[tuple[int, Outcome, str]] = [
    (0, Outcome.ADOPTED, "سالن آماده است و از ماه آینده کارگاه آغاز می‌شود؛ هزینه‌اش از بودجهٔ فرهنگی است."),
    (1, Outcome.PARTLY_ADOPTED, "عکاسی را دانشگاه امسال آغاز می‌کند؛ سامانهٔ بایگانی به بودجهٔ سال آینده می‌رود."),
    (5, Outcome.OUT_OF_SCOPE, "سهم بودجهٔ عمرانی را شورای استان تعیین می‌کند؛ پیشنهاد برای آن شورا فرستاده شد."),
]
DOCUMENT_TITLE = "شناخت صنایع دستی سپیدرود"
