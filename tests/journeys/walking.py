"""How people move about: they come in, fill in, press, read; and what a page must not do to any of them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page, expect

from tests.accounts.making import send_mails, sign_in
from ucc_participate.accounts.models import Account
from ucc_participate.audit.extension import audit_log

LINK = re.compile(r"https?://\S+")
LATIN_DIGIT = re.compile(r"[0-9]")

# What runs over the edge, is too small to read, or too small for a thumb (44 px; 24 px for links in a text).
MEASURE = """() => {
  const faults = [];
  const seen = one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.visually-hidden, .skip, svg');
  const name = one => one.outerHTML.slice(0, 90);
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.push(`runs ${over} px over the edge`);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const holder = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || holder.closest('script, style') || !seen(holder)) continue;
    const size = parseFloat(getComputedStyle(holder).fontSize);
    if (size < 12) faults.push(`${size} px of type: ${name(holder)}`);
  }
  const controls = 'button, input:not([type=hidden]), select, textarea, summary, a.button';
  for (const one of document.querySelectorAll(`a[href], ${controls}`)) {
    if (!seen(one)) continue;
    const target = ['checkbox', 'radio'].includes(one.type) && one.closest('label') || one;
    const {width, height} = target.getBoundingClientRect();
    const least = one.matches(controls) ? 44 : 24;
    if (height < least - .5 || width < 23.5) faults.push(`${width} × ${height} px to press: ${name(one)}`);
  }
  return faults;
}"""

# What a Persian page says in its own voice: neither code, addresses and charts, nor what was typed by somebody.
OWN_WORDS = """() => {
  const copy = document.querySelector('main').cloneNode(true);
  copy.querySelectorAll('code, pre, bdi, svg, input, textarea, option, [dir], [lang]').forEach(one => one.remove());
  return copy.textContent;
}"""


def enter(page: Page, app: Flask, account: Account, *, now: datetime) -> None:
    """Let this browser be signed in, as after a link; the journeys that are about signing in do it themselves."""
    client = sign_in(app, account, now=now)
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    address = app.extensions["ucc.settings"].public_url
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()


def is_told(page: Page, words: str) -> None:
    """A message at the top of the page says that it worked."""
    expect(page.locator(".flashes")).to_contain_text(words)


def mailed_link(app: Flask) -> str:
    """The first address in the newest mail."""
    found = LINK.search(send_mails(app)[0].body)
    assert found is not None
    return found[0]


def fill_day(page: Page, name: str, day: date) -> None:
    """A day in the Gregorian calendar, typed into its three parts."""
    page.fill(f"[name='{name}-day']", str(day.day))
    page.select_option(f"[name='{name}-month']", f"gregorian-{day.month}")
    page.fill(f"[name='{name}-year']", str(day.year))


def complaints(page: Page) -> list[str]:
    """What MEASURE finds once the page is there whole, with its fonts."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready.then(() => null)")
    found: list[str] = page.evaluate(MEASURE)
    return found


def latin_digits_in_own_words(page: Page) -> list[str]:
    return LATIN_DIGIT.findall(page.evaluate(OWN_WORDS))


def keep(page: Page, name: str, folder: Path) -> Path:
    """Press what downloads a file, and keep it under its own name."""
    with page.expect_download() as coming:
        page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    kept = folder / coming.value.suggested_filename
    coming.value.save_as(kept)
    return kept


def verify(program: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the downloaded verifier as a stranger does: a fresh Python, nothing of ours on its path."""
    command = [sys.executable, "-I", str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=program.parent, env={})


def vkey(app: Flask) -> str:
    with app.app_context():
        return str(audit_log().signer.vkey)


def run_jobs(app: Flask) -> None:
    """What the clock does meanwhile: mails, seals, votes that open and close."""
    app.extensions["ucc.jobs"].run_all()


def focused(page: Page) -> dict[str, Any]:
    """What has the focus, and whether somebody who looks at the screen can tell."""
    found: dict[str, Any] = page.evaluate(
        """() => {
          const one = document.activeElement;
          const marked = one.closest('.choice') || one;
          const style = getComputedStyle(marked), box = one.getBoundingClientRect();
          const inside = box.bottom > 0 && box.top < innerHeight;
          const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
          return {tag: one.tagName, html: one.outerHTML.slice(0, 90), seen: inside && outlined, id: one.id,
                  inMain: !!one.closest('main'), top: box.top + scrollY};
        }"""
    )
    return found
