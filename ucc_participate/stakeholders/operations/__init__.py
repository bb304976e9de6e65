"""Changes of the register of stakeholders."""

from ..entry import OrganisationDetails
from .entries import add_tag, register_organisation, revise_organisation
from .importing import RegisterChanged, carry_out, drop_preview, forget_previews, keep_preview, look_again
from .merging import keep_apart, merge_organisations
from .nominating import Nominated, accept_nomination, answer_nomination, nominate
from .seats import forget_delegate, grant_delegate, revoke_delegate, set_quorum

__all__ = [
    "Nominated",
    "OrganisationDetails",
    "RegisterChanged",
    "accept_nomination",
    "add_tag",
    "answer_nomination",
    "carry_out",
    "drop_preview",
    "forget_delegate",
    "forget_previews",
    "grant_delegate",
    "keep_apart",
    "keep_preview",
    "look_again",
    "merge_organisations",
    "nominate",
    "register_organisation",
    "revise_organisation",
    "revoke_delegate",
    "set_quorum",
]
