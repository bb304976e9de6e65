"""Cast ballots over HTTP: `python -m bench._casting PORT CONNECTIONS < voters.json` prints seconds of each as JSON."""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import threading
import time
from typing import Any
from urllib.parse import urlencode


def cast(port: int, address: str, voters: list[dict[str, str]], spent: list[float]) -> None:
    """One connection, one ballot after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for voter in voters:
        form: list[tuple[str, Any]] = [("csrf_token", voter["token"]), ("idempotency_key", secrets.token_urlsafe(16))]
        form += [("choices", "o1"), ("choices", "o4"), ("choices", "o7")]
        headers = {"Cookie": voter["cookie"], "Content-Type": "application/x-www-form-urlencoded"}
        started = time.perf_counter()
        connection.request("POST", address, urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise SystemExit(f"a ballot was answered with {answer.status}")
        spent.append(time.perf_counter() - started)


def main(port: int, connections: int) -> None:
    told, spent = json.load(sys.stdin), []
    shares = [told["voters"][at::connections] for at in range(connections)]
    threads = [threading.Thread(target=cast, args=(port, told["address"], share, spent)) for share in shares]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(spent) != len(told["voters"]):
        raise SystemExit("not every ballot was taken")
    print(json.dumps({"seconds": time.perf_counter() - started, "each": spent}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
