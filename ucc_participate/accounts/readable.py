"""A person's own data in the reader's words: labels, words of choices, days, money and texts in their language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent
from ..kernel.i18n import (
    JALALI_YEARS_AFTER,
    LOCALES,
    digits,
    in_language,
    lazy_day,
    lazy_moment,
    lazy_money,
    lazy_number,
    listed,
    reader,
)
from ..kernel.identity import Role
from ..vocabularies.uccn import SECTORS
from .forms import CALENDAR_NAMES, ROLE_NAMES, SEXES
from .looks import PAGES

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DECIMAL = re.compile(r"-?\d+\.\d+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ABSENT = "–"
MONEY = frozenset({"cost", "budget", "spent"})
BIRTH_YEARS = frozenset({"born_from", "born_until", "birth_year"})

LABELS: dict[str, Any] = {
    "account": _l("Account"),
    "about_you": _l("About you"),
    "consents": _l("Consents"),
    "roles": _l("Roles"),
    "names_in_the_log": _l("Your names in the public log"),
    "participations": _l("Where you took part"),
    "invitations": _l("Invitations of your organisations"),
    "reminders": _l("Of what you want to be told"),
    "at_once": _l("Of this at once"),
    "followed": _l("What you follow"),
    "told": _l("Of what you were told lately"),
    "proposals": _l("Proposals and drafts"),
    "opinions": _l("Your answers in opinion maps"),
    "statements": _l("Statements in opinion maps"),
    "written_along": _l("Proposals of others on which you write along"),
    "endorsements": _l("What you endorse"),
    "amendments": _l("Changes that you proposed to proposals"),
    "inventory": _l("Needs and assets that you suggested"),
    "mandates": _l("For whom you speak"),
    "proofs": _l("What you have proved"),
    "guardians": _l("Consents of guardians"),
    "written_down": _l("What clerks wrote down for you"),
    "votes": _l("Where you are on the roll"),
    "organisation_ballots": _l("Ballots that you cast for organisations"),
    "ballot_drafts": _l("Ballots that you have not cast yet"),
    "agreements": _l("Ballots of organisations with which you agreed"),
    "comments": _l("What you said in discussions"),
    "comment_drafts": _l("Comments that could not be sent"),
    "translations": _l("Comments that you translated"),
    "found_helpful": _l("How many comments you found helpful"),
    "invited_as_guest": _l("Where you are a guest"),
    "stance": _l("Side"),
    "voice": _l("In whose name"),
    "quote": _l("Quote"),
    "quoted": _l("Quoted from"),
    "quoted_edition": _l("Quoted text"),
    "edition": _l("Which text"),
    "in_reply_to": _l("In reply to"),
    "text": _l("Text"),
    "kept_at": _l("Kept at"),
    "written_at": _l("Written at"),
    "changed_at": _l("Changed at"),
    "country": _l("Country"),
    "city": _l("City"),
    "until": _l("Until"),
    "came_at": _l("Came at"),
    "from_language": _l("Translated from"),
    "documents": _l("Documents"),
    "blocks": _l("Times in which you could not contribute"),
    "reports": _l("What you reported to moderators"),
    "appeals": _l("Your appeals"),
    "decisions": _l("What moderators decided about what you wrote"),
    "looks": _l("Who has looked at my data"),
    "messages": _l("Messages to you"),
    "log": _l("What the public log says of you"),
    "minority_statements": _l("Your minority statements"),
    "asked_for_consent": _l("Merges and splits to which you were asked to agree"),
    "appraisals": _l("Proposals that were given to you to appraise"),
    "about": _l("About"),
    "added_at": _l("Added"),
    "adding": _l("Who may add statements"),
    "agreed": _l("Agreed"),
    "agreed_at": _l("Agreed"),
    "alike": _l("Rows like an entry of the register"),
    "answer": _l("Answer"),
    "answered_at": _l("When it was answered"),
    "answered_by": _l("Answered by"),
    "answered_through": _l("How the answer came"),
    "answers": _l("Answers"),
    "answers_due_at": _l("Answers until"),
    "areas": _l("Areas of action"),
    "at": _l("When"),
    "attended_at": _l("Came"),
    "author": _l("Name that is shown"),
    "ballot": _l("How to choose"),
    "ballot_confirmations": _l("Delegates who must agree on a ballot"),
    "ballots": _l("Ballots"),
    "mark": _l("What stands beside it"),
    "marked": _l("Marked options"),
    "batch": _l("Batch of codes"),
    "because": _l("Why"),
    "begun_at": _l("Begun"),
    "birth_year": _l("Year of birth"),
    "blank": _l("Blank ballots"),
    "body": _l("Text"),
    "born_from": _l("Born from"),
    "born_until": _l("Born until"),
    "budget": _l("Budget"),
    "by": _l("By whom"),
    "by_sector": _l("By sector"),
    "calendar": _l("Calendar"),
    "called": _l("Who acted, by random name"),
    "cast_at": _l("Cast"),
    "cells": _l("Counts by group"),
    "changed": _l("Changed"),
    "channel": _l("Way"),
    "choices": _l("Choices"),
    "closed_at": _l("Closed"),
    "closes_at": _l("Closes"),
    "commitments": _l("Commitments to ballots"),
    "confirmations": _l("Agreements"),
    "corrected_because": _l("Why it was corrected"),
    "cost": _l("Cost"),
    "count": _l("Number of ballots"),
    "counted": _l("Counted or estimated"),
    "counts": _l("Votes"),
    "counts_as": _l("Counts as"),
    "creative_field": _l("Creative field"),
    "creative_fields": _l("Creative fields"),
    "consent": _l("With or without consent"),
    "conflict": _l("Conflict of interest"),
    "criteria": _l("Criteria"),
    "decided_at": _l("Decided"),
    "decision_maker": _l("Who decides"),
    "delegate": _l("Delegate, by random name"),
    "dimensions": _l("Dimensions of sustainable development"),
    "district": _l("District or neighbourhood"),
    "document": _l("Document"),
    "dissent_days": _l("Days in which people may file a minority statement"),
    "done": _l("What was done"),
    "done_at": _l("Done"),
    "done_by": _l("Done by"),
    "due_on": _l("Until when?"),
    "excluded": _l("Stood aside"),
    "excluded_at": _l("Stood aside"),
    "feasibility": _l("Can it be done?"),
    "double": _l("Rows that stand twice"),
    "email": _l("E-mail address"),
    "ends_at": _l("Ends"),
    "ends_on": _l("Until"),
    "evidence": _l("Evidence"),
    "expires_on": _l("Valid until"),
    "extended_because": _l("Why it was extended"),
    "fields": _l("Public facts"),
    "figures": _l("Figures"),
    "file": _l("File"),
    "first_posts": _l("First contributions that are read first"),
    "filed_at": _l("Filed"),
    "from": _l("From"),
    "for_whom": _l("For whom"),
    "franchise": _l("Who votes"),
    "function": _l("Function"),
    "gap": _l("What was missing"),
    "gate": _l("Condition"),
    "given_at": _l("Agreed"),
    "granted_at": _l("From"),
    "group": _l("Group"),
    "group_floor": _l("Smallest group that is shown"),
    "group_words": _l("Group, in words"),
    "groups": _l("Groups"),
    "guardian": _l("Guardian"),
    "guardian_below": _l("Guardian must agree below this age"),
    "has_lapsed": _l("Lapsed"),
    "has_password": _l("Has a password"),
    "has_voted": _l("A ballot was cast"),
    "held_on": _l("Day"),
    "id": _l("Code"),
    "identified_by": _l("How it was found"),
    "index": _l("Number of the entry"),
    "invited_at": _l("Invited"),
    "is_checked": _l("Checked by a second clerk"),
    "is_void": _l("Taken back"),
    "is_womens_group": _l("Women’s group"),
    "is_youth_group": _l("Youth group"),
    "items": _l("Number of forms"),
    "joined_at": _l("Took part since"),
    "kind": _l("Kind"),
    "kinds": _l("Told when"),
    "label_id": _l("Group"),
    "language": _l("Language"),
    "last_sign_in_on": _l("Signed in last"),
    "least_answered": _l("Answers before results are shown"),
    "level": _l("Level"),
    "list": _l("List"),
    "mandate": _l("Mandate"),
    "map": _l("Opinion map"),
    "max_choices": _l("Choices at most"),
    "merged": _l("Merged"),
    "merged_into": _l("Merged into"),
    "method": _l("Way"),
    "mode": _l("When contributions appear"),
    "methods": _l("Ways to prove it"),
    "min_age": _l("Least age"),
    "min_choices": _l("Choices at least"),
    "min_open_days": _l("Days open at least"),
    "most_links": _l("Links that a text may have"),
    "name": _l("Name"),
    "needs_second": _l("A second clerk checks"),
    "new": _l("New"),
    "notice_hours": _l("Moderators are told after hours"),
    "number": _l("Number"),
    "objectives": _l("Objectives"),
    "of": _l("Out of"),
    "open_questions": _l("What can still change"),
    "opened_at": _l("Account since"),
    "opens_at": _l("Opens"),
    "options": _l("Options"),
    "organisation": _l("Organisation"),
    "outcome": _l("Outcome"),
    "page": _l("What was shown"),
    "people": _l("People"),
    "per_day": _l("Most in a day"),
    "per_hour": _l("Most in an hour"),
    "per_place": _l("Most in one place and hour"),
    "phases": _l("Phases"),
    "place": _l("Place"),
    "policy": _l("Policy"),
    "population": _l("Population"),
    "on": _l("About what"),
    "origin": _l("How it came about"),
    "override_reason": _l("Why it was done without every author’s consent"),
    "parts": _l("Parts"),
    "process": _l("Process"),
    "proposers": _l("Whose proposals went in"),
    "publishes_scores": _l("Whether scores are published"),
    "promise": _l("Promise"),
    "promise_level": _l("Level of the promise"),
    "proposal": _l("Proposal"),
    "proposer": _l("Who proposes"),
    "published_at": _l("Published"),
    "purpose": _l("Purpose"),
    "question": _l("Question"),
    "quiet_from": _l("No mails from this hour"),
    "quiet_until": _l("Until this hour"),
    "rank": _l("Rank"),
    "reached": _l("People reached"),
    "reason": _l("Reason"),
    "refused": _l("Refused"),
    "reminded_at": _l("Reminded"),
    "replaces": _l("In place of earlier codes"),
    "responsible": _l("Responsible person"),
    "result": _l("Result"),
    "revoked_at": _l("Ended"),
    "revoked_because": _l("Why it ended"),
    "role": _l("Role"),
    "roll": _l("Voters on the roll"),
    "roll_size": _l("Voters on the roll"),
    "rules": _l("Rules"),
    "rules_sha256": _l("Check sum of the rules (SHA-256)"),
    "scope": _l("Scope"),
    "sector": _l("Sector"),
    "sectors": _l("Sectors"),
    "seed": _l("Seed"),
    "selected": _l("Selected"),
    "sent_at": _l("Sent"),
    "server": _l("Outside processes"),
    "sex": _l("Sex"),
    "sha256": _l("Check sum (SHA-256)"),
    "showing": _l("When results are shown"),
    "shown_name": _l("Name that is shown"),
    "since": _l("Since"),
    "size": _l("Size"),
    "skip": _l("Passes over what does not fit the budget"),
    "slot": _l("Place on the roll"),
    "slots": _l("Voters on the roll"),
    "source": _l("Source"),
    "spent": _l("Spent"),
    "stage": _l("Stage"),
    "stages": _l("Stages"),
    "standing": _l("How it stands"),
    "starts_at": _l("Begins"),
    "starts_on": _l("From"),
    "statement": _l("Statement"),
    "state": _l("State"),
    "status": _l("State"),
    "stopped_at": _l("Stopped"),
    "subject": _l("About what"),
    "submitted_at": _l("Sent"),
    "subtype": _l("Kind of organisation"),
    "summary": _l("In short"),
    "tags": _l("Words for its kind"),
    "targets": _l("Targets"),
    "terms_version": _l("Version of the terms"),
    "threshold": _l("Least number of votes"),
    "tie": _l("With equal votes"),
    "tie_broken": _l("Decided by the rule for equal votes"),
    "times": _l("How often it was named"),
    "to": _l("Became"),
    "title": _l("Title"),
    "total": _l("Total"),
    "totals": _l("Totals"),
    "type": _l("What happened"),
    "unchanged": _l("Unchanged"),
    "unchecked_because": _l("Why nobody is checked"),
    "url": _l("Address"),
    "vote": _l("Vote"),
    "voters": _l("Voters"),
    "way": _l("Way"),
    "way_in": _l("How it came"),
    "what": _l("What was decided"),
    "winners": _l("Winners"),
    "withdrawn_at": _l("Withdrawn"),
    "withheld": _l("Withheld fields"),
    "words": _l("Words"),
    "year": _l("Year"),
    "meetings": _l("Meetings"),
    "registered": _l("Where you registered"),
    "attended": _l("Where you were, or how many"),
    "said": _l("What you said of minutes"),
    "meeting": _l("Meeting"),
    "needs": _l("What you need"),
    "wants_childcare": _l("Childcare"),
    "accessibility": _l("Accessibility"),
    "agenda": _l("Agenda"),
    "announced_at": _l("Announced"),
    "cancelled_because": _l("Why it was cancelled"),
    "moved_because": _l("Why it was changed"),
    "short_notice_because": _l("Why it was announced late"),
    "childcare": _l("Childcare"),
    "minutes": _l("Minutes, or how long"),
    "objections_until": _l("Objections until"),
    "is_for_women": _l("For women"),
    "is_for_youth": _l("For young people"),
    "latitude": _l("Latitude"),
    "longitude": _l("Longitude"),
    "places": _l("Places"),
    "reported": _l("As its source reports"),
    "speaking": _l("Turns of speaking"),
    "source_url": _l("Address of the source"),
    "notice_days": _l("Days from the notice to the meeting, at least"),
    "objection_days": _l("Days in which people can object to minutes"),
    "sheet": _l("Signed sheet"),
    "organisations": _l("Organisations"),
    "by_phone": _l("By telephone"),
    "seconds": _l("Seconds"),
    "turns": _l("Turns"),
    "without_account": _l("Without an account"),
    "option": _l("Answer that was offered"),
    "accepted_at": _l("Taken over"),
    "addressed": _l("Addresses"),
    "agrees": _l("Agree"),
    "asked_at": _l("Asked"),
    "assets": _l("Assets"),
    "base_version": _l("Version it began from"),
    "change": _l("What is different"),
    "code": _l("Code"),
    "consensus": _l("Agreement of the groups"),
    "criterion": _l("Criterion"),
    "deviation": _l("Standard deviation"),
    "disagrees": _l("Disagree"),
    "districts": _l("Districts"),
    "field": _l("Part of the text"),
    "hexagons": _l("Fields of the map"),
    "highest": _l("Highest"),
    "hint": _l("Hint"),
    "is_accepted": _l("Accepted by all groups and sectors"),
    "is_needed_for_ballot": _l("Needed for the ballot"),
    "is_reached": _l("Reached"),
    "is_required": _l("Must be answered"),
    "label": _l("Question"),
    "least_answers": _l("Least number of answers"),
    "libraries": _l("Programs used"),
    "lowest": _l("Lowest"),
    "mean": _l("Mean"),
    "median": _l("Median"),
    "needed": _l("Needed"),
    "new_text": _l("New text"),
    "old_text": _l("Old text"),
    "passes": _l("Pass"),
    "proposed_at": _l("Proposed"),
    "radius": _l("Width of a field"),
    "resident": _l("Residents"),
    "residents": _l("Residents"),
    "retired_at": _l("Asked no more since"),
    "scale": _l("Scale"),
    "scores": _l("Scores"),
    "sector_consensus": _l("Agreement of the sectors"),
    "segment": _l("Readers"),
    "silhouette": _l("How clear the groups are"),
    "spread": _l("How far apart"),
    "text_version": _l("Version"),
    "typical": _l("What marks the group"),
    "barred": _l("Options that cannot win"),
    "canvass_days": _l("Days for checking the count"),
    "comparison": _l("Compared with most votes first"),
    "completion": _l("What is done with money that is left"),
    "decides": _l("Whose votes decide"),
    "details": _l("Steps of the count"),
    "elected": _l("Elected"),
    "endowment": _l("Share of each voter"),
    "envelope": _l("Envelope of the budget"),
    "envelopes": _l("Envelopes of the budget"),
    "equal_shares": _l("Equal Shares"),
    "exclusive": _l("Options that exclude each other"),
    "exhausted": _l("Votes without a further choice"),
    "grades": _l("Ballots for each grade"),
    "greedy": _l("Most votes first, while the budget lasts"),
    "increment": _l("By how much shares are raised"),
    "locked": _l("Comparisons that count"),
    "lot": _l("Lot"),
    "majority": _l("More yes than no is needed"),
    "matrix": _l("Every option against every other"),
    "max_points": _l("Most points for an option"),
    "medians": _l("Grades in the middle"),
    "min_points": _l("Fewest points for an option"),
    "named": _l("Ballots that name it"),
    "order": _l("Order"),
    "per_cost": _l("Votes measured by cost"),
    "public_value": _l("Public value of the lot"),
    "quorum": _l("Quorum"),
    "quorum_missed": _l("Quorum missed"),
    "quota": _l("Quota"),
    "rank_points": _l("Points for each rank"),
    "rho": _l("Price for a supporter"),
    "rounds": _l("Rounds of the count"),
    "satisfaction": _l("How satisfaction is measured"),
    "secret": _l("Secret of the lot"),
    "snapshot": _l("Digest of all ballots"),
    "steps": _l("How often shares were raised"),
    "sum_points": _l("Points of a voter"),
    "taken": _l("Taken"),
    "topped_up": _l("Added from money that was left"),
    "transfer": _l("How votes move on"),
}
VALUES: dict[str, Mapping[str, Any]] = {
    "calendar": CALENDAR_NAMES,
    "sex": SEXES,
    "sector": SECTORS,
    "role": {
        **ROLE_NAMES,
        Role.VISITOR.value: _l("Visitor"),
        Role.RESIDENT.value: _l("Resident"),
        Role.DELEGATE.value: _l("Delegate"),
        Role.SYSTEM.value: _l("The system"),
    },
    "page": PAGES,
    "language": {"fa": _l("Persian"), "en": _l("English"), "fr": _l("French")},
    "messages.about": {
        "amendment_accepted": _l("Your change to a proposal was taken over"),
        "amendment_declined": _l("Your change to a proposal was declined"),
        "amendment_lapsed": _l("Your change ended: its proposal was merged or split"),
        "amendment_proposed": _l("Somebody proposed a change to your proposal"),
        "appraisal_assigned": _l("A proposal was given to you to appraise"),
        "ballot_waits": _l("A ballot of your organisation waits"),
        "change_email": _l("Link to a new address"),
        "co_author_asked": _l("Question whether you want to write along on a proposal"),
        "digest": _l("News of processes that you follow"),
        "email_changed": _l("Your address was changed"),
        "invitation": _l("Invitation of an organisation"),
        "invitation_reminder": _l("Reminder of an invitation"),
        "moderation_appeal_decided": _l("Your appeal was decided"),
        "moderation_blocked": _l("You cannot contribute for a time"),
        "moderation_hidden": _l("Something of yours was hidden"),
        "moderation_published": _l("Something of yours was published"),
        "moderation_refused": _l("Something of yours was not published"),
        "moderation_restored": _l("Something of yours is shown again"),
        "moderation_unblocked": _l("You can contribute again"),
        "moderation_waits": _l("Something waits for moderators"),
        "meeting_cancelled": _l("A meeting is cancelled"),
        "meeting_invitation": _l("Invitation to a meeting"),
        "meeting_minutes": _l("Draft minutes of a meeting"),
        "meeting_moved": _l("A meeting is moved"),
        "meeting_place": _l("A free place at a meeting"),
        "meeting_reminder": _l("Reminder of a meeting"),
        "password_changed": _l("Your password was changed"),
        "phone_code": _l("Code for your telephone"),
        "proposal_answer_corrected": _l("The answer to a proposal was corrected"),
        "proposal_answered": _l("A proposal was answered"),
        "proposal_new_version": _l("A proposal that you endorse has a new version"),
        "proposal_regrouped": _l("Your proposal was merged or split"),
        "proposal_regrouping_asked": _l("May your proposal be merged or split?"),
        "sign_in": _l("Link to sign in"),
        "sign_up": _l("Link to open an account"),
        "stay": _l("Question whether you want to keep your account"),
    },
    "messages.state": {"waiting": _l("Waits"), "sent": _l("Sent"), "failed": _l("Could not be sent")},
    "kind": {"mandate": _l("Mandate"), "consent": _l("Consent of a guardian"), "scan": _l("Scan of a paper")},
}
"""Words for values, by name or by ``<section or kind of log entry>.<name>``; higher domains add theirs to
``app.extensions["ucc.personal_words"]``."""
SUBJECTS: dict[str, Any] = {
    "people": _l("People"),
    "field": _l("Question of the form"),
    "inventory": _l("Need or asset"),
    "account": _l("Account"),
    "amendment": _l("Proposed change"),
    "answer": _l("Answer"),
    "opinion_map": _l("Opinion map"),
    "statement": _l("Statement"),
    "comment": _l("Comment"),
    "coauthor": _l("Co-author"),
    "delegate": _l("Mandate"),
    "appraisal": _l("Appraisal"),
    "dissent": _l("Minority statement"),
    "document": _l("Document"),
    "endorsement": _l("Endorsement of an organisation"),
    "endorsements": _l("Endorsements"),
    "guardian_consent": _l("Consent of a guardian"),
    "guest": _l("Guest"),
    "intake": _l("Session of a clerk"),
    "item": _l("Form"),
    "moderation": _l("Rules of moderation"),
    "moderation_block": _l("Block"),
    "moderation_case": _l("Report to moderators"),
    "newsletter": _l("Newsletter"),
    "lineage": _l("Lineage"),
    "attendance": _l("Line of an attendance list"),
    "hands": _l("Show of hands"),
    "meeting": _l("Meeting"),
    "minutes": _l("Minutes"),
    "nomination": _l("Nomination"),
    "registration": _l("Registration"),
    "voice": _l("Word on minutes"),
    "organisation": _l("Organisation"),
    "organisation_tag": _l("Word for kinds of organisations"),
    "outreach": _l("Outreach"),
    "participant": _l("Participant"),
    "phase": _l("Phase"),
    "population": _l("Population"),
    "process": _l("Process"),
    "proposal": _l("Proposal"),
    "proposal_rule": _l("Endorsements that a proposal needs"),
    "register": _l("Register of stakeholders"),
    "regrouping": _l("Merging or splitting"),
    "register_import": _l("Table of organisations"),
    "slot": _l("Place on the roll"),
    "translation": _l("Translation"),
    "vote": _l("Vote"),
}
"""How the log calls what an entry is about: ``vote/<id>/slot/<number>``."""
NUMBERED = frozenset({"attendance", "hands", "minutes", "slot", "voice"})
PARTS_OF_REGISTER = {"contacts": _l("with contact data")}


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what stands beside each: a text, ``Facts``, or a list of either."""

    facts: list[tuple[str, Any]]


