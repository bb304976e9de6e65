"""Whether a form version's content can be used: every fault with its place, so that a person can put it right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext as _

from ..audit.canonical import CanonicalError, dumps
from ..kernel.i18n import LOCALES
from ..vocabularies.uccn import CREATIVE_FIELDS
from .models import Purpose
from .sections import SectionKind

FORMAT = "ucc-form/1"
WORD_RULES = ("whitespace",)
MEMBERS = frozenset(
    ["format", "code", "purpose", "year", "title", "note", "languages", "words", "empty_phrase", "sources", "sections"]
)  # fmt: skip
SECTION_MEMBERS = frozenset(["id", "kind", "title", "asks", "draft", "limit", "rules", "evidence", "source", "options"])
DRAFTS = frozenset(["process", "groups", "vulnerable", "local", "international", "budget", "structure"])
EVIDENCE = ("F", "R", "G")
CODE = re.compile(r"[a-z0-9][a-z0-9-]{2,30}(?:\+[1-9][0-9]{0,3})?")
SECTION_ID = re.compile(r"[A-Za-z0-9]+(?:\.[A-Za-z0-9]+){0,3}")
ADDRESS = re.compile(r"https?://[^\s]+", re.IGNORECASE)
RULE = re.compile(r"[A-Z]+(?:-?[A-Z0-9]+)*")
LONGEST_ID, LONGEST_TITLE, LONGEST_ASKS, LARGEST = 20, 300, 3_000, 100_000
MOST_SECTIONS = 200


def problems(content: Any) -> list[str]:
    """What is wrong, in the reader's language; empty when the content can be used."""
    if not isinstance(content, dict):
        return [_("This is not a form: the file must hold one JSON object.")]
    found = [*_of_form(content), *_of_sections(content.get("sections"), content.get("sources"))]
    return found or list(_of_spelling(content))


def _of_spelling(content: Mapping[str, Any]) -> Iterator[str]:
    """What neither the log nor the database can hold: fractions, halves of letters, letters in two pieces."""
    try:
        is_kept = b"\\u0000" not in dumps(content)
    except CanonicalError:
        is_kept = False
    if not is_kept:
        yield _("A number or a letter in the file cannot be kept as it is. Numbers are whole; letters are in form NFC.")


def _of_form(content: Mapping[str, Any]) -> Iterator[str]:
    if content.get("format") != FORMAT:
        yield _("“format” must be “%(format)s”.", format=FORMAT)
    for name in sorted(set(content) - MEMBERS):
        yield _("“%(name)s” is no part of a form.", name=name)
    if not CODE.fullmatch(_text(content.get("code"))):
        yield _("“code” takes small Latin letters, digits and hyphens, such as uccn-2027.")
    if _text(content.get("purpose")) not in set(Purpose):
        yield _("“purpose” is application or report.")
    if not _is_whole(content.get("year"), 1990, 2200):
        yield _("“year” is a Gregorian year, such as 2027.")
    if not _is_text(content.get("title"), LONGEST_TITLE, is_required=True):
        yield _("“title” needs a text in fa, en or fr.")
    if not _is_text(content.get("note", {}), LONGEST_ASKS):
        yield _("“note” is a text in fa, en or fr.")
    yield from _of_rules(content)


def _of_rules(content: Mapping[str, Any]) -> Iterator[str]:
    words = content.get("words", {"rule": WORD_RULES[0]})
    if not isinstance(words, dict) or _text(words.get("rule")) not in WORD_RULES:
        yield _("“words” names a rule of counting that is not known. Known is: %(rules)s.", rules=", ".join(WORD_RULES))
    languages = content.get("languages", [])
    if not isinstance(languages, list) or not set(map(str, languages)) <= set(LOCALES):
        yield _("“languages” lists the languages that may be handed in: fa, en, fr.")
    phrase = content.get("empty_phrase")
    if phrase is not None and not (isinstance(phrase, dict) and _is_text(phrase.get("text"), 200, is_required=True)):
        yield _("“empty_phrase” needs a “text” in fa, en or fr, or is null.")
    sources = content.get("sources", {})
    if not isinstance(sources, dict) or not all(ADDRESS.match(_text(each)) for each in sources.values()):
        yield _("“sources” gives an address for each mark of a source.")


