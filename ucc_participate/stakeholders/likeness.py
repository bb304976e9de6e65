"""Which entries of the register may be one organisation, and by what it shows. Pure; made for registers of thousands.

Nothing is compared with everything: entries meet in buckets (the same name however it is spelt, the same words in
another order, half of a name that differs by one letter, a website, a contact address).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from ..kernel.text import fold, search_terms
from ..vocabularies.uccn import Sector

SHORTEST_NEAR: Final = 5
MOST_IN_BUCKET: Final = 12
"""Beyond this many a website or an address belongs to a platform and not to an organisation."""
SHARED_HOSTS: Final = (
    *("instagram.com", "t.me", "telegram.me", "facebook.com", "linkedin.com", "twitter.com", "x.com", "youtube.com"),
    *("aparat.com", "eitaa.com", "rubika.ir", "ble.ir", "wordpress.com", "blogspot.com", "linktr.ee", "github.io"),
)
GENERIC: Final = frozenset(
    fold(word)
    for word in (
        *("انجمن", "شرکت", "موسسه", "مؤسسه", "بنیاد", "گروه", "کانون", "اتحادیه", "خانه", "سازمان", "اداره", "شهر"),
        *("the", "of", "and", "association", "company", "foundation", "society", "group", "union", "ltd", "inc", "co"),
        *("la", "le", "les", "de", "des", "du", "et", "société", "fondation", "groupe", "club"),
    )
)


class Reason(StrEnum):
    """By what two entries look like one, the surest first."""

    NAME = "name"
    EMAIL = "email"
    WEBSITE = "website"
    WORDS = "words"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Likely:
    """What is compared of an entry."""

    public_id: str
    name: str
    sector: Sector
    website: str | None
    contact_email: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, the elder first, and everything by which they look like one."""

    one: Likely
    other: Likely
    reasons: tuple[Reason, ...]

    @property
    def key(self) -> str:
        return f"{self.one.public_id}.{self.other.public_id}"


def name_key(name: str) -> str:
    """What two spellings of one name have in common: letters and digits, folded, without spaces."""
    return "".join(search_terms(name))[:330]


def host_of(website: str | None) -> str | None:
    """The host that tells whose website it is; None for platforms where many have a page."""
    host = (urlsplit(website or "").hostname or "").removeprefix("www.")
    return None if not host or any(host == each or host.endswith(f".{each}") for each in SHARED_HOSTS) else host


def _buckets(each: Likely) -> Iterator[tuple[Reason, str]]:
    """Where an entry meets those that it may double."""
    terms = search_terms(each.name)
    key = "".join(terms)
    if key:
        yield Reason.NAME, key
    host = host_of(each.website)
    if host:
        yield Reason.WEBSITE, host
    if each.contact_email:
        yield Reason.EMAIL, each.contact_email.casefold()
    telling = sorted(set(terms) - GENERIC)
    if telling and len("".join(telling)) >= SHORTEST_NEAR:
        yield Reason.WORDS, f"{each.sector.value} {' '.join(telling)}"
    if len(key) >= SHORTEST_NEAR:
        half = len(key) // 2
        yield Reason.NEAR, f"{each.sector.value} {key[:half]}"
        yield Reason.NEAR, f"{each.sector.value} {key[-half:]}"


def _near_buckets(each: Likely) -> Iterator[tuple[Reason, str]]:
    """Where names stand that differ by one letter: what lies before or behind that letter is the same."""
    key = name_key(each.name)
    if len(key) < SHORTEST_NEAR:
        return
    for half in {length // 2 for length in (len(key) - 1, len(key), len(key) + 1)}:
        yield Reason.NEAR, f"{each.sector.value} {key[:half]}"
        yield Reason.NEAR, f"{each.sector.value} {key[-half:]}"


def _is_near(one: str, other: str) -> bool:
    """Whether one letter makes the one out of the other: more, less or another. School 12 is not school 13."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    longer = len(short) < len(long)
    if long[at].isdigit() or (not longer and short[at].isdigit()):
        return False
    return short[at:] == long[at + 1 :] if longer else short[at + 1 :] == long[at + 1 :]


@dataclass(slots=True)
class Register:
    """Entries by everything by which another one may turn out to be the same."""

    _places: dict[tuple[Reason, str], list[Likely]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, entries: Iterable[Likely]) -> Register:
        register = cls()
        for each in entries:
            register.add(each)
        return register

    def add(self, each: Likely) -> None:
        for place in _buckets(each):
            self._places[place].append(each)

    def like(self, wanted: Likely) -> dict[str, tuple[Likely, tuple[Reason, ...]]]:
        """Other entries that may be the same organisation, by public id, with the reasons, the surest first."""
        found: dict[str, tuple[Likely, set[Reason]]] = {}
        key = name_key(wanted.name)
        told = [bucket for bucket in _buckets(wanted) if bucket[0] is not Reason.NEAR]
        for reason, place in (*told, *_near_buckets(wanted)):
            there = self._places.get((reason, place), ())
            if reason in (Reason.WEBSITE, Reason.EMAIL) and len(there) > MOST_IN_BUCKET:
                continue
            for other in there:
                if other.public_id == wanted.public_id or (
                    reason is Reason.NEAR and not _is_near(key, name_key(other.name))
                ):
                    continue
                found.setdefault(other.public_id, (other, set()))[1].add(reason)
        return {known: (other, _sorted(reasons)) for known, (other, reasons) in found.items()}


def _sorted(reasons: set[Reason]) -> tuple[Reason, ...]:
    """The same name says more than the same words."""
    told = reasons - {Reason.WORDS} if Reason.NAME in reasons else reasons
    return tuple(reason for reason in Reason if reason in told)


def pairs(entries: Iterable[Likely]) -> list[Pair]:
    """Every two entries that may be one organisation: the surest first, then in the order of the entries."""
    register = Register()
    found = []
    for each in entries:
        found += [Pair(other, each, reasons) for other, reasons in register.like(each).values()]
        register.add(each)
    order = list(Reason)
    return sorted(found, key=lambda pair: (order.index(pair.reasons[0]), -len(pair.reasons)))
