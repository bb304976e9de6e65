"""Text messages: one gateway, chosen by settings; no provider is built in.

``UCC_SMS_GATEWAY=console`` puts messages into the folder of mails (demonstration, development). ``http`` calls the
address ``UCC_SMS_URL`` as the provider's documentation says: ``{phone}``, ``{text}`` and ``{code}`` are filled in,
escaped for an address, or for JSON where ``UCC_SMS_BODY`` is given (then it is a POST of that body).
``UCC_SMS_HEADERS`` is a JSON object, for a key. docs/operators-guide.md has the settings for Kavenegar and FarazSMS.
"""

from __future__ import annotations

import json
from email.message import EmailMessage
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ..settings import Settings
from . import mailbox

SECONDS = 15


class SmsGateway(Protocol):
    """Hands one text to one telephone. Raises OSError when it was not taken."""

    def send(self, name: str, phone: str, text: str, data: dict[str, Any]) -> None: ...


class NoGateway:
    """Nothing is set up: every message fails, and says so."""

    def send(self, name: str, phone: str, text: str, data: dict[str, Any]) -> None:
        raise OSError("no SMS gateway is set up (UCC_SMS_GATEWAY)")


class ConsoleGateway:
    """Messages land in the folder of mails, under the telephone's number."""

    def __init__(self, settings: Settings, now: str) -> None:
        self._folder, self._now = settings.instance_path / mailbox.FOLDER, now

    def send(self, name: str, phone: str, text: str, data: dict[str, Any]) -> None:
        mail = EmailMessage()
        mail["To"], mail["Subject"], mail["Date"] = phone, "SMS", self._now
        mail.set_content(text)
        mail["Content-Language"] = "fa"
        mailbox.store(self._folder, name, mail)


class _NoRedirect(HTTPRedirectHandler):
    """A key must not follow a redirect to another host."""

    def redirect_request(self, *_facts: Any) -> None:
        return None


class HttpGateway:
    """A provider's HTTP interface, as the settings describe it."""

    def __init__(self, settings: Settings) -> None:
        self._url, self._body = settings.sms_url, settings.sms_body
        self._headers: dict[str, str] = json.loads(settings.sms_headers or "{}")
        self._open = build_opener(_NoRedirect).open

    def send(self, name: str, phone: str, text: str, data: dict[str, Any]) -> None:
        facts = {"phone": phone, "text": text, "code": str(data.get("code", ""))}
        request = Request(_filled(self._url, facts, quote_all), headers=self._headers)  # noqa: S310 - checked below
        if urlsplit(request.full_url).scheme not in ("http", "https"):
            raise OSError("the SMS gateway needs an http or https address")
        if self._body:
            request.data = _filled(self._body, facts, _json_inside).encode("utf-8")
            request.add_header("Content-Type", "application/json")
        try:
            with self._open(request, timeout=SECONDS) as answer:
                answer.read(1000)
        except HTTPError as refusal:
            raise OSError(f"the SMS gateway answered {refusal.code}") from None


def quote_all(text: str) -> str:
    return quote(text, safe="")


def _json_inside(text: str) -> str:
    """Escaped to stand between the quotation marks of a JSON string."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _filled(template: str, facts: dict[str, str], escape: Any) -> str:
    for name, value in facts.items():
        template = template.replace(f"{{{name}}}", escape(value))
    return template


def gateway(settings: Settings, now: str) -> SmsGateway:
    """The gateway that the settings name. ``now``: the Date header of stored messages."""
    if settings.sms_gateway == "console":
        return ConsoleGateway(settings, now)
    if settings.sms_gateway == "http":
        return HttpGateway(settings)
    return NoGateway()
