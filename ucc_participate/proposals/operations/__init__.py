"""Every change of proposals."""

from .amending import (
    accept_amendment,
    decline_amendment,
    propose_amendment,
    renew_amendment,
    withdraw_amendment,
)
from .answering import (
    answer_proposal,
    correct_answer,
)
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
from .attaching import (
    NewFile,
    attach_file,
    remove_file,
)
from .changing import (
    change_text,
)
from .dissenting import (
    conceal_dissent,
    file_dissent,
    forget_dissents,
    withdraw_dissent,
)
from .endorsing import (
    endorse_proposal,
    recount_endorsements,
    set_rule,
    withdraw_endorsement,
)
from .forgetting import (
    forget_company,
)
from .importing import (
    import_plan,
    open_elsewhere,
)
from .keeping import (
    forget_author,
    import_proposals,
    recount_tags,
)
from .regrouping import (
    answer_regrouping,
    ask_to_regroup,
    carry_out_regrouping,
    drop_regrouping,
    forget_consents,
)
from .setting_up import (
    add_district_map,
    add_field,
    drop_field,
    move_field,
    resume_field,
    revise_field,
)
from .writing import (
    discard_draft,
    draft_proposal,
    revise_draft,
    submit_proposal,
    withdraw_proposal,
)
from .writing_along import (
    accept_invitation,
    decline_invitation,
    invite_co_author,
    leave_proposal,
    withdraw_invitation,
)

__all__ = [
    "Findings",
    "NewFile",
    "accept_amendment",
    "accept_invitation",
    "add_criterion",
    "add_district_map",
    "add_field",
    "answer_proposal",
    "answer_regrouping",
    "ask_to_regroup",
    "assign_appraisal",
    "attach_file",
    "carry_out_regrouping",
    "change_text",
    "conceal_dissent",
    "correct_answer",
    "declare_conflict",
    "decline_amendment",
    "decline_invitation",
    "discard_draft",
    "draft_proposal",
    "drop_field",
    "drop_regrouping",
    "endorse_proposal",
    "file_dissent",
    "forget_author",
    "forget_company",
    "forget_consents",
    "forget_dissents",
    "forget_tasks",
    "import_plan",
    "import_proposals",
    "invite_co_author",
    "leave_proposal",
    "move_field",
    "open_elsewhere",
    "propose_amendment",
    "purge_notes",
    "recount_endorsements",
    "recount_tags",
    "release_appraisal",
    "remove_file",
    "renew_amendment",
    "resume_field",
    "retire_criterion",
    "revise_draft",
    "revise_field",
    "score_proposal",
    "set_answering_rules",
    "set_rule",
    "submit_proposal",
    "withdraw_amendment",
    "withdraw_dissent",
    "withdraw_endorsement",
    "withdraw_invitation",
    "withdraw_proposal",
    "write_appraisal",
]
