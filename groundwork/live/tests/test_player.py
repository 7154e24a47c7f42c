"""The player's library is what it says it is, loaded when needed, and the curve is drawn here."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

from django.template.loader import render_to_string

from groundwork.live.templatetags.live import VENDOR, curve_chart, integrity

STATIC = VENDOR.parent


def kept() -> dict[str, dict[str, str]]:
    said: dict[str, dict[str, str]] = json.loads((VENDOR / "vendored.json").read_text("utf-8"))
    return said


def test_what_is_vendored_is_the_named_version_unchanged_but_for_its_last_line():
    for name, said in kept().items():
        content = (VENDOR / name).read_bytes()
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert said["integrity"] == f"sha384-{digest}"
        upstream = content.removesuffix(b"\n") + said["cut"].encode()
        assert hashlib.sha256(upstream).hexdigest() == said["upstream_sha256"]
        assert f'"{said["version"]}"'.encode() in content
        assert said["licence"] == "Apache-2.0"
        assert "Apache License" in (VENDOR / said["licence_file"]).read_text()


def test_nothing_is_vendored_without_being_named():
    named = {"vendored.json", *kept(), *(said["licence_file"] for said in kept().values())}
    assert {path.name for path in VENDOR.iterdir()} == named


def test_the_library_is_named_by_its_digest_in_the_page_and_no_page_loads_it():
    assert integrity().startswith("sha384-")
    root = Path(__file__).resolve().parents[2]
    loading = [
        path for path in root.glob("*/templates/**/*.html")
        if re.search(r"<script[^>]*hls\.light", path.read_text(encoding="utf-8"))
    ]  # fmt: skip
    assert loading == []


def test_the_players_own_script_is_light_and_keeps_to_es2019():
    code = (STATIC / "player.js").read_text(encoding="utf-8")
    assert not re.findall(r"\?\.[a-zA-Z(\[]|\?\?|\|\|=|&&=|\bimport\b|replaceAll", code)
    assert len(gzip.compress(code.encode())) < 5000


def test_the_curve_is_drawn_from_its_numbers_and_says_its_highest():
    points = [("18:15", 0), ("18:16", 1200000), ("18:17", 600000)]
    said = curve_chart(points, "每分钟在线")
    drawn = render_to_string("web/parts/chart.html", said)
    assert "1,200,000" in drawn
    assert 'aria-label="每分钟在线：最高 1,200,000（18:16），最后 600,000（18:17）"' in drawn
    assert said["lines"] == ["M0 40L50 0L100 20"]


def test_one_point_is_no_curve():
    assert "<svg" not in render_to_string("web/parts/chart.html", curve_chart([("18:15", 3)], "x"))
