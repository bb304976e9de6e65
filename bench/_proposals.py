"""Proposals in Persian: `python -m bench._proposals FOLDER COUNT` prints the public id of their process."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from tests.processes.making import make_process
from tests.proposals.making import person, submit
from ucc_participate.app import create_app
from ucc_participate.kernel.clock import SystemClock
from ucc_participate.kernel.db import perform
from ucc_participate.processes.models import ProcessState
from ucc_participate.settings import Settings

DEEDS = ("کارگاه شبانهٔ بافندگان جوان", "بایگانی نقش‌های قالی شهر", "جشنوارهٔ سازهای دست‌ساز", "کلاس رایگان خوش‌نویسی")
PLACES = ("در بازار کهنه", "در باغ ملی", "در ایستگاه راه‌آهن", "در خانهٔ فرهنگ محله")


def fill(folder: Path, count: int) -> str:
    """A process in its phase of proposals, with so many of them."""
    app = create_app(Settings.from_environment({"UCC_INSTANCE_PATH": str(folder)}))
    now = SystemClock().now()
    with app.app_context():
        process = make_process(perform, now - timedelta(days=8), ProcessState.OPEN)
        _account, actor = person(perform, "Sara", now=now)
        for number in range(count):
            title = f"{DEEDS[number % 4]} {PLACES[number // 4 % 4]}، شمارهٔ {number + 1}"
            summary = f"{title}: سه شب در هفته، با همراهی استادان و نوآموزان، بی هیچ هزینه‌ای برای شهروندان."
            submit(perform, process, actor, now=now, title=title, summary=summary, language="fa")
    app.extensions["ucc.door"].close()
    return process.public_id


if __name__ == "__main__":
    print(fill(Path(sys.argv[1]), int(sys.argv[2])))
