"""A phone or a desk in real Chromium, watched: what it fetched, what it complained of."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize

# Chromium as Debian builds it for work without a window: the whole browser draws its own tabs and
# buttons in processes beside each page, which cost more than most pages.
KNOWN = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, KNOWN), KNOWN[-1])
FLAGS = ["--no-sandbox", "--disable-background-networking", "--force-color-profile=srgb"]
PHONE, DESK = 360, 1280
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
FRAME = (".side", ".top", ".foot", ".dock")  # around every page of one person the same
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass
class Reader:
    """One person's browser. `faults` collects what no page may do."""

    context: BrowserContext
    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)
    framed: bool = False  # whether axe has seen what stands around every page

    def open(self, path: str) -> Page:
        """Go to a page of the city."""
        self.page.goto(self.origin + path if path.startswith("/") else path)
        return self.page

    def resize(self, width: int) -> None:
        """Give the window the size of a phone or of a desk."""
        self.page.set_viewport_size(size(width))

    def check(self) -> None:
        """Fail on what the page did wrong, on axe's findings, and on sideways scrolling."""
        found = [*self.faults, *axe(self.page), *sideways(self.page)]
        self.faults.clear()
        assert not found, f"{self.page.url}\n" + "\n".join(found)


def size(width: int) -> ViewportSize:
    """Give a window of this width its height."""
    return {"width": width, "height": 740 if width == PHONE else 900}


def reader(
    browser: Browser,
    origin: str,
    *,
    session: str = "",
    locale: str = "zh-hans",
    width: int = PHONE,
    dark: bool = False,
    **options: Any,
) -> Reader:
    """Open a browser of its own; `session` is the cookie of somebody who is signed in."""
    context = browser.new_context(
        viewport=size(width),
        locale="en-GB" if locale == "en" else "zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(15_000)
    cookies = {"django_language": locale, "gw_session": session}
    context.add_cookies([{"name": k, "value": v, "url": origin} for k, v in cookies.items() if v])
    made = Reader(context, context.new_page(), origin)
    _watch(made)
    return made


def _watch(made: Reader) -> None:
    home = urlsplit(made.origin).netloc

    def fetched(request: Request) -> None:
        where = urlsplit(request.url)
        if where.scheme in {"http", "https", "ws", "wss"} and where.netloc != home:
            made.faults.append(f"asked another origin: {request.url}")

    def said(message: Any) -> None:
        # The browser itself logs a refused page; its status is the test's business, not this.
        if message.type == "error" and "Failed to load resource" not in message.text:
            made.faults.append(f"console: {message.text}")

    made.context.on("request", fetched)
    made.page.on("console", said)
    made.page.on("pageerror", lambda error: made.faults.append(f"script: {error}"))


def axe(page: Page, *rules: str, without: Sequence[str] = ()) -> list[str]:
    """Run axe-core over the page and say each finding in a line.

    WCAG 2.2 AA, or `rules` alone; `without` are selectors of what is not looked at.
    """
    page.evaluate(AXE)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": WCAG}
    options = json.dumps({"runOnly": only, "resultTypes": ["violations"]})
    left_out = json.dumps({"exclude": [[selector] for selector in without]})
    context = left_out if without else "document"
    found = page.evaluate(f"axe.run({context}, {options})")
    return [
        f"axe {violation['id']}: {node['target']} {node['html'][:120]} {_why(node)}"
        for violation in found["violations"]
        for node in violation["nodes"][:4]
    ]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(c["message"] for part in ("any", "all", "none") for c in node[part])[:200]


def sideways(page: Page) -> list[str]:
    """Name what makes the page wider than its window."""
    return page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= width) return [];
          const wide = [...document.body.querySelectorAll("*")].filter((e) => {
            const box = e.getBoundingClientRect();
            return box.width > 0 && box.right > width + 0.5 && !e.closest(".scroll, svg");
          });
          const named = wide.slice(0, 3).map((e) => `${e.tagName}.${e.className}`.slice(0, 60));
          return [`wider than the window (${document.documentElement.scrollWidth}): ${named}`];
        }"""
    )
