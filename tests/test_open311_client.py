"""A real Open311 client and a plain poster talk to the running city."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request

from georeport import GeoReport

from groundwork.base import clock


def make_key() -> str:
    """Inside the city: write the cast and give a program's key."""
    from groundwork.access.actions import issue_token
    from tests.cast import build

    return issue_token(name="城市通", by=build().actor("enterprise"))


def publish(public_id: str) -> None:
    """Inside the city: let the board show the request, as a dispatcher's wording does."""
    from groundwork.matters.models import Matter

    Matter.objects.filter(public_id=public_id).update(public_text="北门的路灯坏了。")


def test_the_client_georeport_reads_what_was_posted(city):
    city.start_server()
    key = city.call(f"{__name__}:make_key")
    base = f"{city.url}/open311/v2"
    said = {
        "service_code": "roads",
        "address_string": "澄浪社区",
        "description": "北门的路灯坏了三天。",
        "api_key": key,
    }
    data = urllib.parse.urlencode(said).encode()
    with urllib.request.urlopen(f"{base}/requests.json", data, timeout=20) as answer:
        [made] = json.load(answer)
    city.call(f"{__name__}:publish", made["service_request_id"])
    as_json = GeoReport(base, jurisdiction="127.0.0.1")
    as_xml = GeoReport(base, jurisdiction="127.0.0.1", output_format="xml")
    for client in (as_json, as_xml):
        codes = [row["service_code"] for row in client.get_service_list()]
        assert "roads" in codes
        definition = client.get_service_definition("roads")
        assert definition["service_code"] == "roads"
        row = client.get_service_request(made["service_request_id"])
        assert row["description"] == "北门的路灯坏了。"
        assert row["status"] == "open"
        listed = client.get_service_requests(
            service_code="roads", start_date=f"{clock.today().isoformat()}T00:00:00+08:00"
        )
        rows = listed if isinstance(listed, list) else [listed]  # xmltodict has one as itself
        assert [r["service_request_id"] for r in rows] == [made["service_request_id"]]
