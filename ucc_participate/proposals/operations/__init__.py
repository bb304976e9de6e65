"""Every change of proposals."""

from .answering import answer_proposal, correct_answer
from .attaching import NewFile, attach_file, remove_file
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

__all__ = [
    "NewFile",
    "add_district_map",
    "add_field",
    "answer_proposal",
    "attach_file",
    "correct_answer",
    "discard_draft",
    "draft_proposal",
    "drop_field",
    "forget_author",
    "import_plan",
    "import_proposals",
    "move_field",
    "open_elsewhere",
    "recount_tags",
    "remove_file",
    "resume_field",
    "revise_draft",
    "revise_field",
    "submit_proposal",
    "withdraw_proposal",
]
