"""What coordinators type about promises, readings and conferences."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.files import DOCUMENTS, IMAGES
from ..kernel.forms import (
    DayField,
    DecimalField,
    Idempotent,
    LocalizedTextField,
    RadioField,
    Required,
    Stamped,
    StringField,
    TextAreaField,
    UploadField,
)
from .entries import Moved, Read, Told
from .models import LINE_LENGTH, NOTE_LENGTH, Attendance, CommitmentState
from .wording import ATTENDANCE, HINTS, MOVES

MOST_BYTES = 10_000_000
KINDS = (*IMAGES, *DOCUMENTS)
FILE_HINT = _l("PDF or picture, up to 10 MB. It is public; its fingerprint stands in the log.")


class DesignationForm(Idempotent):
    """That the city is a member of the Network."""

    designated_on = DayField(_l("Day of the designation"), [Required()])
    decision = StringField(
        _l("Which decision says so?"),
        [Required()],
        max_length=LINE_LENGTH,
        description=_l("The letter with its number and day, or the address of the announcement."),
    )
    document = UploadField(_l("The decision as a file"), kinds=KINDS, max_bytes=MOST_BYTES, description=FILE_HINT)


class MoveForm(Stamped):
    """What became of a promise."""

    state = RadioField(
        _l("Where does it stand?"),
        [Required()],
        choices=[(state.value, label, HINTS[state]) for state, label in MOVES.items()],
        coerce=CommitmentState,
    )
    settled_on = DayField(_l("Since which day?"), description=_l("When it was kept or could not be kept any more."))
    note = TextAreaField(_l("What happened?"), max_length=NOTE_LENGTH[1])
    evidence = StringField(
        _l("How can anybody check it?"),
        max_length=LINE_LENGTH,
        description=_l("An address, a register, a report with its page."),
    )
    document = UploadField(_l("Evidence as a file"), kinds=KINDS, max_bytes=MOST_BYTES, description=FILE_HINT)

    def told(self) -> Moved:
        return Moved(self.state.data, self.note.data or "", self.evidence.data or "", self.settled_on.data)


class ReadingForm(Idempotent):
    """What an indicator shows. It is signed with the name and function of whoever enters it."""

    value = DecimalField(_l("What does it show?"), [Required()])
    measured_on = DayField(_l("Measured on"), [Required()])
    evidence = StringField(
        _l("Where does the number come from?"),
        [Required()],
        max_length=LINE_LENGTH,
        description=_l("A register, a count, a survey, with its day."),
    )
    note = TextAreaField(_l("What should readers know?"), max_length=NOTE_LENGTH[1])
    document = UploadField(_l("Evidence as a file"), kinds=KINDS, max_bytes=MOST_BYTES, description=FILE_HINT)

    def read(self) -> Read:
        """After validation."""
        value: Any = self.value.data
        return Read(value, self.measured_on.data, self.evidence.data or "", self.note.data or "")


class CorrectionForm(ReadingForm):
    """A reading in the place of one that is wrong."""

    because = TextAreaField(
        _l("Why was the first number wrong?"),
        [Required()],
        max_length=NOTE_LENGTH[1],
        description=_l("Both numbers stay, with this reason. Everybody can read it."),
    )


class ConferenceForm(Stamped):
    """What the city told the Network in one year."""

    held_on = DayField(_l("First day of the conference"), [Required()])
    place = StringField(_l("In which city?"), [Required()], max_length=160)
    attendance = RadioField(_l("Was the city there?"), [Required()], choices=ATTENDANCE, coerce=Attendance)
    sent = StringField(
        _l("Whom did the city send?"), max_length=LINE_LENGTH, description=_l("Offices and functions, no names.")
    )
    achievements: Any = LocalizedTextField(
        _l("What did the city tell there?"), multiline=True, max_length=NOTE_LENGTH[1]
    )
    document = UploadField(_l("Slides or report"), kinds=KINDS, max_bytes=MOST_BYTES, description=FILE_HINT)

    def told(self) -> Told:
        return Told(
            self.held_on.data,
            self.place.data or "",
            self.attendance.data,
            self.sent.data or "",
            self.achievements.data or {},
        )
