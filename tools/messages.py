"""The texts of the product and their translations.

    python tools/messages.py update               collect the texts into translations/{fa,en,fr}/LC_MESSAGES/messages.po
    python tools/messages.py missing LOCALE       what is not translated, as JSON
    python tools/messages.py fill LOCALE FILE     write {"text": "translation" | ["one", "many"]} into the catalogue;
                                                  a text with a context is named "context|text"
    python tools/messages.py check                fail when a translation is missing or wrong
    python tools/messages.py compile              write the .mo files

``update`` never loses a translation: what no source uses any more stays in the catalogue as obsolete, and comes back
with its text. English is filled from the texts themselves.
"""

from __future__ import annotations

import argparse
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.extract import check_and_call_extract_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from ucc_participate.kernel.i18n import LOCALES, compile_catalogue  # noqa: E402  # run as a script

KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES = ("ucc_participate", "templates")
# As CLDR has them; Babel knows only one form for Persian. 0 and 1 share a form in Persian and in French.
PLURAL_FORMS = {
    "fa": "nplurals=2; plural=(n > 1);",
    "en": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
}
PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)[a-z]|\{(\w*)\}")
TAG = re.compile(r"</?([a-z][a-z0-9]*)")
# Digits may stay Latin in what is not Persian text: placeholders, markup, addresses, names such as SHA-256 or RFC 3161.
FOREIGN = re.compile(r"%\(\w+\)[a-z]|\{\w*\}|<[^>]*>|&\w+;|https?://\S+|`[^`]*`|[A-Za-z][\w./:+-]*(?: \d[\w.:-]*)?")
LATIN_DIGIT = re.compile(r"[0-9]")
ARABIC_LETTER = re.compile("[يكى٠-٩]")

Key = tuple[str | None, str, str | None]  # context, singular, plural
Texts = dict[Key, list[str]]  # where each text stands


