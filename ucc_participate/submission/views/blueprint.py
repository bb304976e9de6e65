"""What the pages of handing in share: finding the dossier, the frame of the desk, sending files."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from ...dossier import wording
from ...dossier.models import Dossier
from ...kernel import clock
from ...kernel.db import db
from ...kernel.decision import require
from ...kernel.errors import NotFound
from ...kernel.i18n import is_locale, reader
from ...kernel.web import current_actor
from ...processes import wording as process_wording
from ...processes.frame import process_desk_menu
from ...processes.models import Process
from ...processes.queries import process_in_brief
from .. import exporting, files, policies, queries
from ..content import HandedIn

bp = Blueprint("submission", __name__)
Page = str | AnyResponse | tuple[str, int]
DESK = "/staff/processes/<process_id>/submission"
OPEN = "/p/<process_id>/application"
FETCHING = "60 per hour"


def load_process(process_id: str) -> Process:
    return process_in_brief(db.session(), process_id, actor=current_actor())


def process_at_desk(process_id: str) -> Process:
    process = load_process(process_id)
    require(policies.can_hand_in(current_actor(), process, now=clock.now()))
    return process


def dossier_of(process: Process) -> Dossier | None:
    """The one that ``?dossier=`` names, else the application; None before it is begun."""
    wanted = request.args.get("dossier")
    found = queries.find_dossier(db.session(), process, wanted)
    if found is None and wanted:
        raise NotFound()
    return found


def dossier_to_read(process_id: str) -> Dossier:
    """As everybody may read it, or a seat. Raises NotFound."""
    dossier = dossier_of(load_process(process_id))
    if dossier is None:
        raise NotFound()
    require(policies.can_read_dossier(current_actor(), dossier, now=clock.now()))
    return dossier


def chosen_language(handed_in: HandedIn) -> str:
    """``?language=``, else the reader's, else the one that is handed in."""
    for wanted in (request.args.get("language"), reader().locale):
        if is_locale(wanted) and wanted in handed_in.languages:
            return str(wanted)
    return handed_in.languages[0]


def desk_page(template: str, process: Process, *, status: int = 200, **facts: object) -> Page:
    shown = render_template(
        template,
        process=process,
        staff_navigation=process_desk_menu(process),
        wording=process_wording,
        words=wording,
        may_invite=policies.can_invite_evaluators(current_actor(), process, now=clock.now()),
        **facts,
    )
    return shown, status


def send(path: Path, dossier: Dossier, name: str, *, is_whole: bool) -> Response:
    """As a download under a name that says of which dossier it is."""
    kind = "application/zip" if name.endswith(".zip") else files.media_type(name)
    shown = f"{dossier.purpose.value}-{dossier.public_id}-{name}"
    response: Response = send_file(path, mimetype=kind, as_attachment=True, download_name=shown, max_age=0)
    if is_whole:
        response.headers["Cache-Control"] = "private, no-store"
    return response


def file_response(process_id: str, name: str, *, is_whole: bool, dossier: Dossier) -> Response:
    """One file, or the package. Loads anew what a checkpoint made stale."""
    exporting.cover(dossier)
    found = queries.find_dossier(db.session(), load_process(process_id), dossier.public_id)
    if found is None:
        raise NotFound()
    if name == "dossier.zip":
        return send(
            exporting.package_of(found, is_whole=is_whole, actor=current_actor()), found, name, is_whole=is_whole
        )
    handed_in = exporting.at_newest_checkpoint(found, is_whole=is_whole)
    return send(exporting.file_of(handed_in, name), found, name, is_whole=is_whole)
