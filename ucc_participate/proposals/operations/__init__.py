"""Every change of proposals."""

from .answering import answer_proposal, correct_answer
from .appraising import (
    Findings,
    add_criterion,
    assign_appraisal,
    declare_conflict,
    forget_tasks,
    purge_notes,
    release_appraisal,
    retire_criterion,
    score_proposal,
    set_answering_rules,
    write_appraisal,
)
from .dissenting import conceal_dissent, file_dissent, forget_dissents, withdraw_dissent
from .keeping import forget_author, import_proposals, recount_tags
from .regrouping import (
    answer_regrouping,
    ask_to_regroup,
    carry_out_regrouping,
    drop_regrouping,
    forget_consents,
)
from .writing import discard_draft, draft_proposal, revise_draft, submit_proposal, withdraw_proposal

__all__ = [
    "Findings",
    "add_criterion",
    "answer_proposal",
    "answer_regrouping",
    "ask_to_regroup",
    "assign_appraisal",
    "carry_out_regrouping",
    "conceal_dissent",
    "correct_answer",
    "declare_conflict",
    "discard_draft",
    "draft_proposal",
    "drop_regrouping",
    "file_dissent",
    "forget_author",
    "forget_consents",
    "forget_dissents",
    "forget_tasks",
    "import_proposals",
    "purge_notes",
    "recount_tags",
    "release_appraisal",
    "retire_criterion",
    "revise_draft",
    "score_proposal",
    "set_answering_rules",
    "submit_proposal",
    "withdraw_dissent",
    "withdraw_proposal",
    "write_appraisal",
]
