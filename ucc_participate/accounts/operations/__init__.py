"""Every change of accounts: signing up and in, one's own account, erasing it, roles."""

from .erasing import ERASED_BEFORE, UNUSED, Eraser, erase_account
from .looking import QUIET, note_look
from .own_account import (
    change_email,
    give_consent,
    renew_password_hash,
    request_email_change,
    set_password,
    sign_out_everywhere,
    update_account,
    update_profile,
)
from .retaining import ask_to_stay, note_erased
from .roles import grant_role, revoke_role
from .signing_in import (
    TooManyAttempts,
    begin_password_sign_in,
    finish_password_sign_in,
    issue_link,
    remove_stale,
    renew_link,
    request_link,
    sign_in_by_link,
)
from .signing_up import create_account, sign_up

__all__ = [
    "ERASED_BEFORE",
    "QUIET",
    "UNUSED",
    "Eraser",
    "TooManyAttempts",
    "ask_to_stay",
    "begin_password_sign_in",
    "change_email",
    "create_account",
    "erase_account",
    "finish_password_sign_in",
    "give_consent",
    "grant_role",
    "issue_link",
    "note_erased",
    "note_look",
    "remove_stale",
    "renew_link",
    "renew_password_hash",
    "request_email_change",
    "request_link",
    "revoke_role",
    "set_password",
    "sign_in_by_link",
    "sign_out_everywhere",
    "sign_up",
    "update_account",
    "update_profile",
]
