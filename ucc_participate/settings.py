"""Every setting of the product: name, type, default, environment variable, one line of help.

A setting that is unknown or wrong stops the start with a sentence that says which and why.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "UCC_"


class SettingsError(SystemExit):
    """The process must not start; the text says which setting is wrong and why."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Settings are wrong, refusing to start:\n" + "\n".join(f"  - {line}" for line in problems))
        self.problems = problems


def _text(raw: str) -> str:
    if not raw.strip():
        raise ValueError("must not be empty")
    return raw.strip()


def _whole(raw: str) -> int:
    value = int(raw)
    if value < 0:
        raise ValueError("must not be negative")
    return value


def _hour(raw: str) -> int:
    value = _whole(raw)
    if value > 23:
        raise ValueError("must be an hour from 0 to 23")
    return value


def _yes_no(raw: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    try:
        return answers[raw.strip().lower()]
    except KeyError:
        raise ValueError("must be yes or no") from None


def _locale(raw: str) -> str:
    if raw not in ("fa", "en", "fr"):
        raise ValueError("must be fa, en or fr")
    return raw


def _zone(raw: str) -> str:
    try:
        ZoneInfo(raw)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("is not a time zone name such as Asia/Tehran") from None
    return raw


def _web_address(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise ValueError("must be an address such as https://example.org with no path")
    return f"{parts.scheme}://{parts.netloc}"


def _database(raw: str) -> str:
    if raw.startswith("postgres://"):
        raw = "postgresql://" + raw.removeprefix("postgres://")
    if not raw.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if raw in ("sqlite:///", "sqlite:///:memory:"):
        raise ValueError("must name a file: a database in memory would lose the log")
    return raw


def _secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError("must have at least 32 characters")
    return raw


def _setting(parse: Callable[[str], Any], default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"parse": parse, "help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one application, already checked."""

    instance_path: Path = _setting(Path, Path("instance"), "Folder of the database, uploads, keys and mails.")
    database_url: str = _setting(_database, "", "Database address; SQLite in the instance folder when absent.")
    secret_key: str = _setting(_secret, "", "Signs sessions and links; made once in the instance folder when absent.")
    public_url: str = _setting(_web_address, "http://127.0.0.1:8000", "Address under which people reach the site.")
    log_origin: str = _setting(_text, "", "Name of the audit log; host of the public URL + /log when absent.")
    city_name: str = _setting(_text, "Sepidrud", "Name of the city in English.")
    city_name_fa: str = _setting(_text, "سپیدرود", "Name of the city in Persian.")
    city_name_fr: str = _setting(_text, "Sépidroud", "Name of the city in French.")
    contact: str = _setting(_text, "", "Telephone, address and hours, for people without the internet: one line.")
    country: str = _setting(_text, "Iran", "English name of the country.")
    default_locale: str = _setting(_locale, "fa", "Language for people who have chosen none.")
    honour_browser_language: bool = _setting(_yes_no, False, "Let the browser choose the language at first.")
    timezone: str = _setting(_zone, "Asia/Tehran", "Zone in which days begin and times are shown.")
    currency: str = _setting(_text, "IRR", "ISO code of the currency of costs and budgets.")
    mail_backend: str = _setting(_text, "folder", "Where mails go: folder (instance/mails, shown on /mails) or smtp.")
    mail_from: str = _setting(_text, "no-reply@localhost", "Sender's address of mails.")
    smtp_url: str = _setting(_text, "", "smtp://user:password@host:port or smtps://…, for the mail backend smtp.")
    sms_gateway: str = _setting(_text, "off", "Text messages: off, console (into the folder of mails) or http.")
    sms_url: str = _setting(_text, "", "Address of the SMS provider, with {phone}, {text} or {code}; needed for http.")
    sms_body: str = _setting(_text, "", "JSON body of a POST to the SMS provider, with the same places.")
    sms_headers: str = _setting(_text, "", "JSON object of headers for the SMS provider, such as its key.")
    show_mails: bool = _setting(_yes_no, False, "Show the folder of mails on a page: for demonstration machines only.")
    demonstration: bool = _setting(_yes_no, False, "Say on every page that this is a demonstration.")
    checkpoint_seconds: int = _setting(_whole, 60, "Sign a checkpoint at least this often while the log grows.")
    session_days: int = _setting(_whole, 30, "Days after which a sign-in ends.")
    behind_proxy: int = _setting(_whole, 0, "Number of trusted proxies in front of the server.")
    rate_limits: bool = _setting(_yes_no, True, "Limit how often one address may post.")
    jobs_in_server: bool = _setting(_yes_no, True, "Run the jobs in the server itself; no: run flask worker beside it.")
    visitor_cache_seconds: int = _setting(
        _whole, 5, "Keep whole pages so long for visitors without a session; 0: never."
    )
    quiet_from: int = _setting(_hour, 21, "From this hour of the day on nobody is reminded of anything.")
    quiet_until: int = _setting(_hour, 8, "Hour at which the quiet ends; the same as the other: there is none.")
    max_upload_bytes: int = _setting(_whole, 10_000_000, "Largest upload.")
    max_attachments: int = _setting(_whole, 5, "Most files that a proposal may have.")
    max_attachment_bytes: int = _setting(_whole, 5_000_000, "Largest file of a proposal.")
    smallest_group: int = _setting(_whole, 5, "Figures of fewer people than this are not published.")
    comment_edit_minutes: int = _setting(_whole, 15, "Minutes in which people may change the words of a comment.")
    profile_months: int = _setting(_whole, 12, "Months that sex, age, district are kept after the last process.")
    unused_ask_months: int = _setting(_whole, 24, "Months without a sign-in after which a person is asked to stay.")
    unused_erase_months: int = _setting(_whole, 27, "Months without a sign-in after which an account is erased.")
    contact_months: int = _setting(_whole, 36, "Months without a process after which contact data is flagged.")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """Read ``UCC_…`` variables. Raises SettingsError naming every wrong or unknown one."""
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        problems = [f"{name} is not a setting." for name in sorted(environ) if _is_stray(name, known)]
        values: dict[str, Any] = {}
        for name, spec in known.items():
            if name not in environ:
                continue
            try:
                values[spec.name] = spec.metadata["parse"](environ[name])
            except ValueError as fault:
                problems.append(f"{name} {fault}.")
        if problems:
            raise SettingsError(problems)
        return cls(**values).completed()

    def completed(self) -> Settings:
        """Fill the settings whose default depends on others; make the instance folder and its secret."""
        instance = self.instance_path.resolve()
        changes: dict[str, Any] = {"instance_path": instance}
        instance.mkdir(parents=True, exist_ok=True)
        if not self.database_url:
            changes["database_url"] = f"sqlite:///{instance / 'ucc_participate.sqlite'}"
        if not self.secret_key:
            changes["secret_key"] = _stored_secret(instance / "secret_key")
        if not self.log_origin:
            changes["log_origin"] = urlsplit(self.public_url).netloc + "/log"
        if self.mail_backend not in ("folder", "smtp"):
            raise SettingsError([f"{PREFIX}MAIL_BACKEND must be folder or smtp."])
        if self.mail_backend == "smtp" and not self.smtp_url:
            raise SettingsError([f"{PREFIX}SMTP_URL is needed when {PREFIX}MAIL_BACKEND is smtp."])
        _check_sms(self)
        if self.unused_erase_months <= self.unused_ask_months:
            raise SettingsError([f"{PREFIX}UNUSED_ERASE_MONTHS must be more than {PREFIX}UNUSED_ASK_MONTHS."])
        return Settings(**{f.name: changes.get(f.name, getattr(self, f.name)) for f in fields(self)})

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    def city(self, locale: str) -> str:
        return {"fa": self.city_name_fa, "fr": self.city_name_fr}.get(locale, self.city_name)


def _check_sms(settings: Settings) -> None:
    """Raise SettingsError unless the SMS gateway is set up whole."""
    if settings.sms_gateway not in ("off", "console", "http"):
        raise SettingsError([f"{PREFIX}SMS_GATEWAY must be off, console or http."])
    if settings.sms_gateway == "http" and not settings.sms_url.startswith(("http://", "https://")):
        raise SettingsError([f"{PREFIX}SMS_URL must be an http or https address when {PREFIX}SMS_GATEWAY is http."])
    try:
        headers = json.loads(settings.sms_headers or "{}")
    except ValueError:
        headers = None
    if not isinstance(headers, dict) or not all(isinstance(value, str) for value in headers.values()):
        raise SettingsError([f"{PREFIX}SMS_HEADERS must be a JSON object of texts."])


def _is_stray(name: str, known: Mapping[str, Any]) -> bool:
    return name.startswith(PREFIX) and name not in known and name != PREFIX + "SHARED"


def _stored_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii").strip()
