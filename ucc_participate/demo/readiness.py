"""How far the attachments of the candidacy are: letters, the council's decision, photos with their rights, days."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PIL import ExifTags, Image
from sqlalchemy.orm import Session

from ..documents.uploads import store_upload
from ..dossier import operations as dossiers
from ..dossier.models import Dossier
from ..dossier.queries import application_of, dossier_to_change
from ..kernel import files
from ..kernel.db import perform
from ..kernel.identity import Actor
from ..processes.models import Process
from ..processes.queries import process_to_change
from ..readiness import operations
from ..readiness.models import LINES, AttachmentState, Told
from ..readiness.operations import File
from ..readiness.photos import check_photo
from .city import City, text
from .documents import MOST_BYTES, paper, picture
from .people import OFFICIALS

PROCESS, FORM = "candidacy", "uccn-2021"
NATIONAL, UNESCO = 120, 155
"""Days from today."""
DAYS = ("asked_on", "received_on", "signed_on")


def attach(city: City) -> None:
    """Plan everything within the last three weeks; the application is begun first where it is not there."""
    city.days.plan(city.days.moment(-21, minutes=500), partial(_begin, city))
    for number, told in enumerate(text("readiness")["attachment"]):
        at = city.days.moment(told["day"], minutes=560 + number * 9)
        city.days.plan(at, partial(_attach, city, told))
    for step in text("readiness")["step"]:
        city.days.plan(city.days.moment(-20, minutes=540), partial(_settle, city, step))


def _begin(city: City, at: datetime) -> None:
    actor = city.official(OFFICIALS["culture"])
    day = city.days.today
    terms = dossiers.Terms("en", day + timedelta(days=NATIONAL), day + timedelta(days=UNESCO))

    def work(session: Session, process: Process, *, actor: Actor, now: datetime) -> None:
        if application_of(session, process) is None:
            dossiers.begin_dossier(session, process, FORM, terms, actor=actor, now=now)

    city.change(PROCESS, at, work, actor=actor)


def _attach(city: City, told: dict[str, Any], at: datetime) -> None:
    """``key``: by which a later sheet of rights names the photo."""
    day = city.days.today
    photo = city.inventory.get(f"photo:{told['of']}") if "of" in told else None
    days: dict[str, Any] = {name: day + timedelta(days=told[name]) for name in DAYS if name in told}
    words: dict[str, Any] = {name: told[name] for name in LINES if name in told}
    noted = Told(AttachmentState(told["state"]), photo=photo, **words, **days)
    made = _change(city, at, operations.record_attachment, told["section"], noted, _file(told))
    if "key" in told:
        city.inventory[f"photo:{told['key']}"] = made.public_id


def _settle(city: City, step: dict[str, str], at: datetime) -> None:
    _change(city, at, operations.set_deadline, step["code"], due_on=None, responsible=step["responsible"])


def _change(city: City, at: datetime, operation: Any, *facts: Any, **more: Any) -> Any:
    actor = city.official(OFFICIALS["culture"])

    def work(session: Any) -> Any:
        process = process_to_change(session, city.processes[PROCESS], actor=actor)
        found: Dossier | None = application_of(session, process)
        if found is None:
            raise LookupError("the application is begun before anything is attached")
        dossier = dossier_to_change(session, process, found.public_id, actor=actor, now=at)
        return operation(session, dossier, *facts, actor=actor, now=at, **more)

    return perform(work)


def _file(told: dict[str, Any]) -> File | None:
    if "picture" in told:
        upload, shown = check_photo(_photo(told["picture"], with_place=told.get("place", False)), name=told["name"])
        return File(store_upload(upload), shown)
    if "paper" not in told:
        return None
    data = paper(told["paper"], text("readiness")["named"], told["paragraphs"])
    upload = files.check_upload(io.BytesIO(data), name=told["name"], kinds=files.DOCUMENTS, max_bytes=MOST_BYTES)
    return File(store_upload(upload))


def _photo(colours: str, *, with_place: bool) -> bytes:
    """A JPEG, as a telephone would write it."""
    exif = Image.Exif()
    if with_place:
        exif[ExifTags.Base.Model] = "Sepidrud 1"
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (34.0, 54.0, 0.0)
    target = io.BytesIO()
    with Image.open(io.BytesIO(picture(colours))) as image:
        image.convert("RGB").save(target, "JPEG", quality=88, exif=exif)
    return target.getvalue()