def _of_sections(sections: Any, sources: Any) -> Iterator[str]:
    if not isinstance(sections, list) or not 0 < len(sections) <= MOST_SECTIONS:
        yield _("“sections” must list the sections of the form.")
        return
    known = set(sources) if isinstance(sources, dict) else set()
    seen: set[str] = set()
    for place, section in enumerate(sections, start=1):
        if not isinstance(section, dict):
            yield _("Section %(name)s: this is not an object.", name=place)
            continue
        name = _text(section.get("id"))
        for says in _of_section(section, name, known):
            yield _("Section %(name)s: %(says)s", name=name or place, says=says)
        if name in seen:
            yield _("Section %(name)s: stands twice in the form.", name=name)
        seen.add(name)


def _of_section(section: Mapping[str, Any], name: str, sources: set[str]) -> Iterator[str]:
    if not SECTION_ID.fullmatch(name) or len(name) > LONGEST_ID:
        yield _("“id” is a number such as 9.3 or A4.")
    for member in sorted(set(section) - SECTION_MEMBERS):
        yield _("“%(name)s” is no part of a section.", name=member)
    if _text(section.get("kind")) not in set(SectionKind):
        kinds = ", ".join(SectionKind)
        yield _("“%(kind)s” is not a known kind. Known are: %(kinds)s.", kind=section.get("kind"), kinds=kinds)
    if not _is_text(section.get("title"), LONGEST_TITLE, is_required=True):
        yield _("“title” needs a text in fa, en or fr.")
    if not _is_text(section.get("asks", {}), LONGEST_ASKS):
        yield _("“asks” is a text in fa, en or fr.")
    yield from _of_limit(section.get("limit", {}))
    yield from _of_marks(section, sources)


def _of_limit(limit: Any) -> Iterator[str]:
    if not isinstance(limit, dict) or set(limit) - {"words", "items"}:
        yield _("“limit” has “words” and “items”, each a number or null.")
        return
    for name, number in sorted(limit.items()):
        if number is not None and not _is_whole(number, 1, LARGEST):
            yield _("“%(name)s” is a number from 1 on, or null while it is not known.", name=name)


def _of_marks(section: Mapping[str, Any], sources: set[str]) -> Iterator[str]:
    draft = section.get("draft")
    if draft is not None and _text(draft) not in DRAFTS and not re.fullmatch(r"report_[a-z_]+", _text(draft)):
        yield _("“%(draft)s” is no draft that can be made from facts.", draft=draft)
    if section.get("evidence", "G") not in EVIDENCE:
        yield _("“evidence” is F (found), R (recalled) or G (guessed).")
    if section.get("source", "") != "" and _text(section["source"]) not in sources:
        yield _("“%(source)s” is not among the sources.", source=section.get("source"))
    rules = section.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, str) and RULE.fullmatch(rule) for rule in rules):
        yield _("“rules” lists rules such as RULE-PART or P12.")
    yield from _of_options(section)


def _of_options(section: Mapping[str, Any]) -> Iterator[str]:
    options = section.get("options")
    if section.get("kind") == SectionKind.CHOICE and not options:
        yield _("A choice needs “options”.")
    if options is not None and not (isinstance(options, list) and set(map(str, options)) <= set(CREATIVE_FIELDS)):
        yield _("“options” lists creative fields: %(fields)s.", fields=", ".join(CREATIVE_FIELDS))


def _text(value: Any) -> str:
    """ "" for anything that is no text."""
    return value if isinstance(value, str) else ""


def _is_text(value: Any, longest: int, *, is_required: bool = False) -> bool:
    if not isinstance(value, dict) or set(value) - set(LOCALES):
        return False
    texts = list(value.values())
    if not all(isinstance(text, str) and len(text) <= longest for text in texts):
        return False
    return any(text.strip() for text in texts) or not is_required


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
