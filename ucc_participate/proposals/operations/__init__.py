"""Every change of proposals."""

from .amending import (
    accept_amendment,
    decline_amendment,
    propose_amendment,
    renew_amendment,
    withdraw_amendment,
)
from .answering import answer_proposal, correct_answer
from .attaching import NewFile, attach_file, remove_file
from .changing import (
    change_text,
)
from .endorsing import (
    endorse_proposal,
    recount_endorsements,
    set_rule,
    withdraw_endorsement,
)
from .forgetting import forget_company
from .importing import import_plan, open_elsewhere
from .keeping import forget_author, import_proposals, recount_tags
from .setting_up import (
    add_district_map,
    add_field,
    drop_field,
    move_field,
    resume_field,
    revise_field,
)
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal
from .writing_along import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    withdraw_invitation,
)

__all__ = [
    "NewFile",
    "accept_amendment",
    "accept_invitation",
    "add_district_map",
    "add_field",
    "answer_proposal",
    "attach_file",
    "change_text",
    "correct_answer",
    "decline_amendment",
    "decline_invitation",
    "discard_draft",
    "draft_proposal",
    "drop_field",
    "endorse_proposal",
    "forget_author",
    "forget_company",
    "import_plan",
    "import_proposals",
    "invite_co_author",
    "leave_proposal",
    "move_field",
    "open_elsewhere",
    "propose_amendment",
    "recount_endorsements",
    "recount_tags",
    "remove_file",
    "renew_amendment",
    "resume_field",
    "revise_draft",
    "revise_field",
    "set_rule",
    "submit_proposal",
    "withdraw_amendment",
    "withdraw_endorsement",
    "withdraw_invitation",
    "withdraw_proposal",
]
