"""The register as a table: its columns by name in three languages, what may stand in them, rows to take away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _l

from ..kernel.i18n import LOCALES, in_language, writing_for
from ..kernel.text import fold
from ..vocabularies.uccn import CREATIVE_FIELDS, SECTORS
from .models import Organisation, Tag
from .wording import KINDS, SIZES

PUBLIC: Final = (
    *("id", "name", "sector", "subtype", "creative_fields", "tags", "size", "identified_by", "website"),
    *("registered_on", "merged_into"),
)
CONTACT: Final = ("contact_name", "contact_email", "contact_phone", "note")
READ: Final = (
    *("id", "name", "sector", "subtype", "creative_fields", "tags", "size", "identified_by", "website"),
    *(*CONTACT, "another"),
)
"""The columns of a table that is brought; whatever else stands in it is left alone."""
HEADERS: Final[Mapping[str, Any]] = {
    "id": _l("Id"),
    "name": _l("Name of the organisation"),
    "sector": _l("Sector"),
    "subtype": _l("Kind"),
    "creative_fields": _l("Creative fields"),
    "tags": _l("What it is"),
    "size": _l("How many people belong to it"),
    "identified_by": _l("How the city came to know of it"),
    "website": _l("Website"),
    "registered_on": _l("In the register since"),
    "merged_into": _l("Merged into (id)"),
    "contact_name": _l("Whom to talk to"),
    "contact_email": _l("E-mail"),
    "contact_phone": _l("Telephone"),
    "note": _l("Note for the staff"),
    "another": _l("It is another organisation"),
}
ALSO: Final[Mapping[str, Sequence[str]]] = {
    "id": ("شناسه", "identifiant"),
    "name": ("name", "organisation", "organization", "نام", "سازمان", "نام سازمان", "nom", "organisme"),
    "sector": ("بخش", "secteur"),
    "subtype": ("subtype", "type", "نوع"),
    "creative_fields": ("creative field", "field", "fields", "زمینه", "زمینه‌ها", "domaine", "domaines"),
    "tags": ("tags", "tag", "برچسب", "برچسب‌ها", "étiquettes"),
    "size": ("size", "اندازه", "taille"),
    "identified_by": ("found by", "source", "identified by", "شیوهٔ شناسایی"),
    "website": ("web site", "url", "وبگاه", "تارنما", "site", "site web"),
    "contact_name": ("contact", "رابط", "نام رابط"),
    "contact_email": ("e-mail", "email", "mail", "رایانامه", "پست الکترونیکی", "courriel"),
    "contact_phone": ("phone", "تلفن", "téléphone"),
    "note": ("note", "یادداشت", "remarque"),
    "another": ("another", "سازمان دیگری است", "autre organisme"),
}
SECTOR_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "public": ("عمومی", "دولتی", "عمومی/دولتی"),
    "private": ("خصوصی", "privé"),
    "civil_society": ("جامعهٔ مدنی", "مردمی", "société civile"),
}
"""Besides the labels and the codes: as people write them."""
YES: Final = frozenset(fold(word) for word in ("yes", "y", "1", "true", "x", "✓", "بله", "بلی", "آری", "oui"))
SEVERAL: Final = "؛"
SEPARATORS: Final = ("؛", ";", "|", "،")


@dataclass(frozen=True, slots=True)
class Words:
    """What people may type, folded, and the code that it means: in every language, and the code itself."""

    headers: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]


def words(tags: Iterable[Tag]) -> Words:
    """Needs an application context: every language is asked."""
    titles = {tag.code: tag.title for tag in tags}
    values = {
        "sector": _in_every_language(SECTORS) | _folded(SECTOR_WORDS),
        "subtype": _in_every_language(KINDS),
        "creative_fields": _in_every_language(CREATIVE_FIELDS),
        "size": _in_every_language(SIZES),
        "tags": {fold(word): code for code, title in titles.items() for word in (code, *title.values()) if word},
    }
    return Words(_folded(ALSO) | _in_every_language(HEADERS), values)


def _folded(known: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {fold(word): code for code, words_of_it in known.items() for word in words_of_it}


def _in_every_language(labels: Mapping[str, Any]) -> dict[str, str]:
    found = {fold(code): code for code in labels}
    for locale in LOCALES:
        with writing_for(locale):
            found |= {fold(str(label)): code for code, label in labels.items()}
    return found


def headers(names: Iterable[str]) -> list[str]:
    """Column headers in the reader's language."""
    return [str(HEADERS[name]) for name in names]


def rows(
    organisations: Iterable[Organisation], names: Sequence[str], tags: Iterable[Tag], *, locale: str
) -> Iterator[list[Any]]:
    """The register as a table in one language, headers first; entries that were merged name the one they lead to.

    ``merged_into`` must be loaded.
    """
    yield headers(names)
    titles = {tag.code: in_language(tag.title, locale).text for tag in tags}
    labels = {
        name: {code: str(label) for code, label in found.items()}
        for name, found in (("sector", SECTORS), ("subtype", KINDS), ("fields", CREATIVE_FIELDS), ("size", SIZES))
    }
    for each in organisations:
        known = {
            "id": each.public_id,
            "sector": labels["sector"][each.sector.value],
            "subtype": labels["subtype"].get(each.subtype, each.subtype),
            "creative_fields": f"{SEVERAL} ".join(labels["fields"][code] for code in each.creative_fields),
            "tags": f"{SEVERAL} ".join(titles.get(code, code) for code in each.tags),
            "size": labels["size"][each.size.value] if each.size else "",
            "registered_on": each.registered_at.date().isoformat(),
            "merged_into": each.merged_into.public_id if each.merged_into else "",
        }
        yield [known[name] if name in known else getattr(each, name) or "" for name in names]
