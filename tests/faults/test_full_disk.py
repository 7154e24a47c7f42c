"""A disk full to its last byte under a real server: said in words, nothing lost, it goes on."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from bench.hall import CSRF
from tests.city import City, copy_of
from tests.disk import fill, small_disk
from tests.faults import crowd

RAISE, VISIT = "/matters/raise/", "/service/visits/new/"
SAID = {"zh-CN": "磁盘满了，这次没有存下", "en": "disk is full"}


# ---- inside the city -------------------------------------------------------------------------
def prepare() -> dict[str, Any]:
    """Write the cast; give a form of the portal, one of a visit, and the visitor's session."""
    from bench.common import sign_in
    from groundwork.access.models import Account
    from groundwork.base import clock

    form = crowd.prepare()
    visit = {
        "service": "people",
        "elsewhere": f"place:{form['place']}",
        "day": clock.today().isoformat(),
        "problem_0": "北门的路灯坏了三天。" * 40,
    }
    account = Account.objects.get(person__name="单晓芸")
    return {"form": form, "visit": visit, "cookies": sign_in(account)}


def written() -> dict[str, Any]:
    """Count what stands, and what stands half or is named and not there."""
    from groundwork.base.attachments import read
    from groundwork.base.models import Attachment
    from groundwork.service.models import Visit

    for attachment in Attachment.objects.all():
        content = read(attachment)
        assert len(content) == attachment.size
        Image.open(io.BytesIO(content)).load()
    return {
        "matters": crowd.ledger(),
        "halves": crowd.halves(),
        "visits": Visit.objects.count(),
        "photos": Attachment.objects.count(),
    }


def picture() -> bytes:
    """Draw a photo that no format makes small."""
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 300), os.urandom(360_000)).save(out, "PNG")
    return out.getvalue()


class Reader:
    """A browser with its cookies and its language."""

    def __init__(self, city: City, language: str, cookies: dict[str, str] | None = None) -> None:
        self.url = city.url
        self.session = requests.Session()
        self.session.headers.update({"Accept-Language": language, "X-CSRFToken": CSRF})
        self.session.cookies.update({"csrftoken": CSRF, **(cookies or {})})

    def get(self, path: str) -> requests.Response:
        """Open a page."""
        return self.session.get(self.url + path, timeout=60)

    def post(self, path: str, fields: dict[str, str], **more: Any) -> requests.Response:
        """Send a form; follow nothing."""
        return self.session.post(self.url + path, fields, allow_redirects=False, timeout=60, **more)


def matter(form: dict[str, str], words: str) -> dict[str, str]:
    """Fill in the portal's form, so long that no page with room in it takes it."""
    return {**form, "words": f"{words}{'请派人来看。' * 700}", "client_key": str(uuid.uuid4())}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own for a city."""
    with small_disk(tmp_path / "disk", megabytes=48) as folder:
        yield folder


def test_a_disk_full_to_its_last_byte_loses_nothing_and_is_said_in_the_readers_words(
    disk, empty_city
):
    city = City(copy_of(empty_city, disk / "city"))
    try:
        given = city.call("tests.faults.test_full_disk:prepare")
        city.start_server()
        resident, english = Reader(city, "zh-CN"), Reader(city, "en")
        staff = Reader(city, "zh-CN", given["cookies"])
        for reader, path in ((resident, RAISE), (english, RAISE), (staff, VISIT)):
            assert reader.get(path).status_code == 200
        first = matter(given["form"], "第一件")
        receipt = resident.post(RAISE, first).headers["Location"]

        theirs = fill(disk)
        forms = {reader: matter(given["form"], words) for reader, words in (
            (resident, "第二件"), (english, "The third"),
        )}  # fmt: skip
        for reader, form in forms.items():
            refused(reader, form)
        refused_photo(resident, forms[resident])
        queued = {"HX-Request": "true"}
        visit = {**given["visit"], "client_key": "a-visit"}
        answer = staff.post(VISIT, visit, headers=queued)
        assert (answer.status_code, SAID["zh-CN"] in answer.text) == (507, True), answer.text
        assert resident.get(receipt).status_code == 200, "what was shown is still shown"
        assert resident.get("/matters/").status_code == 200

        theirs.unlink()
        assert resident.post(RAISE, first).headers["Location"] == receipt
        photo = {"photos": ("路灯.png", picture(), "image/png")}
        for reader, form in forms.items():
            assert reader.post(RAISE, form, files=photo).status_code == 302
        assert staff.post(VISIT, visit, headers=queued).status_code == 200
        assert staff.post(VISIT, visit, headers=queued).status_code == 200
        assert city.call("tests.faults.test_full_disk:written") == {
            "matters": 4, "halves": [], "visits": 1, "photos": 2,
        }  # fmt: skip
    finally:
        city.stop()


def refused(reader: Reader, form: dict[str, str]) -> None:
    """See a matter refused in the reader's words, with all that was typed."""
    answer = reader.post(RAISE, form)
    language = str(reader.session.headers["Accept-Language"])
    assert (answer.status_code, SAID[language] in answer.text) == (507, True), answer.text
    assert form["words"] in answer.text


def refused_photo(reader: Reader, form: dict[str, str]) -> None:
    """See a photo refused, by its name, and the words kept."""
    answer = reader.post(RAISE, form, files={"photos": ("路灯.png", picture(), "image/png")})
    assert answer.status_code in (422, 507), answer.text
    assert "路灯.png：服务器的" in answer.text
    assert form["words"] in answer.text
