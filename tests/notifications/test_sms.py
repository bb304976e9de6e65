"""Text messages through a provider's HTTP interface, as settings describe it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.applications import make_app
from ucc_participate.notifications import sms
from ucc_participate.settings import Settings, SettingsError


class Provider(BaseHTTPRequestHandler):
    """Remembers what it was asked, and answers with the status in its address."""

    asked: list[tuple[str, str, dict[str, str], bytes]]

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(503 if "broken" in self.path else 302 if "moved" in self.path else 200)
        self.send_header("Location", "/stolen")
        self.end_headers()

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_facts: object) -> None:
        pass


@pytest.fixture
def provider():
    Provider.asked = []
    with HTTPServer(("127.0.0.1", 0), Provider) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def gateway(tmp_path, **settings: str) -> sms.SmsGateway:
    variables = {f"UCC_{name.upper()}": value for name, value in settings.items()}
    known = {"UCC_INSTANCE_PATH": str(tmp_path), "UCC_SMS_GATEWAY": "http", **variables}
    return sms.gateway(Settings.from_environment(known), "now")


def test_an_address_is_filled_in_and_escaped(tmp_path, provider):
    url = provider + "/send?to={phone}&token={code}&text={text}"
    gateway(tmp_path, sms_url=url).send("1", "+989123456789", "کد & «۱۲»", {"code": "123456"})
    [(verb, path, _headers, _body)] = Provider.asked
    assert verb == "GET"
    assert path.startswith("/send?to=%2B989123456789&token=123456&text=%DA%A9%D8%AF%20%26%20")


def test_a_body_is_posted_as_json_with_the_providers_key(tmp_path, provider):
    body = '{"recipient": "{phone}", "message": "{text}"}'
    made = gateway(tmp_path, sms_url=provider + "/send", sms_body=body, sms_headers='{"apikey": "K"}')
    made.send("1", "+989123456789", 'say "hi"\nagain', {})
    [(verb, _path, headers, sent)] = Provider.asked
    assert (verb, headers["Apikey"]) == ("POST", "K")
    assert json.loads(sent) == {"recipient": "+989123456789", "message": 'say "hi"\nagain'}


@pytest.mark.parametrize("fate", ["broken", "moved"])
def test_what_is_not_taken_is_an_error_and_no_key_follows_a_redirect(tmp_path, provider, fate):
    made = gateway(tmp_path, sms_url=f"{provider}/{fate}", sms_headers='{"apikey": "K"}')
    with pytest.raises(OSError, match="answered"):
        made.send("1", "+98912", "text", {})
    assert [path for _verb, path, _headers, _body in Provider.asked] == [f"/{fate}"]


def test_without_a_gateway_every_message_fails_and_says_so(tmp_path):
    with pytest.raises(OSError, match="no SMS gateway"):
        sms.gateway(Settings.from_environment({"UCC_INSTANCE_PATH": str(tmp_path)}), "now").send("1", "+98", "x", {})


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"UCC_SMS_GATEWAY": "pigeon"}, "off, console or http"),
        ({"UCC_SMS_GATEWAY": "http"}, "UCC_SMS_URL"),
        ({"UCC_SMS_HEADERS": "[1]"}, "JSON object"),
        ({"UCC_SMS_HEADERS": "{"}, "JSON object"),
    ],
)
def test_a_gateway_that_is_not_set_up_whole_stops_the_start(tmp_path, variables, words):
    with pytest.raises(SettingsError, match=words):
        make_app({"UCC_INSTANCE_PATH": str(tmp_path), **variables})
