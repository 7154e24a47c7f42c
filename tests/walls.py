"""A wall in a real browser, its line played by the test: its own refresh, its heap."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page, Route

AGAIN = """async (times) => {
  for (let i = 0; i < times; i += 1) {
    await new Promise((done) => {
      document.addEventListener("wall:refreshed", done, { once: true });
      document.dispatchEvent(new CustomEvent("wall:refresh"));
    });
  }
}"""
NUMBER = re.compile(r"(<a href=\"[^\"]+/records/[^>]*>)[^<]*(</a>)")


@dataclass(frozen=True)
class Weight:
    """What a page holds after its garbage was collected."""

    heap: int  # bytes of the scripts' heap
    nodes: int
    listeners: int


class Line:
    """Answers a wall: of ten looks one is lost, three find nothing new, six new numbers."""

    def __init__(self, page: Page, part: str) -> None:
        self.page, self.part, self.n = page, part, 0
        self.wire = page.context.new_cdp_session(page)
        page.route("**/figures/wall/part/*", self._answer)

    def _answer(self, route: Route) -> None:
        self.n += 1
        if self.n % 10 == 0:
            route.abort()
        elif self.n % 3 == 0:
            route.fulfill(status=304)
        else:
            body = NUMBER.sub(rf"\g<1>{self.n:,}\g<2>", self.part)
            route.fulfill(body=body, content_type="text/html", headers={"ETag": f'"{self.n}"'})

    def refresh(self, times: int) -> None:
        """Let the page's own refresh run so many times, one after the other."""
        self.page.evaluate(AGAIN, times)

    def weigh(self) -> Weight:
        """Collect the garbage and say what is left."""
        for _twice in range(2):
            self.wire.send("HeapProfiler.collectGarbage")
        counters = self.wire.send("Memory.getDOMCounters")
        heap = self.wire.send("Runtime.getHeapUsage")
        return Weight(int(heap["usedSize"]), counters["nodes"], counters["jsEventListeners"])
