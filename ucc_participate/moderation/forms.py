"""What is typed in moderation."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.errors import Invalid
from ..kernel.forms import (
    Form,
    HumanCheck,
    IntegerField,
    LocalizedTextField,
    NumberRange,
    RadioField,
    Required,
    TextAreaField,
    ValidationError,
)
from .models import LONGEST_DAYS, POLICY_LENGTH, WORDS_LENGTH, Act, AppealOutcome, Mode, Reason, Rules
from .screening import Blocked, TooMany
from .wording import DEEDS, MODES, OUTCOMES, REASON_HINTS, REASONS

REASON_CHOICES = [(reason.value, REASONS[reason], REASON_HINTS[reason]) for reason in Reason]


class FlagForm(HumanCheck):
    reason = RadioField(_l("What is wrong with it?"), [Required()], choices=REASON_CHOICES)
    words = TextAreaField(
        _l("In your own words"),
        max_length=600,
        description=_l("Only moderators read this. Needed when you choose another reason."),
    )


class ScreenedForm(HumanCheck):
    """Base of every form with which people contribute: trap, shortest time, and refusals in plain words.

    A view calls ``form.refuse_screening(refusal)`` for what screening raises, and shows the form again with what was
    typed: nothing that somebody has written is lost to a limit. ``is_screened``: False where a form only keeps a draft.
    """

    @property
    def is_screened(self) -> bool:
        return True

    @property
    def _is_on(self) -> bool:
        return self.is_screened and super()._is_on

    def refuse_screening(self, refusal: Blocked | TooMany) -> None:
        self.refuse(Invalid(refusal.reason))


class AppealForm(Form):
    words = TextAreaField(
        _l("Why the decision is wrong"),
        [Required()],
        max_length=WORDS_LENGTH[1],
        description=_l("Another moderator reads this, your text and the reason, and decides. You can appeal once."),
    )


class JudgeForm(Form):
    reason = RadioField(_l("Reason"), [Required()], choices=REASON_CHOICES)
    words = TextAreaField(
        _l("What the author reads"),
        [Required()],
        max_length=WORDS_LENGTH[1],
        description=_l(
            "Everybody reads this in place of the text, and it stays in the log: name nobody, quote nothing."
        ),
    )


class RestoreForm(Form):
    words = TextAreaField(_l("A word to the author"), max_length=WORDS_LENGTH[1])


class AnswerAppealForm(Form):
    outcome = RadioField(
        _l("What becomes of it"), [Required()], choices=[(each.value, OUTCOMES[each]) for each in AppealOutcome]
    )
    words = TextAreaField(
        _l("What the author reads"),
        [Required()],
        max_length=WORDS_LENGTH[1],
        description=_l("Answer what the author says. Name nobody: it stays in the log."),
    )


class ManyForm(Form):
    act = RadioField(
        _l("What is done with all of them"),
        [Required()],
        choices=[(act.value, DEEDS[act]) for act in (Act.KEPT, Act.PUBLISHED, Act.REFUSED, Act.HIDDEN)],
    )
    reason = RadioField(_l("Reason, when they are hidden or not published"), choices=REASON_CHOICES)
    words = TextAreaField(_l("What each author reads then"), max_length=WORDS_LENGTH[1])

    def validate_reason(self, field: Any) -> None:
        if self.act.data in (Act.HIDDEN.value, Act.REFUSED.value) and not field.data:
            raise ValidationError(_("Choose one."))


class BlockForm(Form):
    days = IntegerField(
        _l("For how many days"),
        [Required(), NumberRange(min=1, max=LONGEST_DAYS)],
        default=7,
        description=_l("It ends by itself. The person can still read, vote and appeal."),
    )
    reason = RadioField(_l("Reason"), [Required()], choices=REASON_CHOICES)
    words = TextAreaField(_l("What the person reads"), [Required()], max_length=WORDS_LENGTH[1])


class EndBlockForm(Form):
    words = TextAreaField(_l("Why it ends now"), [Required()], max_length=WORDS_LENGTH[1])


class RulesForm(Form):
    mode = RadioField(
        _l("When contributions appear"), [Required()], choices=[(mode.value, MODES[mode]) for mode in Mode], coerce=Mode
    )
    first_posts = IntegerField(
        _l("First contributions of a person that are read before they appear"),
        [Required(), NumberRange(min=0, max=10)],
        description=_l("0: none. 1 is enough to stop machines and outbursts."),
    )
    per_place = IntegerField(
        _l("Most contributions of one person in one place and hour"), [Required(), NumberRange(min=1, max=200)]
    )
    per_hour = IntegerField(_l("Most in an hour"), [Required(), NumberRange(min=1, max=500)])
    per_day = IntegerField(_l("Most in a day"), [Required(), NumberRange(min=1, max=2000)])
    most_links = IntegerField(
        _l("Links that a text may have"),
        [Required(), NumberRange(min=0, max=50)],
        description=_l("With more, a moderator reads it first. Nothing is dropped."),
    )
    notice_hours = IntegerField(
        _l("Write to the moderators when something has waited for hours"), [Required(), NumberRange(min=1, max=336)]
    )
    policy = LocalizedTextField(
        _l("What you say about it"),
        multiline=True,
        max_length=POLICY_LENGTH,
        description=_l(
            "Everybody reads it on the page of the rules. Left empty, a text that we have written stands there."
        ),
    )

    @classmethod
    def of(cls, rules: Rules) -> RulesForm:
        return cls(data=asdict(rules))

    @property
    def rules(self) -> Rules:
        return Rules(**{field.name: self[field.name].data for field in fields(Rules)})
