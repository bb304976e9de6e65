"""Going through the demonstration city from link to link, as somebody who signed in."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin, urlsplit

from ucc_participate.demo.people import PASSWORD

LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
ID = re.compile(r"/[23456789abcdefghjkmnpqrstuvwxyz]{8}(?=/|$)")
VISITOR = None
OF_ONE_KIND = 3
LEFT_ALONE = ("/language/", "/sign-out", "/log/tile/", "/static/")


def kind_of(path):
    """The address with ids taken out: pages of one kind share it."""
    return re.sub(r"/\d+", "/N", ID.sub("/ID", path))


def links_in(page, at):
    """Addresses on this site that a page leads to, without what follows the question mark."""
    for link in LINK.findall(page):
        parts = urlsplit(urljoin(at, unescape(link)))
        if not parts.scheme and not parts.netloc and not parts.path.startswith(LEFT_ALONE):
            yield parts.path


def walk(client):
    """(path, status) of the pages that links lead to from the home page, a few of each kind."""
    seen, waiting, kinds = {"/"}, deque(["/"]), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kinds[kind_of(path)] += 1
        if kinds[kind_of(path)] > OF_ONE_KIND:
            continue
        with client.get(path) as answer:
            status, page = answer.status_code, answer.text if answer.mimetype == "text/html" else ""
        yield path, status
        new = [link for link in dict.fromkeys(links_in(page, path)) if status == 200 and link not in seen]
        seen.update(new)
        waiting.extend(new)


def of_each_kind(city, paths, *, most=4):
    """One page of each kind of address; of those that one view answers (sections, languages) at most ``most``."""
    addresses, of_view, found = city.url_map.bind("localhost"), Counter[str](), {}
    for path in paths:
        if kind_of(path) not in found and of_view[view := addresses.match(path)[0]] < most:
            of_view[view] += 1
            found[kind_of(path)] = path
    return found


def signed_in(city, who):
    client = city.test_client()
    if who is not VISITOR:
        form = {"by-password-email": f"{who}@sepidrud.example", "by-password-password": PASSWORD}
        assert client.post("/sign-in/password", data=form).status_code == 303
    return client
