"""Every change of forms, dossiers and their texts."""

from ..content import Terms
from .answers import assign_answer, save_answer
from .beginning import begin_dossier, change_form, revise_dossier
from .comments import comment_on, settle_comment
from .erasing import forget_writer
from .freezing import freeze_dossier, unfreeze_dossier
from .official_forms import correct_form, import_form, load_shipped_form

__all__ = [
    "Terms",
    "assign_answer",
    "begin_dossier",
    "change_form",
    "comment_on",
    "correct_form",
    "forget_writer",
    "freeze_dossier",
    "import_form",
    "load_shipped_form",
    "revise_dossier",
    "save_answer",
    "settle_comment",
    "unfreeze_dossier",
]
