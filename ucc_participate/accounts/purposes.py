"""Every kind of personal data: what it is for, by what right it is kept, how long, and who sees it.

The one place for this wording: the questions about a person, the privacy page and docs/privacy.md say what stands here.
A higher domain with tables of its own adds its kinds to ``app.extensions["ucc.personal_data_kinds"]``;
tests/accounts/test_purposes.py fails while a column that leads to a person stands nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from ..kernel.i18n import lazy_number
from ..settings import Settings


@dataclass(frozen=True, slots=True)
class DataKind:
    """``columns``: where it lies, as ``table.column``. All texts are lazy."""

    key: str
    name: Any
    purpose: Any
    ground: Any
    kept: Any
    seen_by: Any
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What stands beside a question that nobody has to answer."""

    purpose: Any
    seen_by: Any
    kept: Any


_CONSENT = _l("Your consent, which you can take back at any time.")
_TASK = _l("The city’s public task of consulting its people.")
_PROOF = _l("The city’s duty to show that the process was honest.")
_SECURITY = _l("Keeping accounts safe from strangers.")
_WITH_ACCOUNT = _l("Until you erase your account, or it is erased because nobody uses it.")
_ONLY_YOU = _l("Only you.")
_COUNTS_ONLY = _l("Nobody. Counts of at least five people are published.")


def profile_kept(settings: Settings) -> Any:
    return _l(
        "Until %(months)s months after the last process in which you took part is closed.",
        months=lazy_number(settings.profile_months),
    )


def questions(settings: Settings) -> dict[str, Question]:
    """What stands beside the questions about a person, by the name of the form's field."""
    purposes = {
        "sex": _l("So that the city can see, and show, whether women and men take part alike."),
        "birth_band": _l("So that it can be seen whether young people are heard. Only the five years are stored."),
        "district": _l("So that no part of the city is left out."),
        "sector": _l("So that public offices, businesses and civil society all have their share."),
    }
    return {name: Question(why, _COUNTS_ONLY, profile_kept(settings)) for name, why in purposes.items()}


def _kind(key: str, name: Any, purpose: Any, ground: Any, kept: Any, seen_by: Any, columns: str) -> DataKind:
    return DataKind(key, name, purpose, ground, kept, seen_by, frozenset(columns.split()))


