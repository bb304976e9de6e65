"""What is done with opinion maps, one file per subject."""

from .answering import Voice, answer_statement
from .counting import analyse_map, recount_answers
from .forgetting import forget_participant
from .mapping import announce_map, close_map, revise_map
from .stating import LooksAlike, add_statement, conceal_statement, seed_statements

__all__ = [
    "LooksAlike",
    "Voice",
    "add_statement",
    "analyse_map",
    "announce_map",
    "answer_statement",
    "close_map",
    "conceal_statement",
    "forget_participant",
    "recount_answers",
    "revise_map",
    "seed_statements",
]
