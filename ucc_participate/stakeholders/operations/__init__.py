"""Changes of the register of stakeholders."""

from ..entry import OrganisationDetails
from .entries import add_tag, register_organisation, revise_organisation
from .merging import merge_organisations
from .nominating import Nominated, accept_nomination, answer_nomination, nominate
from .seats import forget_delegate, grant_delegate, revoke_delegate

__all__ = [
    "Nominated",
    "OrganisationDetails",
    "accept_nomination",
    "add_tag",
    "answer_nomination",
    "forget_delegate",
    "grant_delegate",
    "merge_organisations",
    "nominate",
    "register_organisation",
    "revise_organisation",
    "revoke_delegate",
]