def kinds(settings: Settings) -> list[DataKind]:
    """Every kind that the product itself keeps, in the order of the privacy page."""
    ask, erase = lazy_number(settings.unused_ask_months), lazy_number(settings.unused_erase_months)
    return [
        _kind(
            "account",
            _l("E-mail address, name, password"),
            _l("To sign you in, to write to you, and to put your name to your proposals if you want that."),
            _CONSENT,
            _l("Until you erase your account. If nobody uses it for %(ask)s months we ask; after %(erase)s it is"
               " erased.",
               ask=ask, erase=erase),
            _l("You, and staff who look after accounts; each look is noted. The password is never readable."),
            "account.email account.display_name account.function account.public_id account.password_hash"
            " account.created_at account_use.account_id account_use.last_used_on account_use.asked_at",
        ),
        _kind(
            "profile",
            _l("Sex, years of birth, district, sector"),
            _l("To see and show whether all parts of the city are heard."),
            _CONSENT,
            profile_kept(settings),
            _COUNTS_ONLY,
            "profile.account_id profile.sex profile.birth_band profile.district profile.sector",
        ),
        _kind(
            "consent",
            _l("To which terms you agreed, and when"),
            _l("To be able to show it."),
            _PROOF,
            _WITH_ACCOUNT,
            _ONLY_YOU,
            "consent.account_id consent.terms_version consent.given_at",
        ),
        _kind(
            "signing_in",
            _l("Links by e-mail, and wrong passwords"),
            _l("To let you in and nobody else."),
            _SECURITY,
            _l("One day after they are of no more use. Of addresses in the network only a digest is kept."),
            _l("Nobody."),
            "sign_in_link.email sign_in_link.account_id sign_in_attempt.key",
        ),
        _kind(
            "messages",
            _l("Mails and text messages to you"),
            _l("To tell you what you asked for or what concerns you."),
            _TASK,
            _l("The text until it is sent, that it was sent for thirty days."),
            _l("Nobody. Your telephone number is forgotten when the message is sent."),
            "outbox_message.to outbox_message.data outbox_message.owner",
        ),
        _kind(
            "reminders",
            _l("What you follow, and of what you are told"),
            _l("To tell you what you asked for, once, and not at night."),
            _CONSENT,
            _l("Until you stop it or erase your account. Of what you were told, thirty days."),
            _ONLY_YOU,
            "following.account_id following.subject following.process_id following.since"
            " reminder_wish.account_id reminder_wish.kinds reminder_wish.at_once"
            " reminder_wish.quiet_from reminder_wish.quiet_until told.account_id told.key told.is_digest",
        ),
        _kind(
            "newsletters",
            _l("That a newsletter goes to you"),
            _l("To send you what you follow or asked for, once, and to nobody who does not want it."),
            _CONSENT,
            _l("Thirty days after it has gone out to all, or until you erase your account."),
            _l("Nobody. Counts of at least five people are published."),
            "newsletter_recipient.account_id newsletter_recipient.address",
        ),
        _kind(
            "proposals",
            _l("Your proposals and drafts"),
            _l("To bring them before the city and to answer them."),
            _TASK,
            _l("Proposals for good. Drafts, and your name on proposals, until you erase your account."),
            _l("Drafts: only you. Proposals: everybody, with your name if you chose so."),
            "proposal.author_id proposal.author_name",
        ),
        _kind(
            "comments",
            _l("What you say in discussions, translate, and find helpful"),
            _l("So that people can weigh reasons before the city decides."),
            _TASK,
            _l("Comments for good, or until you erase their words. Your name on them, drafts and marks of helpfulness,"
               " until you erase your account."),
            _l("Comments: everybody, with your name if you chose so. Drafts: only you. What you marked: nobody."),
            "comment.author_id comment.author_name comment_draft.account_id comment_draft.text helpful_mark.account_id"
            " comment_translation.translator_id comment_translation.translator_name",
        ),
        _kind(
            "guests",
            _l("That you are a guest from another city"),
            _l("So that guests can comment, and are counted nowhere among the people of the city."),
            _CONSENT,
            _l("Your mail address until you have come or the invitation is ended; your name until you erase your"
               " account."),
            _l("Everybody: name and city beside what you say. The log keeps the city, not the name."),
            "guest.account_id guest.name guest.email account.guest_of",
        ),
        _kind(
            "company",
            _l("What you write along, endorse and propose to change"),
            _l("To bring what several people want before the city under all their names."),
            _TASK,
            _l("Until you take it back. What was sent stays, without your name once you erase your account."),
            _l("Everybody: your name if you chose so. What you endorse for yourself: nobody, it is only counted."),
            "proposal.co_authors co_author.account_id co_author.email co_author.name endorsement.account_id"
            " endorsement.given_at amendment.author_id amendment.author_name proposal_version.credit"
            " proposal_version.credit_id",
        ),
        _kind(
            "inventory",
            _l("Needs and assets that you suggested"),
            _l("To collect what the city lacks and what it can build on."),
            _TASK,
            _l("What is on the list for good, without your name once you erase your account; what waits until then."),
            _l("Once it is on the list: everybody, with your name if you chose so. Before: you and coordinators."),
            "inventory_item.author_id inventory_item.author_name",
        ),
        _kind(
            "need_choices",
            _l("Which needs matter most to you"),
            _l("So that the plan answers what people need first."),
            _TASK,
            _l("What you chose stays counted; that it was you, until you erase your account."),
            _COUNTS_ONLY,
            "need_choice.account_id",
        ),
        _kind(
            "regroupings",
            _l("Whether you agreed to merging or splitting your proposal"),
            _l("So that nobody’s idea is changed without being asked."),
            _PROOF,
            _l("As long as the record of the process; without your name once you erase your account."),
            _l("You and the city’s staff; others only see how many agreed."),
            "regrouping_consent.account_id regrouping_consent.is_given regrouping_consent.decided_at",
        ),
        _kind(
            "dissents",
            _l("Your minority statements"),
            _l("So that disagreement is kept in the record, unchanged."),
            _TASK,
            _l("For good. Your name on them, until you erase your account."),
            _l("Everybody, with your name if you chose so."),
            "dissent.author_id dissent.author_name dissent.text",
        ),
        _kind(
            "meetings",
            _l("Meetings to which you come"),
            _l("To keep you a place and what you need, to count who was there, and to hear whether minutes are"
               " right."),
            _TASK,
            _l("What you need, and a name that you gave without an account, until %(months)s months after the meeting."
               " That you were there for good, without your name once you erase your account. What you said of minutes"
               " for good; your name beside it until then.", months=lazy_number(settings.profile_months)),
            _l("The city’s staff who run meetings; each look is noted. What you say of minutes: everybody."),
            "meeting_registration.account_id meeting_registration.needs meeting_told.account_id attendance.account_id"
            " attendance.name attendance.has_account minutes_voice.account_id minutes_voice.author meeting.agenda",
        ),
        _kind(
            "participation",
            _l("In which processes you took part"),
            _l("To count who was heard."),
            _PROOF,
            _l("As long as the record of the process; without your name once you erase your account."),
            _l("You. The public log calls you by a random name, another one in each process."),
            "participation.account_id participation.joined_at log_pseudonym.person",
        ),
        _kind(
            "paper",
            _l("What a clerk wrote down for you"),
            _l("So that paper and telephone count like the internet."),
            _TASK,
            _l("As long as the record of the process; without your name once you erase your account."),
            _l("You with your slip, and the clerks of the process."),
            "assisted_item.account_id assisted_item.last_reason",
        ),
        _kind(
            "proofs",
            _l("That you may vote"),
            _l("So that each person votes once, and only who may."),
            _PROOF,
            _l("Numbers, codes and telephones only as digests, so that nobody proves it twice. The year of birth and a"
               " guardian’s consent until you erase your account."),
            _l("You, and the clerks at the counter; each look is noted."),
            "verification.account_id verification.birth_year verification.used phone_challenge.account_id"
            " phone_challenge.phone proof_attempt.key guardian_consent.account_id guardian_consent.guardian",
        ),
        _kind(
            "votes",
            _l("That you voted"),
            _l("So that each person’s last ballot counts, once."),
            _PROOF,
            _l("What joins you to your ballot until the vote is closed; then it is destroyed."),
            _l("How you voted: nobody."),
            "roll_entry.account_id roll_entry.line ballot_link.roll_entry_id open_ballot.delegate_account_id"
            " voting_code.roll_entry_id kiosk_turn.roll_entry_id paper_mishap.roll_entry_id",
        ),
        _kind(
            "ballot_drafts",
            _l("What you ticked on a ballot and did not cast"),
            _l("So that you find it again on every device."),
            _CONSENT,
            _l("Until you cast the ballot or throw the draft away, at the latest until the vote is closed."),
            _ONLY_YOU,
            "ballot_draft.account_id ballot_draft.typed ballot_draft.saved_at",
        ),
        _kind(
            "mandates",
            _l("For which organisation you speak"),
            _l("So that nobody speaks for an organisation without being asked to."),
            _PROOF,
            _l("The mandate’s days for good; its words and your name until you erase your account."),
            _l("You and the city’s staff; each look is noted."),
            "delegate.account_id delegate.mandate",
        ),
        _kind(
            "agreements",
            _l("That you agreed with a ballot of your organisation"),
            _l("So that as many delegates agree as the organisation wants."),
            _PROOF,
            _l("Until the ballot counts, you take it back, or the vote is closed."),
            _l("You and the other delegates of the organisation."),
            "ballot_confirmation.account_id ballot_confirmation.confirmed_at",
        ),
        _kind(
            "contacts",
            _l("Whom to talk to in organisations"),
            _l("To invite them."),
            _TASK,
            _l("Until the organisation is gone or asks for removal. After %(months)s months without a process the staff"
               " is told to ask.", months=lazy_number(settings.contact_months)),
            _l("The city’s staff; each look is noted."),
            "organisation.contact_name organisation.contact_email organisation.contact_phone organisation.note"
            " register_import_row.given contact_stop.address",
        ),
        _kind(
            "invitation_notes",
            _l("What organisations said about an invitation"),
            _l("To do better next time."),
            _TASK,
            _l("Until %(months)s months after the process is closed.", months=lazy_number(settings.profile_months)),
            _l("The city’s staff and evaluators."),
            "invitation_note.text invitation_note.written_by",
        ),
        _kind(
            "nominations",
            _l("How to reach an organisation that people named"),
            _l("To invite them."),
            _TASK,
            _l("Until the city has answered."),
            _l("The city’s staff."),
            "nomination_voice.contact",
        ),
        _kind(
            "moderation",
            _l("What you reported, appeals, and what was decided about what you wrote"),
            _l("So that nobody is shouted down, and whoever is hidden or blocked can appeal."),
            _TASK,
            _l("Decisions for good, without your name once you erase your account; sketches of networks for a week."),
            _l("Moderators. Everybody: reasons and numbers. Nobody is told who reported something."),
            "moderation_case.author_id moderation_flag.account_id moderation_flag.words moderation_flag.network"
            " moderation_appeal.account_id moderation_appeal.words moderation_block.account_id moderation_block.words"
            " moderation_block.ended_because moderation_post.account_id moderation_post.network",
        ),
        _kind(
            "documents",
            _l("Scans and files"),
            _l("To prove what came in on paper, a guardian’s consent, or a mandate."),
            _PROOF,
            _l("As long as what they prove."),
            _l("The city’s staff; each look is noted."),
            "document.added_by document.title",
        ),
        _kind(
            "office",
            _l("What staff did in their office"),
            _l("So that every official act has somebody who answers for it."),
            _PROOF,
            _l("For good. Of others than named officials the name goes when the account is erased."),
            _l("Everybody: role and function. Staff: the name."),
            "role_grant.account_id role_grant.granted_by role_grant.revoked_by gate_override.by proposal.answered_by"
            " delegate.granted_by delegate.revoked_by verification.verified_by verification.revoked_by"
            " guardian_consent.recorded_by intake.clerk_id assisted_item.entered_by assisted_item.checked_by"
            " designation.recorded_by plan_version.fixed_by citation.added_by"
            " commitment.moved_by reading.signed_by conference.recorded_by"
            " nomination.answered_by organisation_tag.added_by population.added_by organisation_merge.merged_by"
            " organisation_apart.noted_by register_import.brought_by register_import.done_by activity.recorded_by"
            " moderation_decision.decided_by_id moderation_appeal.decided_by_id moderation_block.blocked_by_id"
            " guest.invited_by newsletter.written_by known_origin.compared_by initiative.owner"
            " regrouping.asked_by regrouping.done_by proposal_lineage.by appraisal.updated_by"
            " appraisal_task.account_id appraisal_task.assigned_by attendance.noted_by minutes_voice.answered_by"
            " vote.certified_by typist.account_id paper_mishap.asked_by paper_mishap.confirmed_by",
        ),
        _kind(
            "appraisals",
            _l("Notes of the staff on proposals, and conflicts of interest"),
            _l("To answer proposals well, and without favour."),
            _TASK,
            _l("Until %(months)s months after the process is closed.", months=lazy_number(settings.profile_months)),
            _l("The city’s staff. A summary is published with the answer."),
            "appraisal.notes appraisal.legal appraisal.why appraisal_task.conflict",
        ),
        _kind(
            "looks",
            _l("Which staff looked at your data"),
            _l("So that you can see it."),
            _PROOF,
            _l("In the public log for good, by random names."),
            _l("You see role, function and day."),
            "data_look.actor data_look.subject",
        ),
    ]  # fmt: skip
