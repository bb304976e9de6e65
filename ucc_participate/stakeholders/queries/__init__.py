"""Reading the register of stakeholders."""

from .register import (
    PAGE,
    RegisterCounts,
    RegisterFilter,
    RegisterPage,
    count_by_tag,
    count_organisations,
    get_organisation,
    get_organisations,
    list_organisations,
    list_tags,
    live_states,
    live_tags,
    organisation_to_change,
    similar_organisations,
    tags_by_code,
)
from .seats import delegate_to_change, delegations, get_delegate, list_delegates, mandates_of

__all__ = [
    "PAGE",
    "RegisterCounts",
    "RegisterFilter",
    "RegisterPage",
    "count_by_tag",
    "count_organisations",
    "delegate_to_change",
    "delegations",
    "get_delegate",
    "get_organisation",
    "get_organisations",
    "list_delegates",
    "list_organisations",
    "list_tags",
    "live_states",
    "live_tags",
    "mandates_of",
    "organisation_to_change",
    "similar_organisations",
    "tags_by_code",
]
