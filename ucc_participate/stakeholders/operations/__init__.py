"""Changes of the register of stakeholders."""

from .entries import OrganisationDetails, add_tag, register_organisation, revise_organisation
from .seats import forget_delegate, grant_delegate, revoke_delegate

__all__ = [
    "OrganisationDetails",
    "add_tag",
    "forget_delegate",
    "grant_delegate",
    "register_organisation",
    "revise_organisation",
    "revoke_delegate",
]
