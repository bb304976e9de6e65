"""What people type about proposals: the proposal itself, the city's answer, what part of a list is wanted."""

from .appraising import (
    AnsweringRulesForm,
    AssignForm,
    ConflictForm,
    CriterionForm,
    FindingsForm,
    score_form,
)
from .batch import (
    BatchForm,
    batch_form,
)
from .dissenting import (
    DissentForm,
)
from .particulars import (
    degrees,
    typed_particulars,
)
from .questions import (
    AttachmentForm,
    MapForm,
    QuestionForm,
    form_for,
    typed_answers,
    typed_question,
    with_questions,
)
from .regrouping import (
    CarryOutForm,
    MergeForm,
    SplitForm,
)
from .together import (
    AcceptForm,
    AmendmentForm,
    DeclineForm,
    InvitationForm,
    NewTextForm,
    RuleForm,
    typed_in,
)
from .writing import (
    AnswerForm,
    ListForm,
    ProposalForm,
    asked_for,
    filters_from,
    typed_before,
)

__all__ = [
    "AcceptForm",
    "AmendmentForm",
    "AnswerForm",
    "AnsweringRulesForm",
    "AssignForm",
    "AttachmentForm",
    "BatchForm",
    "CarryOutForm",
    "ConflictForm",
    "CriterionForm",
    "DeclineForm",
    "DissentForm",
    "FindingsForm",
    "InvitationForm",
    "ListForm",
    "MapForm",
    "MergeForm",
    "NewTextForm",
    "ProposalForm",
    "QuestionForm",
    "RuleForm",
    "SplitForm",
    "asked_for",
    "batch_form",
    "degrees",
    "filters_from",
    "form_for",
    "score_form",
    "typed_answers",
    "typed_before",
    "typed_in",
    "typed_particulars",
    "typed_question",
    "with_questions",
]
