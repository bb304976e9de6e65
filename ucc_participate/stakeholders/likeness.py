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

    @property
    def ids(self) -> frozenset[str]:
        return frozenset((self.one.public_id, self.other.public_id))


def name_key(name: str) -> str:
    """What two spellings of one name have in common: letters and digits, folded, without spaces."""
    return "".join(search_terms(name))[:330]


@dataclass(frozen=True, slots=True)
class _Compared:
    """An entry, and what is compared again and again: its key, the words that say only what kind it is."""

    likely: Likely
    terms: tuple[str, ...]
    key: str
    generic: frozenset[str]

    @classmethod
    def of(cls, likely: Likely) -> _Compared:
        terms = tuple(search_terms(likely.name))
        return cls(likely, terms, "".join(terms)[:330], GENERIC.intersection(terms))


def host_of(website: str | None) -> str | None:
    """The host that tells whose website it is; None for platforms where many have a page."""
    try:
        host = (urlsplit(website or "").hostname or "").removeprefix("www.")
    except ValueError:  # brackets that hold no address
        return None
    return None if not host or any(host == each or host.endswith(f".{each}") for each in SHARED_HOSTS) else host


def _buckets(each: _Compared) -> Iterator[tuple[Reason, str]]:
    """Where an entry meets those that it may double, but for those whose name differs by one letter."""
    sector = each.likely.sector.value
    if each.key:
        yield Reason.NAME, each.key
    host = host_of(each.likely.website)
    if host:
        yield Reason.WEBSITE, host
    if each.likely.contact_email:
        yield Reason.EMAIL, each.likely.contact_email.casefold()
    telling = sorted({*each.terms} - GENERIC)
    if len("".join(telling)) >= SHORTEST_NEAR:
        yield Reason.WORDS, f"{sector} {' '.join(telling)}"


def _halves(each: _Compared, *lengths: int) -> Iterator[tuple[Reason, str]]:
    """Where names meet that differ by one letter: what lies before or behind that letter is the same in both.

    ``lengths``: of the names that are looked for.
    """
    if len(each.key) >= SHORTEST_NEAR:
        sector = each.likely.sector.value
        for half in {length // 2 for length in lengths}:
            yield Reason.NEAR, f"{sector} {half} {each.key[:half]}"
            yield Reason.NEAR, f"{sector} -{half} {each.key[-half:]}"


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


def _holds(reason: Reason, one: _Compared, other: _Compared) -> bool:
    """Whether two that met for this reason are alike by it.

    “Association of weavers” may be “Weavers”, but hardly “Company of weavers”.
    """
    if reason is Reason.NEAR:
        return _is_near(one.key, other.key)
    if reason is Reason.WORDS:
        return one.generic <= other.generic or other.generic <= one.generic
    return True


@dataclass(slots=True)
class Register:
    """Entries by everything by which another one may turn out to be the same."""

    _places: dict[tuple[Reason, str], list[_Compared]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, entries: Iterable[Likely]) -> Register:
        register = cls()
        for each in entries:
            register.add(each)
        return register

    def add(self, likely: Likely) -> None:
        each = _Compared.of(likely)
        for place in (*_buckets(each), *_halves(each, len(each.key))):
            self._places[place].append(each)

    def like(self, likely: Likely) -> dict[str, tuple[Likely, tuple[Reason, ...]]]:
        """Other entries that may be the same organisation, by public id, with the reasons, the surest first."""
        wanted, found = _Compared.of(likely), dict[str, tuple[Likely, set[Reason]]]()
        length = len(wanted.key)
        for reason, place in (*_buckets(wanted), *_halves(wanted, length - 1, length, length + 1)):
            for other in self._there(reason, place):
                known = other.likely.public_id
                if known != likely.public_id and _holds(reason, wanted, other):
                    found.setdefault(known, (other.likely, set()))[1].add(reason)
        return {known: (other, _sorted(reasons)) for known, (other, reasons) in found.items()}

    def _there(self, reason: Reason, place: str) -> list[_Compared]:
        there = self._places.get((reason, place), [])
        is_shared = reason in (Reason.WEBSITE, Reason.EMAIL) and len(there) > MOST_IN_BUCKET
        return [] if is_shared else there


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
