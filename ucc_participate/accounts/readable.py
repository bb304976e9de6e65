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
from flask_babel import lazy_pgettext

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
from ..vocabularies.uccn import AREAS, SECTORS
from .forms import CALENDAR_NAMES, ROLE_NAMES, SEXES
from .looks import PAGES

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DECIMAL = re.compile(r"-?\d+\.\d+")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ABSENT = "–"
MONEY = frozenset({"cost", "budget", "spent"})
NUMBERS = frozenset({"baseline", "section", "target", "terms_version", "value"})
"""What looks like a number, or like numbers with points between them, and is kept as a text."""
BIRTH_YEARS = frozenset({"born_from", "born_until", "birth_year"})

LABELS: dict[str, Any] = {
    "about": _l("About"),
    "about_you": _l("About you"),
    "accepted_at": _l("Taken over"),
    "access": _l("Who gains access and how"),
    "accessibility": _l("Accessibility"),
    "account": _l("Account"),
    "achievements": _l("What was achieved"),
    "added_at": _l("Added"),
    "added_because": _l("Why the city added it"),
    "adding": _l("Who may add statements"),
    "addressed": _l("Addresses"),
    "advice": _l("Advice to other cities"),
    "agenda": _l("Agenda"),
    "agreed": _l("Agreed"),
    "agreed_at": _l("Agreed"),
    "agreements": _l("Ballots of organisations with which you agreed"),
    "agrees": _l("Agree"),
    "alike": _l("Rows like an entry of the register"),
    "alt": _l("What does it show?"),
    "amendments": _l("Changes that you proposed to proposals"),
    "amount": _l("Amount"),
    "announced_at": _l("Announced"),
    "answer": _l("Answer"),
    "answered_at": _l("When it was answered"),
    "answered_by": _l("Answered by"),
    "answered_through": _l("How the answer came"),
    "answers": _l("Answers"),
    "answers_due_at": _l("Answers until"),
    "appeals": _l("Your appeals"),
    "appraisals": _l("Proposals that were given to you to appraise"),
    "areas": _l("Areas of action"),
    "asked_at": _l("Asked"),
    "asked_for_consent": _l("Merges and splits to which you were asked to agree"),
    "asked_on": _l("Asked on"),
    "assets": _l("Assets"),
    "at": _l("When"),
    "at_once": _l("Of this at once"),
    "attendance": _l("How the city was there"),
    "attended": _l("Where you were, or how many"),
    "attended_at": _l("Came"),
    "author": _l("Name that is shown"),
    "ballot": _l("How to choose"),
    "ballot_confirmations": _l("Delegates who must agree on a ballot"),
    "ballot_drafts": _l("Ballots that you have not cast yet"),
    "ballots": _l("Ballots"),
    "barred": _l("Cannot win by the rules"),
    "base_version": _l("Version it began from"),
    "based_on": _l("Corrects"),
    "baseline": _l("Baseline"),
    "basis": _l("On what does it rest?"),
    "batch": _l("Batch of codes"),
    "because": _l("Why"),
    "begins_on": _l("Begins on"),
    "begun_at": _l("Begun"),
    "beneficiaries": _l("Whom it is for"),
    "birth_year": _l("Year of birth"),
    "blank": _l("Blank ballots"),
    "blocks": _l("Times in which you could not contribute"),
    "body": _l("Text"),
    "born_from": _l("Born from"),
    "born_until": _l("Born until"),
    "box": _l("Box"),
    "budget": _l("Budget"),
    "by": _l("By whom"),
    "by_phone": _l("By telephone"),
    "by_sector": _l("By sector"),
    "calendar": _l("Calendar"),
    "called": _l("Who acted, by random name"),
    "came_at": _l("Came at"),
    "cancelled_because": _l("Why it was cancelled"),
    "canvass_days": _l("Days in which the count is checked"),
    "cast_at": _l("Cast"),
    "cells": _l("Counts by group"),
    "certainty": _l("How certain is it?"),
    "change": _l("What is different"),
    "changed": _l("Changed"),
    "changed_at": _l("Changed at"),
    "changed_because": _l("Why it was changed"),
    "channel": _l("Way"),
    "childcare": _l("Childcare"),
    "choices": _l("Choices"),
    "chosen": _l("How many chose it"),
    "cites": _l("Rests on"),
    "city": _l("City"),
    "closed_at": _l("Closed"),
    "closes_at": _l("Closes"),
    "code": _l("Code"),
    "comment_drafts": _l("Comments that could not be sent"),
    "comments": _l("What you said in discussions"),
    "comments_until": _l("Comments until"),
    "commitments": _l("Commitments to ballots"),
    "comparison": _l("Compared with the other rule"),
    "completion": _l("What happens to the rest of the money"),
    "confirmations": _l("Agreements"),
    "conflict": _l("Conflict of interest"),
    "consensus": _l("Agreement of the groups"),
    "consent": _l("With or without consent"),
    "consents": _l("Consents"),
    "cooperation": _l("What can be done together?"),
    "corrected_because": _l("Why it was corrected"),
    "corrects": _l("Corrects"),
    "cost": _l("Cost"),
    "costs": _l("Cost by year"),
    "count": _l("Number of ballots"),
    "counted": _l("Counted or estimated"),
    "country": _l("Country"),
    "counts": _l("Votes"),
    "counts_as": _l("Counts as"),
    "creative_field": _l("Creative field"),
    "creative_fields": _l("Creative fields"),
    "criteria": _l("Criteria"),
    "criterion": _l("Criterion"),
    "cultural": _l("Cultural"),
    "data_source": _l("Where the data come from"),
    "decided_at": _l("Decided"),
    "decides": _l("Who decides"),
    "decision": _l("Decision"),
    "decision_maker": _l("Who decides"),
    "decisions": _l("What moderators decided about what you wrote"),
    "delegate": _l("Delegate, by random name"),
    "description": _l("Description"),
    "designated_on": _l("Designated on"),
    "details": _l("How it came to this"),
    "deviation": _l("Standard deviation"),
    "dimensions": _l("Dimensions of sustainable development"),
    "direction": _l("Given or received"),
    "disagrees": _l("Disagree"),
    "dissent_days": _l("Days in which people may file a minority statement"),
    "district": _l("District or neighbourhood"),
    "districts": _l("Districts"),
    "document": _l("Document"),
    "documents": _l("Documents"),
    "done": _l("What was done"),
    "done_at": _l("Done"),
    "done_by": _l("Done by"),
    "dossier": _l("Dossier"),
    "dossier_texts": _l("Texts of the application that you were given to write"),
    "double": _l("Rows that stand twice"),
    "dropped_because": _l("Why it was dropped"),
    "due_on": _l("Until when?"),
    "duties": _l("Duties"),
    "economic": _l("Economic"),
    "edition": _l("Which text"),
    "effects": _l("Expected effects"),
    "elected": _l("Elected"),
    "email": _l("E-mail address"),
    "endorsements": _l("What you endorse"),
    "endowment": _l("Share of each voter"),
    "ends": _l("Ends"),
    "ends_at": _l("Ends"),
    "ends_on": _l("Until"),
    "enters": _l("Enters the city’s plan"),
    "envelope": _l("Envelope"),
    "envelopes": _l("Envelopes"),
    "environmental": _l("Environmental"),
    "equal_shares": _l("Equal Shares"),
    "evidence": _l("Evidence"),
    "excluded": _l("Stood aside"),
    "excluded_at": _l("Stood aside"),
    "exclusive": _l("Options that exclude each other"),
    "exhausted": _l("Votes that go to nobody any more"),
    "expires_on": _l("Valid until"),
    "extended_because": _l("Why it was extended"),
    "feasibility": _l("Can it be done?"),
    "field": _l("Part of the text"),
    "fields": _l("Public facts"),
    "figures": _l("Figures"),
    "file": _l("File"),
    "filed_at": _l("Filed"),
    "files": _l("Files"),
    "first_posts": _l("First contributions that are read first"),
    "followed": _l("What you follow"),
    "for_whom": _l("For whom"),
    "form": _l("Official form"),
    "form_sha256": _l("SHA-256 of the form"),
    "found_helpful": _l("How many comments you found helpful"),
    "franchise": _l("Who votes"),
    "frequency": _l("How often it is read"),
    "from": _l("From"),
    "from_language": _l("Translated from"),
    "frozen_at": _l("Frozen"),
    "frozen_size": _l("Entries of the log when it was frozen"),
    "function": _l("Function"),
    "gap": _l("What was missing"),
    "gap_plan": _l("How the gap is closed"),
    "gate": _l("Condition"),
    "given": _l("What was given"),
    "given_at": _l("Agreed"),
    "grades": _l("Ballots for each grade"),
    "granted_at": _l("From"),
    "greedy": _l("Most votes first, while the budget lasts"),
    "group": _l("Group"),
    "group_floor": _l("Smallest group that is shown"),
    "group_words": _l("Group, in words"),
    "groups": _l("Groups"),
    "guardian": _l("Guardian"),
    "guardian_below": _l("Guardian must agree below this age"),
    "guardians": _l("Consents of guardians"),
    "has_lapsed": _l("Lapsed"),
    "has_password": _l("Has a password"),
    "has_voted": _l("A ballot was cast"),
    "held_on": _l("Day"),
    "hexagons": _l("Fields of the map"),
    "highest": _l("Highest"),
    "hint": _l("Hint"),
    "host": _l("Host"),
    "how": _l("What of it was taken"),
    "hypothesis": _l("Hypothesis"),
    "id": _l("Code"),
    "identified_by": _l("How it was found"),
    "in_reply_to": _l("In reply to"),
    "increment": _l("Step by which shares rise"),
    "index": _l("Number of the entry"),
    "indicator": _l("Indicator"),
    "indicators": _l("Indicators"),
    "initiative": _l("Initiative"),
    "initiatives": _l("Initiatives"),
    "international": _l("With other cities of the network"),
    "inventory": _l("Needs and assets that you suggested"),
    "invitations": _l("Invitations of your organisations"),
    "invited_as_guest": _l("Where you are a guest"),
    "invited_at": _l("Invited"),
    "is_accepted": _l("Accepted by all groups and sectors"),
    "is_checked": _l("Checked by a second clerk"),
    "is_for_women": _l("For women"),
    "is_for_youth": _l("For young people"),
    "is_needed_for_ballot": _l("Needed for the ballot"),
    "is_reached": _l("Reached"),
    "is_required": _l("Must be answered"),
    "is_void": _l("Taken back"),
    "is_womens_group": _l("Women’s group"),
    "is_youth_group": _l("Youth group"),
    "items": _l("Number of forms"),
    "joined_at": _l("Took part since"),
    "kept_at": _l("Kept at"),
    "key": _l("Mark of the promise"),
    "kind": _l("Kind"),
    "kinds": _l("Told when"),
    "label": _l("Question"),
    "label_id": _l("Group"),
    "language": _l("Language"),
    "last_sign_in_on": _l("Signed in last"),
    "late_by": _l("Days late"),
    "latitude": _l("Latitude"),
    "least_answered": _l("Answers before results are shown"),
    "least_answers": _l("Least number of answers"),
    "length": _l("Length"),
    "level": _l("Level"),
    "libraries": _l("Programs used"),
    "limits": _l("Limits"),
    "list": _l("List"),
    "load": _l("Moment of buying"),
    "local": _l("In the city"),
    "locked": _l("Pairs that are fixed"),
    "log": _l("What the public log says of you"),
    "longitude": _l("Longitude"),
    "looks": _l("Who has looked at my data"),
    "lot": _l("Lot"),
    "lowest": _l("Lowest"),
    "majority": _l("More yes than no is needed"),
    "mandate": _l("Mandate"),
    "mandates": _l("For whom you speak"),
    "map": _l("Opinion map"),
    "mark": _l("What stands beside it"),
    "marked": _l("Marked options"),
    "matrix": _l("How many prefer each to each other"),
    "max_choices": _l("Choices at most"),
    "max_points": _l("Most points for an option"),
    "mean": _l("Mean"),
    "means": _l("What it took: people, money, time"),
    "measured_on": _l("Measured on"),
    "median": _l("Median"),
    "medians": _l("Grades in the middle"),
    "meeting": _l("Meeting"),
    "meetings": _l("Meetings"),
    "members": _l("Members"),
    "men": _l("Men"),
    "merged": _l("Merged"),
    "merged_into": _l("Merged into"),
    "messages": _l("Messages to you"),
    "method": _l("Way"),
    "methods": _l("Ways to prove it"),
    "min_age": _l("Least age"),
    "min_choices": _l("Choices at least"),
    "min_open_days": _l("Days open at least"),
    "min_points": _l("Fewest points for an option"),
    "minority_statements": _l("Your minority statements"),
    "minutes": _l("Minutes, or how long"),
    "mode": _l("When contributions appear"),
    "most_important": _l("Which needs matter most?"),
    "most_links": _l("Links that a text may have"),
    "moved_because": _l("Why it was changed"),
    "moved_by": _l("Entered by"),
    "name": _l("Name"),
    "named": _l("Ballots that name it"),
    "names_in_the_log": _l("Your names in the public log"),
    "national_deadline": _l("Deadline of the National Commission"),
    "need": _l("Need"),
    "need_choices": _l("Which needs matter most to you"),
    "needed": _l("Needed"),
    "needs": _l("What you need"),
    "needs_second": _l("A second clerk checks"),
    "new": _l("New"),
    "new_text": _l("New text"),
    "note": _l("Note"),
    "notice_days": _l("Days from the notice to the meeting, at least"),
    "notice_hours": _l("Moderators are told after hours"),
    "number": _l("Number"),
    "objection_days": _l("Days in which people can object to minutes"),
    "objections_until": _l("Objections until"),
    "objectives": _l("Objectives"),
    "of": _l("Out of"),
    "old_text": _l("Old text"),
    "on": _l("About what"),
    "open_questions": _l("What can still change"),
    "opened_at": _l("Account since"),
    "opens_at": _l("Opens"),
    "opinions": _l("Your answers in opinion maps"),
    "option": _l("Answer that was offered"),
    "options": _l("Options"),
    "order": _l("Order"),
    "organisation": _l("Organisation"),
    "organisation_ballots": _l("Ballots that you cast for organisations"),
    "organisations": _l("Organisations"),
    "origin": _l("How it came about"),
    "outcome": _l("Outcome"),
    "override_reason": _l("Why it was done without every author’s consent"),
    "overrides": _l("What was passed over"),
    "owner": _l("Who is responsible"),
    "page": _l("What was shown"),
    "papers": _l("Papers"),
    "paragraphs": _l("Paragraphs"),
    "participations": _l("Where you took part"),
    "particulars": _l("What the areas of action ask"),
    "partner": _l("Partner"),
    "partner_search": _l("How a member city will be found"),
    "parts": _l("Parts"),
    "passes": _l("Pass"),
    "people": _l("People"),
    "per_cost": _l("By votes for the money"),
    "per_day": _l("Most in a day"),
    "per_hour": _l("Most in an hour"),
    "per_place": _l("Most in one place and hour"),
    "period": _l("Period"),
    "phases": _l("Phases"),
    "photo": _l("Photo"),
    "place": _l("Place"),
    "places": _l("Places"),
    "plan_version": _l("Version of the plan"),
    "planned_on": _l("Planned for"),
    "policy": _l("Policy"),
    "population": _l("Population"),
    "process": _l("Process"),
    "promise": _l("Promise"),
    "promise_level": _l("Level of the promise"),
    "proof": _l("Proof"),
    "proofs": _l("What you have proved"),
    "proposal": _l("Proposal"),
    "proposals": _l("Proposals and drafts"),
    "proposed_at": _l("Proposed"),
    "proposer": _l("Who proposes"),
    "proposers": _l("Whose proposals went in"),
    "public_value": _l("Public value"),
    "publication": _l("Publication"),
    "published_at": _l("Published"),
    "publishes_scores": _l("Whether scores are published"),
    "purpose": _l("Purpose"),
    "question": _l("Question"),
    "quiet_from": _l("No mails from this hour"),
    "quiet_until": _l("Until this hour"),
    "quorum": _l("Least number of ballots"),
    "quorum_missed": _l("Too few ballots"),
    "quota": _l("Votes needed for a place"),
    "quote": _l("Quote"),
    "quoted": _l("Quoted from"),
    "quoted_edition": _l("Quoted text"),
    "radius": _l("Width of a field"),
    "rank": _l("Rank"),
    "rank_points": _l("Points for ranks"),
    "reached": _l("People reached"),
    "reason": _l("Reason"),
    "received": _l("What was received"),
    "received_on": _l("Received on"),
    "recorded_by": _l("Recorded by"),
    "refused": _l("Refused"),
    "registered": _l("Where you registered"),
    "reminded_at": _l("Reminded"),
    "reminders": _l("Of what you want to be told"),
    "replaces": _l("In place of earlier codes"),
    "reported": _l("As its source reports"),
    "reports": _l("What you reported to moderators"),
    "reserve": _l("Reserved"),
    "resident": _l("Residents"),
    "residents": _l("Residents"),
    "responsible": _l("Responsible person"),
    "restored_because": _l("Why it was taken back"),
    "result": _l("Result"),
    "results": _l("What came of it, and how this is known"),
    "retired_at": _l("Asked no more since"),
    "revoked_at": _l("Ended"),
    "revoked_because": _l("Why it ended"),
    "rho": _l("Price of a unit"),
    "rhythm": _l("Meetings a year"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "roll": _l("Voters on the roll"),
    "roll_size": _l("Voters on the roll"),
    "rounds": _l("Rounds"),
    "rules": _l("Rules"),
    "rules_sha256": _l("Check sum of the rules (SHA-256)"),
    "said": _l("What you said of minutes"),
    "satisfaction": _l("What an option is worth"),
    "scale": _l("Scale"),
    "scope": _l("Scope"),
    "scores": _l("Scores"),
    "sdgs": _l("Sustainable development goals"),
    "seconds": _l("Seconds"),
    "secret": _l("Secret of the lot, opened"),
    "section": _l("Section"),
    "sector": _l("Sector"),
    "sector_consensus": _l("Agreement of the sectors"),
    "sector_groups": _l("Groups of sectors"),
    "sectors": _l("Sectors"),
    "seed": _l("Seed"),
    "segment": _l("Readers"),
    "selected": _l("Selected"),
    "sent": _l("Who was sent"),
    "sent_at": _l("Sent"),
    "server": _l("Outside processes"),
    "settled_on": _l("Settled on"),
    "sex": _l("Sex"),
    "sha256": _l("Check sum (SHA-256)"),
    "sheet": _l("Signed sheet"),
    "short_notice_because": _l("Why it was announced late"),
    "showing": _l("When results are shown"),
    "shown_name": _l("Name that is shown"),
    "signed_by": _l("Signed by"),
    "signed_on": _l("Signed on"),
    "signer": _l("Function of who signed"),
    "silhouette": _l("How clear the groups are"),
    "since": _l("Since"),
    "size": _l("Size"),
    "skip": _l("Passes over what does not fit the budget"),
    "slot": _l("Place on the roll"),
    "slots": _l("Voters on the roll"),
    "snapshot": _l("Hash of all ballots"),
    "social": _l("Social"),
    "source": _l("Source"),
    "source_url": _l("Address of the source"),
    "sources": _l("Where it comes from"),
    "speaking": _l("Turns of speaking"),
    "spent": _l("Spent"),
    "spread": _l("How far apart"),
    "stage": _l("Stage"),
    "stages": _l("Stages"),
    "stance": _l("Side"),
    "standing": _l("How it stands"),
    "starts_at": _l("Begins"),
    "starts_on": _l("From"),
    "state": _l("State"),
    "statement": _l("Statement"),
    "statements": _l("Statements in opinion maps"),
    "status": _l("State"),
    "step": _l("Step"),
    "steps": _l("Steps"),
    "stopped_at": _l("Stopped"),
    "subject": _l("About what"),
    "submits_in": _l("Language of the submission"),
    "submitted_at": _l("Sent"),
    "subtype": _l("Kind of organisation"),
    "sum_points": _l("Points of a ballot together"),
    "summary": _l("In short"),
    "tags": _l("Words for its kind"),
    "taken": _l("Taken"),
    "target": _l("Target"),
    "targets": _l("Targets"),
    "terms_version": _l("Version of the terms"),
    "text": _l("Text"),
    "text_version": _l("Version"),
    "threshold": _l("Least number of votes"),
    "tie": _l("With equal votes"),
    "tie_broken": _l("Decided by the rule for equal votes"),
    "times": _l("How often it was named"),
    "title": _l("Title"),
    "to": _l("Became"),
    "told": _l("Of what you were told lately"),
    "topped_up": _l("Bought with the rest"),
    "total": _l("Total"),
    "totals": _l("Totals"),
    "trade_off": _l("Why it is accepted, and what is done against it"),
    "trainees": _l("Trainees"),
    "transfer": _l("How votes are passed on"),
    "translations": _l("Comments that you translated"),
    "turns": _l("Turns"),
    "type": _l("What happened"),
    "typed_boxes": _l("Ballot boxes whose papers you typed"),
    "typical": _l("What marks the group"),
    "unchanged": _l("Unchanged"),
    "unchecked_because": _l("Why nobody is checked"),
    "unesco_deadline": _l("Deadline of UNESCO"),
    "unit": _l("Unit"),
    "unsaid": _l("Not said"),
    "until": _l("Until"),
    "url": _l("Address"),
    "uses": _l("Assets and needs"),
    "value": _l("Value"),
    "vision": _l("What the plan is to bring"),
    "vocabulary": _l("Words of the Network"),
    "voice": _l("In whose name"),
    "voices": _l("Voices"),
    "void_because": _l("Why it is void"),
    "vote": _l("Vote"),
    "voters": _l("Voters"),
    "votes": _l("Where you are on the roll"),
    "wants_childcare": _l("Childcare"),
    "way": _l("Way"),
    "way_in": _l("How it came"),
    "weights": _l("Weights of organisations"),
    "what": _l("What was decided"),
    "winners": _l("Winners"),
    "withdrawn_at": _l("Withdrawn"),
    "withheld": _l("Withheld fields"),
    "without_account": _l("Without an account"),
    "women": _l("Women"),
    "words": _l("Words"),
    "written_along": _l("Proposals of others on which you write along"),
    "written_at": _l("Written at"),
    "written_down": _l("What clerks wrote down for you"),
    "year": _l("Year"),
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
        "answer_assigned": _l("A text of the application was given to you to write"),
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
        "promises_due": _l("What the city has promised is due"),
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
    "management_body": _l("Body that manages the plan"),
    "need_ranking": _l("Which needs matter most to people"),
    "partner_city": _l("Partner city"),
    "plan": _l("Action plan"),
    "plan_version": _l("Version of the plan"),
    "initiative": _l("Initiative"),
    "commitment": lazy_pgettext("commitment", "Promise"),
    "reading": _l("Reading"),
    "conference": _l("Yearly conference"),
    "designation": _l("Designation"),
    "practice": _l("Good practice"),
    "exchange": _l("Exchange"),
    "resource": _l("People or money"),
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
    "attachment": _l("Attachment"),
    "deadline": _l("Deadline"),
    "dossier": _l("Application"),
    "form_version": _l("Edition of a form"),
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
NAMED_PARTS = {"deadline": "deadline.step", "plan_version": "plan_version"}
"""Kinds of things that are called by what they belong to and their part of it; its words."""
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
    if name.isdecimal():
        return digits(name, locale=reader().locale)
    known = LABELS.get(name) or _words("group").get(name) or SECTORS.get(name) or AREAS.get(name)
    return str(known or name)


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
    known = _words(f"{within}.{name}") or _words(name)
    if value in known:
        return known[value]
    return digits(value, locale=reader().locale) if name in NUMBERS else _written(value)


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
    if kind == "answer" and name.count("-") == 2:
        return _text_of_dossier(name)
    if kind in NAMED_PARTS:
        return _named_part(name, NAMED_PARTS[kind])
    is_number = kind in NUMBERED and name.isdecimal()
    return digits(name.lstrip("0"), locale=reader().locale) if is_number else name


def _named_part(name: str, words: str) -> str:
    """``4mabdpgj-council`` and ``4mabdpgj-2``: the thing, and which part of it."""
    known, _dash, part = name.partition("-")
    return str(listed([known, str(_words(words).get(part, digits(part, locale=reader().locale)))]))


def _text_of_dossier(name: str) -> str:
    """``4mabdpgj-9.2-en``: the dossier, the section in the reader's digits, the language by its name."""
    known, _dash, rest = name.partition("-")
    section, _dash, language = rest.rpartition("-")
    words = _words("language").get(language, language)
    return str(listed([known, digits(section, locale=reader().locale), words]))


def _words(name: str) -> Mapping[str, Any]:
    if name.endswith(".type"):
        return AuditEvent.all_texts()
    added: dict[str, Mapping[str, Any]] = current_app.extensions["ucc.personal_words"]
    return {**VALUES.get(name, {}), **added.get(name, {})}