def texts_in_sources() -> tuple[Texts, list[str]]:
    """Every text with the files it stands in, and the complaints about files that could not be read."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    texts: Texts = {}
    broken: list[str] = []
    for path in _source_files():
        try:
            found = list(check_and_call_extract_file(path, methods, options, None, KEYWORDS, (), False, ROOT))
        except Exception as fault:  # a half-edited file must not stop the others
            broken.append(f"{path.relative_to(ROOT)}: cannot be read for texts: {fault}")
            continue
        for filename, _line, message, _comments, context in found:
            places = texts.setdefault(_key(message, context), [])
            if filename not in places:
                places.append(filename)
    return _joined(texts), broken


def update() -> list[str]:
    """Bring the catalogues to the present texts; returns complaints about unreadable sources."""
    texts, broken = texts_in_sources()
    for locale in LOCALES:
        with _locked(locale) as path:
            known = _translations(_read(path, locale))
            _write(path, _catalogue(locale, texts, known))
    return broken


def missing(locale: str) -> list[dict[str, Any]]:
    """The texts without a whole translation, with their plural and the files they stand in."""
    texts, _broken = texts_in_sources()
    known = _translations(_read(_path(locale), locale))
    return [_described(key, texts[key]) for key in sorted(texts, key=_order) if not _is_whole(key, known.get(key))]


def fill(locale: str, translations: Mapping[str, str | list[str]]) -> list[str]:
    """Write translations into the catalogue; returns the texts that the product does not have.

    Raises ValueError for one text where the product has a plural: its letters would be taken for the forms.
    """
    update()
    with _locked(locale) as path:
        catalogue = _read(path, locale)
        by_text = {_source_key(message): message for message in catalogue if message.id}
        for text, translation in translations.items():
            if text in by_text:
                by_text[text].string = _forms(by_text[text], translation)
                by_text[text].flags.discard("fuzzy")
        _write(path, catalogue)
    return [text for text in translations if text not in by_text]


def _forms(message: Message, translation: str | list[str]) -> str | tuple[str, ...]:
    """One text for a text with a plural serves both forms; Babel would take its letters for them."""
    if isinstance(translation, str):
        return (translation, translation) if message.pluralizable else translation
    return tuple(translation)


def check() -> list[str]:
    """Everything that is wrong with the catalogues, one line each."""
    texts, problems = texts_in_sources()
    for locale in LOCALES:
        path = _path(locale)
        if not path.exists():
            problems.append(f"{locale}: there is no catalogue; run update")
            continue
        catalogue = _read(path, locale)
        problems += [f"{locale}: fuzzy: {message.id!r}" for message in catalogue if message.id and message.fuzzy]
        known = _translations(catalogue)
        for key in sorted(texts, key=_order):
            problems += [f"{locale}: {fault}: {key[1]!r}" for fault in faults(key, known.get(key), locale)]
    return problems


def compile_all() -> None:
    for locale in LOCALES:
        compile_catalogue(_path(locale))


def faults(key: Key, forms: tuple[str, ...] | None, locale: str) -> Iterator[str]:
    """What is wrong with one translation."""
    if not _is_whole(key, forms) or forms is None:
        yield "plural form missing" if key[2] is not None and any(forms or ()) else "not translated"
        return
    _context, singular, plural = key
    wanted = _marks(plural or singular)
    for place, form in enumerate(forms):
        may_omit = locale == "en" and plural is not None and place == 0
        if not (_marks(form) <= wanted if may_omit else _marks(form) == wanted):
            yield f"placeholders differ in {form!r}"
        if TAG.findall(form) != TAG.findall(singular if plural is None else plural) and not may_omit:
            yield f"markup differs in {form!r}"
        if locale == "fa":
            yield from _persian_faults(form)


def _persian_faults(form: str) -> Iterator[str]:
    if ARABIC_LETTER.search(form):
        yield f"Arabic letter or digit in {form!r}"
    if LATIN_DIGIT.search(FOREIGN.sub("", form)):
        yield f"Latin digit in {form!r}"


def _marks(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def _is_whole(key: Key, forms: tuple[str, ...] | None) -> bool:
    return forms is not None and len(forms) == (1 if key[2] is None else 2) and all(form.strip() for form in forms)


def _catalogue(locale: str, texts: Texts, known: Mapping[Key, tuple[str, ...]]) -> Catalog:
    """The texts with their translations, and after them as obsolete what only the old catalogue has."""
    catalogue = _empty(locale)
    for key in sorted(texts, key=_order):
        forms = known.get(key) or _own_words(key, locale)
        places = [(place, 1) for place in sorted(texts[key])]
        catalogue.add(_id(key), _string(key, forms), locations=places, context=key[0])
    for key in sorted(known.keys() - texts.keys(), key=_order):
        if any(known[key]):
            message = Message(_id(key), _string(key, known[key]), context=key[0])
            catalogue.obsolete[key[1] if key[0] is None else (key[1], key[0])] = message
    return catalogue


def _own_words(key: Key, locale: str) -> tuple[str, ...]:
    if locale != "en":
        return ()
    return (key[1],) if key[2] is None else (key[1], key[2])


def _translations(catalogue: Catalog) -> dict[Key, tuple[str, ...]]:
    """What is translated, obsolete texts included; present ones win."""
    found: dict[Key, tuple[str, ...]] = {}
    for message in [*catalogue.obsolete.values(), *catalogue]:
        if message.id and not message.fuzzy:
            forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
            found[_key(message.id, message.context)] = tuple(form or "" for form in forms)
    return found


def _joined(texts: Texts) -> Texts:
    """A text that stands alone somewhere and with a plural elsewhere is one entry in a catalogue: the plural one."""
    with_plural = {(context, singular) for context, singular, plural in texts if plural is not None}
    return {key: places for key, places in texts.items() if key[2] is not None or key[:2] not in with_plural}


def _key(message: Any, context: str | None) -> Key:
    if isinstance(message, (list, tuple)):
        return context, message[0], message[1] if len(message) > 1 else None
    return context, message, None


def _source_key(message: Message) -> str:
    """How ``fill`` names a text: itself, or ``context|text``."""
    text = str(message.id[0] if isinstance(message.id, (list, tuple)) else message.id)
    return f"{message.context}|{text}" if message.context else text


def _id(key: Key) -> Any:
    return key[1] if key[2] is None else (key[1], key[2])


def _string(key: Key, forms: tuple[str, ...]) -> Any:
    if key[2] is None:
        return forms[0] if forms else ""
    return tuple(forms) if forms else ("", "")


def _order(key: Key) -> tuple[str, str, str]:
    return key[1], key[2] or "", key[0] or ""


def _described(key: Key, places: list[str]) -> dict[str, Any]:
    context, singular, plural = key
    entry: dict[str, Any] = {"text": singular, "where": sorted(places)}
    return {**entry, **({"plural": plural} if plural else {}), **({"context": context} if context else {})}


def _source_files() -> Iterable[Path]:
    for folder in SOURCES:
        yield from (path for path in sorted((ROOT / folder).rglob("*")) if path.suffix in (".py", ".html", ".txt"))


def _path(locale: str) -> Path:
    return ROOT / "translations" / locale / "LC_MESSAGES" / "messages.po"


def _read(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return _empty(locale)
    with path.open("rb") as source:
        return read_po(source, locale=locale)


def _empty(locale: str) -> Catalog:
    catalogue = Catalog(locale=locale, fuzzy=False)
    catalogue.mime_headers = [("Plural-Forms", PLURAL_FORMS[locale])]
    return catalogue


def _write(path: Path, catalogue: Catalog) -> None:
    """The same texts give the same bytes: no dates, no line numbers."""
    target = io.BytesIO()
    write_po(target, catalogue, width=120, include_lineno=False, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Language: {path.parent.parent.name}\\n"\n"Plural-Forms: {PLURAL_FORMS[path.parent.parent.name]}\\n"\n\n'
    )
    content = header.encode() + target.getvalue()
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


@contextmanager
def _locked(locale: str) -> Iterator[Path]:
    """One writer of a catalogue at a time."""
    path = _path(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(folder)


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "missing":
        print(json.dumps(missing(options.locale), ensure_ascii=False, indent=1))
        return 0
    if options.command == "compile":
        compile_all()
        return 0
    problems = _run(options)
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{options.command}: {len(problems)} problems")
    return 1 if problems else 0


def _run(options: argparse.Namespace) -> list[str]:
    if options.command == "fill":
        strange = fill(options.locale, json.loads(options.file.read_text(encoding="utf-8")))
        return [f"not a text of the product: {text!r}" for text in strange]
    return update() if options.command == "update" else check()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("update", "check", "compile"):
        commands.add_parser(name)
    commands.add_parser("missing").add_argument("locale", choices=LOCALES)
    filling = commands.add_parser("fill")
    filling.add_argument("locale", choices=LOCALES)
    filling.add_argument("file", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
