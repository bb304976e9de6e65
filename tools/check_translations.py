"""Is every text of the product translated? Usage: check_translations.py LANGUAGE…

Collects the texts from the sources and compares them with translations/*/LC_MESSAGES/messages.po: one that is missing,
empty or fuzzy, a plural form left out, or a placeholder that the translation does not keep is printed and fails.
English may leave a text empty: the text itself is English then.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")

Key = tuple[str | None, str | tuple[str, ...]]


def texts_in_sources() -> set[Key]:
    """Every text with its context; a plural as the pair of its two forms."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found = extract_from_dir(ROOT, methods, options, keywords=KEYWORDS)
    return {(context, message) for _path, _line, message, _comments, context in found}


def identity(message: Message) -> Key:
    return message.context, tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id


def faults(language: str, catalog: Catalog, texts: set[Key]) -> Iterator[str]:
    known = {identity(message): message for message in catalog if message.id}
    for text in sorted(texts, key=str):
        message = known.get(text)
        if message is None:
            yield f"{language}: not in the catalogue (make messages): {text[1]!r}"
            continue
        if message.fuzzy:
            yield f"{language}: fuzzy: {text[1]!r}"
        yield from faults_of(language, message, catalog.num_plurals)


def faults_of(language: str, message: Message, plurals: int) -> Iterator[str]:
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    sources = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    empty = sum(not form for form in forms)
    if language == "en" and empty == len(forms):
        return
    if empty or (len(sources) > 1 and len(forms) != plurals):
        yield f"{language}: not translated: {sources[0]!r}"
    wanted = set(PLACEHOLDER.findall(sources[-1]))
    for form in forms:
        if form and set(PLACEHOLDER.findall(form)) - wanted:
            yield f"{language}: a placeholder that the text does not have: {form!r}"
        if form and len(forms) == 1 and wanted - set(PLACEHOLDER.findall(form)):
            yield f"{language}: a placeholder is lost: {form!r}"


def main(languages: list[str]) -> int:
    texts = texts_in_sources()
    problems: list[str] = []
    for language in languages:
        path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
        if not path.is_file():
            problems.append(f"{language}: {path.relative_to(ROOT)} is missing")
            continue
        with path.open("rb") as handle:
            problems.extend(faults(language, read_po(handle, locale=language), texts))
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{len(texts)} texts, {len(languages)} languages, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
