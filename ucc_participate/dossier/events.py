"""What happens to official forms, dossiers and their texts, as the log says it.

While a text is not public its entries are empty; the freezing writes every text whole.
"""

from flask_babel import lazy_gettext as _l

from ..kernel.events import AuditEvent


class FormEvent(AuditEvent):
    ADDED = "form_version.added", _l("An edition of an official form was entered.")


class DossierEvent(AuditEvent):
    BEGUN = "dossier.begun", _l("The city began to write its application.")
    REVISED = "dossier.revised", _l("Deadlines or the language of the application were changed.")
    FORM_CHANGED = "dossier.form_changed", _l("The application was moved to another edition of the form.")
    FROZEN = "dossier.frozen", _l("The application was frozen as it is handed in."), True
    UNFROZEN = "dossier.unfrozen", _l("The application was opened again, with a reason."), True


class AnswerEvent(AuditEvent):
    SAVED = "answer.saved", _l("A text of the application was saved.")
    SENT = "answer.sent", _l("A text of the application was sent to be reviewed.")
    RETURNED = "answer.returned", _l("A text of the application went back to whoever writes it.")
    FINALISED = "answer.finalised", _l("A text of the application became final.")
    REOPENED = "answer.reopened", _l("A final text of the application was opened again.")
    ASSIGNED = "answer.assigned", _l("It was settled who writes a text of the application.")
    COMMENTED = "answer.commented", _l("Somebody of the city commented on a text of the application.")
    SETTLED = "answer.settled", _l("A comment on a text of the application was dealt with.")
    FROZEN = "answer.frozen", _l("A text of the application was fixed as it is handed in.")
