"""A crowd at the portal, each with a browser of its own; what runs inside the city stands first."""

from __future__ import annotations

import re
import uuid
from http.client import HTTPConnection
from urllib.parse import urlencode

from bench.hall import CSRF

RECEIPT = re.compile(r"/matters/receipt/([A-Za-z0-9_-]+)/")


# ---- inside the city: `City.call("tests.faults.crowd:prepare")` ------------------------------
def prepare() -> dict[str, str]:
    """Write the cast and give what a form of the portal carries, opened a minute ago."""
    from django.urls import reverse

    from groundwork.base import clock
    from groundwork.matters.tests.make import the_category
    from groundwork.matters.tests.portal import opened
    from groundwork.web.declared import OPENED_FIELD
    from tests.cast import build

    reverse("matters:raise")  # loads the pages, whose forms declare themselves
    place = build().places["chenglang"]
    return {
        "place": place.public_id,
        "category": the_category("roads").public_id,
        "kind": "help",
        "step": "3",
        "go": "send",
        OPENED_FIELD: opened(clock.now()),
    }


def standing(secrets: list[str]) -> list[str]:
    """Give those of the secrets whose matter stands whole: raiser, step, trail, search entry."""
    from groundwork.base.errors import NotFound
    from groundwork.base.models import SearchEntry, TrailEntry
    from groundwork.matters.policy import raiser_by_secret

    whole = []
    for secret in secrets:
        try:
            matter = raiser_by_secret(secret).matter
        except NotFound:
            continue
        if (
            matter.steps.filter(verb="raise").count() == 1
            and matter.raisers.count() == 1
            and TrailEntry.objects.filter(object_id=matter.public_id, verb="raise").count() == 1
            and SearchEntry.objects.filter(kind="matters.matter", object_pk=matter.pk).exists()
        ):
            whole.append(secret)
    return whole


def halves() -> list[str]:
    """List matters that were written in part: there must be none."""
    from groundwork.matters.models import Matter

    return list(Matter.objects.filter(raisers=None).values_list("receipt", flat=True)) + list(
        Matter.objects.filter(steps=None).values_list("receipt", flat=True)
    )


def ledger() -> int:
    """Count the matters."""
    from groundwork.matters.models import Matter

    return Matter.objects.count()


# ---- outside: the people ---------------------------------------------------------------------
class Browser:
    """One browser on one line, with the cookies that the portal gave it."""

    def __init__(self, port: int) -> None:
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"csrftoken": CSRF}
        try:
            self._ask("GET")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self.line.close()

    def say(self, form: dict[str, str], number: int) -> str:
        """Send one form; give the secret of the receipt that was shown, "" for none.

        Raises OSError or HTTPException when the line is cut before the whole answer is there.
        """
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"writer {number}"))
        words = f"第{number}号路灯不亮，请派人来看。编号{number:04d}。"
        shown = self._ask("POST", urlencode({**form, "words": words, "client_key": key}))
        found = RECEIPT.search(shown)
        return found[1] if found else ""

    def _ask(self, method: str, body: str = "") -> str:
        """Ask the portal and give the address it leads to."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": CSRF,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.line.request(method, "/matters/raise/", body, headers)
        answer = self.line.getresponse()
        answer.read()
        for set_cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = set_cookie.partition(";")[0].partition("=")
            if name != "csrftoken":
                self.cookies[name] = value
        return answer.headers.get("Location", "")
