"""Letters of invitation as one PDF: `python -m bench.letters [letters]` (5,000 unless said).

A process and that many codes, in Persian, English and French in turn. The time is that of `letters()` as the page calls
it: QR codes, words, Typst in a program of its own. Size, seconds and the peak memory of that program are printed.
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from datetime import timedelta

from flask_migrate import upgrade
from pypdf import PdfReader

from tests.processes.making import make_process
from ucc_participate.app import create_app
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.codes import new_code
from ucc_participate.kernel.db import perform
from ucc_participate.outreach.letters import letters
from ucc_participate.outreach.operations import Slip
from ucc_participate.processes.models import ProcessState
from ucc_participate.settings import Settings

LETTERS = 5_000
NAMES = {
    "fa": "انجمن بافندگان و قالی‌بافان محله",
    "en": "Association of weavers of quarter",
    "fr": "Association des tisserands",
}


def main(count: int) -> None:
    now = SystemClock().now()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_environment({"UCC_INSTANCE_PATH": folder}), testing=True)
        with app.app_context():
            upgrade()
            process = make_process(perform, now, ProcessState.PUBLISHED)
            languages = list(NAMES)
            slips = [
                Slip(str(number), f"{NAMES[locale]} {number}", "Mina Rahimi", locale, new_code())
                for number, locale in ((number, languages[number % 3]) for number in range(count))
            ]
            began = time.perf_counter()
            pdf = letters(
                process,
                slips,
                city=app.extensions["ucc.settings"].city,
                address=lambda code: f"https://mosharekat.sepidrud.example/i/{code}",
                contact="",
                short_address="mosharekat.sepidrud.example/i",
                today=now.date(),
                expires_on=(now + timedelta(days=30)).date(),
            )
            seconds = time.perf_counter() - began
        app.extensions["ucc.door"].close()
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    print(f"{count:,} letters, {pages:,} pages: {seconds:.1f} s, {len(pdf) / 1e6:.1f} MB, {memory:.0f} MB of memory")
    if pages != count:
        sys.exit("a letter does not fit on its page")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS)
