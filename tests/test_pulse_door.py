"""A pulse on the city's own port: through the server's threads to the ingest and onto the disk."""

from __future__ import annotations

import http.client
from datetime import timedelta

from tests.city import City


def open_a_stream() -> str:
    """Open a stream that began ten minutes ago; runs inside the city."""
    from groundwork.base import clock
    from groundwork.base.actor import system
    from groundwork.live.actions.streams import open_stream
    from groundwork.live.actions.watching import enrol_streams
    from groundwork.registry.models import Body, Place

    now = clock.now()
    place = Place.objects.create(
        path="0001", depth=1, numchild=0, code="3302", name="宁波市", level="city"
    )
    unit = Body.objects.create(
        path="0001", depth=1, numchild=0, code="B", name="市级机关", kind="unit", place=place
    )
    stream = open_stream(
        subject_kind="study.evening",
        subject_id="tonight",
        title="夜学",
        starts_at=now - timedelta(minutes=10),
        ends_at=now + timedelta(hours=1),
        host=unit,
        by=system("tests"),
    )
    enrol_streams()
    return str(stream.public_id)


def digest_it(public_id: str) -> list[int]:
    """Close the stream and digest it two hours later; gives plays and viewers."""
    from groundwork.base import clock
    from groundwork.base.actor import system
    from groundwork.live.actions.streams import close_stream
    from groundwork.live.actions.watching import enrol_streams
    from groundwork.live.digest.job import digest_due
    from groundwork.live.models import Digest

    close_stream(public_id, by=system("tests"))
    enrol_streams()
    digest_due(at=clock.now() + timedelta(hours=2))
    digest = Digest.objects.get()
    return [digest.plays, digest.viewers]


class Phone:
    """A browser that keeps its connection to the city open."""

    def __init__(self, city: City) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", city.port, timeout=30)

    def post(self, query: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        self.line.request("POST", f"/live/pulse?{query}", headers=headers)
        answer = self.line.getresponse()
        body = answer.read().decode()
        return answer.status, body, {k.lower(): v for k, v in answer.getheaders()}


def test_pulses_take_the_citys_own_port_and_a_restart_of_the_ingest_loses_none(city):
    stream = city.call("tests.test_pulse_door:open_a_stream")
    city.start_server()
    phone = Phone(city)
    status, _body, headers = phone.post(stream)
    assert (status, headers["retry-after"]) == (503, "30")  # no ingest yet: the page comes again

    city.start_ingest()
    status, token, headers = phone.post(stream)
    assert status == 200
    assert len(token) == 28
    minute = int(headers["stream-at"]) // 60
    status, _body, headers = phone.post(f"{stream}.{token}.{minute}.1")
    assert (status, headers["next-due"]) == (204, "30")
    assert "set-cookie" not in headers

    city.kill("ingest")
    assert phone.post(f"{stream}.{token}.{minute}.3")[0] == 503
    city.start_ingest()
    assert phone.post(f"{stream}.{token}.{minute}.3")[0] == 204  # the old token is good

    assert phone.post(f"{stream}.{token}.{minute + 5}.1")[0] == 409
    assert phone.post(stream, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert phone.post("a b".replace(" ", "%20"))[0] == 400
    phone.line.request("GET", "/live/pulse")
    answer = phone.line.getresponse()
    answer.read()
    assert answer.status == 405
    phone.line.close()

    ingest = city.processes["ingest"]
    ingest.terminate()
    assert ingest.wait(20) == 0
    assert city.call("tests.test_pulse_door:digest_it", stream) == [1, 1]
