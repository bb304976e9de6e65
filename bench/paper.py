"""Dossier and plan as PDF: `python -m bench.paper [pages …]`, of about 1, 10 and 100 pages unless told.

The papers' own data, with sections and initiatives until it has so many pages, typeset by the program that the server
starts (submission/typesetting.py), in Persian and English. Beside them an empty paper: what starting costs. Printed:
pages, medians of CPU seconds, pages a second beyond the empty paper, and the peak memory of the program.
"""

from __future__ import annotations

import io
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from bench._measuring import Spent, in_turns, run

SIZES = (1, 10, 100)
TEXTS = {
    "fa": "در این شهر بافندگان، سفالگران و هنرستان‌ها با هم نشستند و گفتند چه می‌خواهند و چه می‌توانند UCCN 2027",
    "en": "In this city weavers, potters and art schools sat down and said what they want and what they can do",
}
WHO = {
    "fa": "چه کسانی این را ساختند: پیشنهاد «کارگاه شبانهٔ بافندگان جوان» (یک شهروند)",
    "en": "Who shaped this: Proposal “Evening workshops for young weavers” (a resident)",
}
SECTIONS_A_PAGE, INITIATIVES_A_PAGE = 2, 2
SETTER = """
import sys
from ucc_participate.submission import typesetting
sys.stdin, sys.stdout = open(sys.argv[1]), open(sys.argv[2], "w")
typesetting.main()
"""


def block(kind: str, language: str, text: str = "", level: int = 0, rows: Any = (), wide: Any = (1,)) -> dict[str, Any]:
    direction = "rtl" if language == "fa" else "ltr"
    told = {"kind": kind, "text": text, "language": language, "direction": direction, "level": level}
    return told | {"rows": rows, "wide": wide}


def dossier(language: str, pages: int) -> Iterator[dict[str, Any]]:
    for number in range(1, pages * SECTIONS_A_PAGE + 1):
        yield block("heading", language, f"{number}. {TEXTS[language][:40]}", 1)
        for _part in range(3):
            yield block("text", language, " ".join([TEXTS[language]] * 4))
            yield block("note", language, WHO[language])


def plan(language: str, pages: int) -> Iterator[dict[str, Any]]:
    words = TEXTS[language].split()
    for number in range(1, pages * INITIATIVES_A_PAGE + 1):
        yield block("heading", language, f"{number}. {TEXTS[language][:40]}", 2)
        yield block("text", language, TEXTS[language])
        yield block("facts", language, rows=[[words[at], " ".join(words[at : at + 6])] for at in range(5)])
        yield block("table", language, rows=[["1406", "1,500,000,000"]] * 3)
        yield block("table", language, rows=[words[:5]] * 3, wide=(1, 2, 3, 4))


def data(language: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """As ``paper.data`` makes it."""
    now, direction = datetime.now(UTC), "rtl" if language == "fa" else "ltr"
    head = {"locale": language, "direction": direction, "numbering": "۱" if language == "fa" else "1"}
    head |= {"moment": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "title": "Application form", "subtitle": "Application"}
    words = {"record": "Participation record", "record_words": "lies here", "contents": "Contents"}
    seal = {"url": "https://city.example/record/1", "citation": "city.example/log · 2000000"}
    drawn = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    more = {"day": [now.year, now.month, now.day], "city": "Sepidrud", "facts": [], "words": words, "qr": drawn}
    return head | seal | more | {"blocks": blocks}


def main(sizes: list[int]) -> None:
    with tempfile.TemporaryDirectory() as root:
        works = {}
        papers = {"empty": data("en", [block("heading", "en", "1. Name", 1)])}
        for kind, make in (("dossier", dossier), ("plan", plan)):
            for language in TEXTS:
                for size in sizes:
                    papers[f"{kind}, {language}, {size}"] = data(language, list(make(language, size)))
        for name, paper in papers.items():
            source, target = Path(root, f"{name}.json"), Path(root, f"{name}.pdf")
            source.write_text(json.dumps(paper, ensure_ascii=False), encoding="utf-8")

            def work(source: Path = source, target: Path = target) -> Spent:
                return run([sys.executable, "-c", SETTER, source, target])

            works[name] = work
        spent = in_turns(works)
        base = statistics.median(turn.cpu for turn in spent["empty"])
        print(f"  {'':<22} {'pages':>6} {'CPU s':>8} {'pages/s':>8} {'peak MB':>8}")
        for name, turns in spent.items():
            pages = len(PdfReader(io.BytesIO(Path(root, f"{name}.pdf").read_bytes())).pages)
            cpu, peak = statistics.median(turn.cpu for turn in turns), max(turn.peak_mb for turn in turns)
            rate = f"{(pages - 2) / (cpu - base):.0f}" if cpu > base and pages > 2 else ""
            print(f"  {name:<22} {pages:>6} {cpu:>8.2f} {rate:>8} {peak:>8.0f}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or list(SIZES))
