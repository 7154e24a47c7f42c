"""Every page of the table: axe, width, console, origin, weight.

In Chinese on a phone each page meets all of axe. In English on a desk in the dark one page in four
is asked for what that changes, the colours and the names of things: their parts all stand in the
catalogue, which meets axe in every look. Then the window is pulled to the other width, because
English words are longest where the room is least.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.browser import DESK, FRAME, PHONE, Reader, axe, reader, sideways
from tests.matrix import TABLE

NAMES = [row.name for row in TABLE if row.page]
HEAVIEST = 150 * 1024  # bytes over the wire for the first page on a phone, everything in it

# What a page's language and colours can break; its skeleton was looked at in the first look.
CHANGED = ("color-contrast", "button-name", "link-name", "label", "select-name", "document-title")

# language, first width, the other width, dark, the rules of axe (all when none is named)
LOOKS: dict[str, tuple[str, int, int, bool, tuple[str, ...]]] = {
    "zh-phone": ("zh-hans", PHONE, DESK, False, ()),
    "en-desk-dark": ("en", DESK, PHONE, True, CHANGED),
}


@pytest.fixture(scope="module")
def readers(chromium, town) -> Iterator[dict[tuple[str, str], Reader]]:
    """Keep one browser for each person and look, as people do."""

    class Kept(dict[tuple[str, str], Reader]):
        def __missing__(self, key: tuple[str, str]) -> Reader:
            who, look = key
            locale, width, _other, dark, _rules = LOOKS[look]
            session = town.known["sessions"].get(who, "")
            options = {"locale": locale, "width": width, "dark": dark}
            self[key] = reader(chromium, town.url, session=session, **options)
            return self[key]

    kept = Kept()
    yield kept
    for one in kept.values():
        one.context.close()


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_fit_to_be_seen(name, look, town, readers):
    page = next(page for page in town.known["pages"] if page["name"] == name)
    one = readers[page["who"], look]
    _locale, width, other, _dark, rules = LOOKS[look]
    one.resize(width)
    answer = one.page.goto(town.url + page["url"])
    assert answer is not None
    assert answer.status == 200
    found = [*one.faults, *sideways(one.page)]
    if not rules or NAMES.index(name) % 4 == 0:
        known = FRAME if one.framed else ()
        one.framed = one.framed or one.page.locator(".side").count() > 0
        found += axe(one.page, *rules, without=known)
    one.resize(other)
    found += [f"at {other} px: {fault}" for fault in sideways(one.page)]
    one.faults.clear()
    assert not found, f"{page['url']} as {page['who']}\n" + "\n".join(found)


@pytest.mark.parametrize("who", ["resident", "staff", "unit_secretary", "city_operator"])
def test_the_first_page_on_a_phone_is_light(who, opens):
    one = opens(who)
    wire = one.context.new_cdp_session(one.page)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    one.open("/")
    one.page.wait_for_load_state("networkidle")
    assert len(sizes) > 3
    assert sum(sizes) <= HEAVIEST, sorted(sizes)


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_the_page_grows_with_the_readers_letters(path, opens):
    """People set large system fonts: at twice the size nothing may stick out."""
    one = opens("staff" if path == "/" else "resident")
    one.open(path)
    one.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(one.page) == []


def test_everything_on_the_first_page_can_be_reached_by_keyboard(opens):
    one = opens("staff", width=DESK)
    page = one.open("/")
    links = page.locator("main a:visible, main button:visible").count()
    seen = set()
    for _step in range(links + 60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))
        focus = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
                 return document.activeElement === document.body || s.outlineStyle !== 'none'
                   || s.boxShadow !== 'none'; }"""
        )
        assert focus, "the focus cannot be seen: " + page.evaluate(
            "document.activeElement.outerHTML.slice(0, 200)"
        )
    reached = page.evaluate(
        """(seen) => [...document.querySelectorAll("main a, main button")]
             .filter((e) => e.checkVisibility() && !seen.includes(e.outerHTML.slice(0, 200)))
             .map((e) => e.outerHTML.slice(0, 120))""",
        sorted(seen),
    )
    assert reached == []
