"""What evaluators and the city do over the dossier, as the log says it."""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class EvaluatorEvent(AuditEvent):
    """Entries name the office that evaluates, never the person in it."""

    INVITED = "evaluator.invited", _l("An evaluator was invited to read the dossier.")
    CAME = "evaluator.came", _l("An evaluator opened the dossier for the first time.")
    REVOKED = "evaluator.revoked", _l("The invitation of an evaluator was ended.")


class QuestionEvent(AuditEvent):
    PUT = "evaluator_question.put", _l("An evaluator put a question to the city.")
    ANSWERED = "evaluator_question.answered", _l("The city answered the question of an evaluator.")
