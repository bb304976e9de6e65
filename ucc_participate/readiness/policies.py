"""Who sees how ready the application is, and who notes how far its attachments are."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l

from ..dossier import policies as dossiers
from ..dossier.models import Dossier
from ..kernel.decision import ALLOWED, Decision, Denied, first_refusal
from ..kernel.errors import Conflict
from ..kernel.identity import Actor
from ..processes import policies as processes
from ..processes.models import Process
from .checklist import PHOTOS
from .models import Attachment, AttachmentState

FIXED = _l("The dossier is frozen with this attachment. Open the dossier again, with a reason, to change it.")


def can_read_readiness(actor: Actor, process: Process, *, now: datetime) -> Decision:
    """The city’s staff and evaluators."""
    return first_refusal(
        [processes.can_view(actor, process, now=now), processes.can_read_desk(actor, Process, now=now)]
    )


def can_record(actor: Actor, dossier: Dossier, *, now: datetime, section: str = "") -> Decision:
    """Note something new. Letters and the signature may come after the freezing; photos are fixed with it."""
    fixed = Denied(FIXED, Conflict) if dossier.is_frozen and section == PHOTOS else ALLOWED
    return first_refusal([dossiers.can_begin(actor, dossier.process, now=now), fixed])


def can_change(actor: Actor, attachment: Attachment, *, now: datetime) -> Decision:
    """What was signed, and every photo, is handed in as it was when the dossier was frozen; what is void stays."""
    dossier = attachment.dossier
    settled = attachment.state is AttachmentState.SIGNED or attachment.section == PHOTOS
    fixed = Denied(FIXED, Conflict) if dossier.is_frozen and settled else ALLOWED
    void = Denied(_l("This attachment is void. Note another one."), Conflict) if attachment.is_void else ALLOWED
    return first_refusal([dossiers.can_begin(actor, dossier.process, now=now), void, fixed])


def can_set_deadline(actor: Actor, dossier: Dossier, *, now: datetime) -> Decision:
    return dossiers.can_edit(actor, dossier, now=now)
