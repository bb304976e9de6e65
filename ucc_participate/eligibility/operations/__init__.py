"""Every change of eligibility: the rules, what is handed out, what people prove."""

from .handing_out import issue_codes, set_rules, upload_list, withdraw_codes, withdraw_list
from .proving import (
    TooManyAttempts,
    begin_attempt,
    finish_attempt,
    forget_proofs,
    prove_by_code,
    prove_by_list,
    prove_by_phone,
    record_check,
    record_guardian,
    remove_stale,
    revoke_proof,
    send_phone_code,
)

__all__ = [
    "TooManyAttempts",
    "begin_attempt",
    "finish_attempt",
    "forget_proofs",
    "issue_codes",
    "prove_by_code",
    "prove_by_list",
    "prove_by_phone",
    "record_check",
    "record_guardian",
    "remove_stale",
    "revoke_proof",
    "send_phone_code",
    "set_rules",
    "upload_list",
    "withdraw_codes",
    "withdraw_list",
]
