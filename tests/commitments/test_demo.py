"""What the demonstration does with the promises of a frozen plan, on a timeline of its own."""

from __future__ import annotations

from typing import Any

from tests.accounts.making import make_account
from tests.commitments.making import frozen_process, own_faults, register
from ucc_participate.commitments import queries
from ucc_participate.commitments.models import CommitmentState
from ucc_participate.demo.city import City
from ucc_participate.demo.commitments import PROCESS, keep_promises
from ucc_participate.demo.people import OFFICIALS
from ucc_participate.demo.timeline import Timeline
from ucc_participate.kernel.i18n import site_day
from ucc_participate.kernel.identity import Role


def test_the_demonstration_keeps_breaks_and_corrects(app: Any, perform: Any, read: Any, clock: Any) -> None:
    process = frozen_process(perform, clock.now())
    address = OFFICIALS["crafts"]
    person = make_account(perform, address, now=clock.now(), roles=(Role.COORDINATOR,), function="Head of crafts")
    clock.advance(days=400)
    with app.app_context():
        city = City(Timeline(site_day(clock.now())))
        city.people[address], city.processes[PROCESS] = person, process.public_id
        keep_promises(city)
        city.days.play()
    found = register(read, process)
    assert [found[title].status for title in ("Buy the house", "Light the kiln")] == [
        CommitmentState.KEPT,
        CommitmentState.UNDER_WAY,
    ]
    assert found["conference 1"].status is CommitmentState.KEPT
    values = read(lambda s: [str(each.value) for each in queries.readings_of(s, process)])
    assert values == ["220.000", "200.000"]
    assert own_faults(app) == []
