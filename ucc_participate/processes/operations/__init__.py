"""Changes of participation processes."""

from .drafting import (
    Description,
    NewDocument,
    add_document,
    create_process,
    remove_document,
    revise_process,
    schedule_phases,
    set_targets,
)
from .retaining import forget_profiles
from .running import CountUnanswered, GateClosed, close_process, extend_phase, open_process, publish_process

__all__ = [
    "CountUnanswered",
    "Description",
    "GateClosed",
    "NewDocument",
    "add_document",
    "close_process",
    "create_process",
    "extend_phase",
    "forget_profiles",
    "open_process",
    "publish_process",
    "remove_document",
    "revise_process",
    "schedule_phases",
    "set_targets",
]
