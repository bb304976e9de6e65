"""Every change of needs and assets, of their files, and of which needs matter most."""

from .files import NewFile, attach_file, remove_file
from .items import add_item, forget_contributor, list_item, retire_item, revise_item
from .ranking import choose_needs, tell_ranking

__all__ = [
    "NewFile",
    "add_item",
    "attach_file",
    "choose_needs",
    "forget_contributor",
    "list_item",
    "remove_file",
    "retire_item",
    "revise_item",
    "tell_ranking",
]