def sections(data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Heading and content of each part, for the reader of this moment. ``data``: what ``everything_about`` gives."""
    return [(label(name), _shown(name, content, name, {})) for name, content in data.items()]


def label(name: str) -> str:
    if "/" in name:
        return _reference(name)
    return str(LABELS.get(name) or _words("group").get(name) or SECTORS.get(name) or name)


def _shown(name: str, value: Any, within: str, beside: Mapping[str, Any]) -> Any:
    """``within``: the section, in the log the kind of entry; ``beside``: the fields around it."""
    if value is None or value in ([], {}):
        return ABSENT
    if isinstance(value, Mapping):
        return _text(value) if value.keys() <= set(LOCALES) else _facts(value, within)
    if isinstance(value, list):
        return _list(name, value, within)
    return str(_one(name, value, within, beside))


def _facts(thing: Mapping[str, Any], within: str) -> Facts:
    """An entry of the log says by its type what its fields mean; a currency stands with its amounts."""
    inner = str(thing["type"]).partition(".")[0] if within == "log" and "type" in thing else within
    names = [name for name in thing if name != "currency"]
    return Facts([(label(name), _shown(name, thing[name], _context(name, within, inner), thing)) for name in names])


def _context(name: str, within: str, inner: str) -> str:
    return inner if name == "fields" else within


def _list(name: str, values: Sequence[Any], within: str) -> Any:
    parts = [_shown(name, value, within, {}) for value in values]
    return listed(parts) if all(isinstance(part, str) for part in parts) else parts


def _text(texts: Mapping[str, str]) -> str:
    return str(in_language(texts, reader().locale)) or ABSENT


def _one(name: str, value: Any, within: str, beside: Mapping[str, Any]) -> Any:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int):
        return _number(name, value, beside)
    if name == "email" and value.endswith(".invalid"):
        return _("came on paper, no address")
    if name == "terms_version":
        return digits(value, locale=reader().locale)
    known = _words(f"{within}.{name}") or _words(name)
    return known[value] if value in known else _written(value)


def _number(name: str, value: int, beside: Mapping[str, Any]) -> Any:
    if name in BIRTH_YEARS:
        value -= JALALI_YEARS_AFTER if reader().calendar == "jalali" else 0
    if name in BIRTH_YEARS or name == "year":
        return digits(value, locale=reader().locale)
    if name in MONEY and beside.get("currency"):
        return lazy_money(value // (beside.get("scale") or 1), beside["currency"])
    return lazy_number(value)


def _written(value: str) -> Any:
    """What nobody chose from a list: moments, days and references as their reader writes them."""
    if MOMENT.fullmatch(value):
        return lazy_moment(datetime.fromisoformat(value))
    if DAY.fullmatch(value):
        return lazy_day(date.fromisoformat(value))
    if DECIMAL.fullmatch(value):
        return digits(value, locale=reader().locale)
    return _reference(value) if value.partition("/")[0] in SUBJECTS and " " not in value else value


def _reference(ref: str) -> str:
    """``process/4mabdpgj/participant/31fe…`` with words for what each part is."""
    parts = iter(ref.split("/"))
    words = {**_words("process.kind"), **SUBJECTS}
    return str(listed([f"{words.get(kind, kind)} {_part(kind, next(parts, ''))}".strip() for kind in parts]))


def _part(kind: str, name: str) -> str:
    if kind == "register":
        return str(PARTS_OF_REGISTER.get(name, name))
    is_number = kind in NUMBERED and name.isdecimal()
    return digits(name.lstrip("0"), locale=reader().locale) if is_number else name


def _words(name: str) -> Mapping[str, Any]:
    if name.endswith(".type"):
        return AuditEvent.all_texts()
    added: dict[str, Mapping[str, Any]] = current_app.extensions["ucc.personal_words"]
    return {**VALUES.get(name, {}), **added.get(name, {})}
