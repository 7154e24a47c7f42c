"""Settings: every fault told at once, production never insecure, the table complete."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from config import environment, live, pulses
from config.declared import SETTINGS, table
from config.environment import Faults, load
from tests.city import ROOT
from tests.city import environment as clean_environment

KEY = "k3Vd81sPq0Zr7uXw5yBn2mLt9cJf6hGa4eQoTiRb"


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    return {
        "GROUNDWORK_ENV": "production",
        "SECRET_KEY": KEY,
        "DATA_DIR": str(tmp_path),
        "PUBLIC_URL": "https://study.example.gov.cn",
    }


def faults(environ: dict[str, str]) -> str:
    with pytest.raises(Faults) as caught:
        load(environ)
    return "\n".join(caught.value.sentences)


def test_a_secure_production_starts(good):
    env = load(good)
    assert env.https
    assert env.allowed_hosts[0] == "study.example.gov.cn"
    assert env.log_format == "json"
    assert not env.debug


def test_development_needs_nothing_and_makes_its_own_key_once(tmp_path):
    first, second = load({"DATA_DIR": str(tmp_path)}), load({"DATA_DIR": str(tmp_path)})
    assert len(first.secret_key) >= 40
    assert first.secret_key == second.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert load({"DATA_DIR": str(tmp_path / "other")}).secret_key != first.secret_key


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        ({"SECRET_KEY": "change-me"}, "SECRET_KEY is too easy"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too easy"),
        ({"DEBUG": "1"}, "DEBUG=1"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL is missing"),
        ({"PUBLIC_URL": "http://study.example.gov.cn"}, "PUBLIC_URL is not https"),
        ({"PUBLIC_URL": "https://a.example/path"}, "without a path|no path"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "mysql://root@db/city"}, "DATABASE_URL must look like"),
        ({"DATABASE_URL": "postgres://u:p@db:no/city"}, "port that is no number"),
        ({"EMAIL_URL": "smtp://"}, "EMAIL_URL must be"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID is missing"),
        ({"TRUSTED_PROXIES": "nginx"}, "TRUSTED_PROXIES"),
        ({"WEB_THREADS": "many"}, "WEB_THREADS"),
        ({"GROUNDWORK_ENV": "prod"}, "GROUNDWORK_ENV"),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
    ],
)
def test_each_insecure_or_wrong_setting_has_its_sentence(good, change, sentence):
    assert re.search(sentence, faults({**good, **change}))


def test_all_faults_are_told_at_once_and_no_secret_is_repeated(good):
    told = faults(
        {
            **good,
            "SECRET_KEY": "hunter2",
            "DEBUG": "yes",
            "PUBLIC_URL": "http://study.example.gov.cn",
            "DATABASE_URL": "oracle://city:s3cr3t@db/city",
        }
    )
    for name in ("SECRET_KEY", "DEBUG", "PUBLIC_URL", "DATABASE_URL"):
        assert name in told
    assert "s3cr3t" not in told
    assert "hunter2" not in told


def test_http_in_production_needs_to_be_allowed(good):
    assert not load({**good, "PUBLIC_URL": "http://10.0.0.8", "ALLOW_HTTP": "1"}).https


def test_a_data_directory_that_cannot_be_made_is_a_fault(good, tmp_path):
    (tmp_path / "file").write_text("")
    assert "DATA_DIR" in faults({**good, "DATA_DIR": str(tmp_path / "file" / "below")})


def test_postgresql_addresses_are_understood(good):
    url = "postgres://city:p%40ss@db.example:6432/groundwork?sslmode=require"
    database = load({**good, "DATABASE_URL": url}).database
    assert (database["NAME"], database["PASSWORD"], database["PORT"]) == (
        "groundwork",
        "p@ss",
        "6432",
    )
    assert database["OPTIONS"] == {"sslmode": "require"}
    socket = load({**good, "DATABASE_URL": "postgres://postgres@/city?host=%2Frun%2Fpg"}).database
    assert (socket["HOST"], socket["OPTIONS"]) == ("/run/pg", {})


def test_the_table_names_exactly_the_variables_that_are_read():
    source = "".join(Path(m.__file__ or "").read_text() for m in (environment, pulses, live))
    read = set(re.findall(r'reader\.\w+\(\s*"([A-Z_]+)"', source))
    assert {setting.name for setting in SETTINGS} == read | {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}


def test_the_operations_page_shows_the_table():
    assert table() in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_the_command_tells_faults_as_sentences(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "config.cli", "check"],
        env=clean_environment(tmp_path, GROUNDWORK_ENV="production", DEBUG="1"),
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "SECRET_KEY is missing" in done.stderr
    assert "PUBLIC_URL is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_web_process_carries_no_compiler(tmp_path):
    code = "import sys, config.wsgi, config.urls; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=clean_environment(tmp_path, DJANGO_SETTINGS_MODULE="config.settings"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "groundwork.duty.solver.standing" in loaded
    assert not loaded & {"numba", "llvmlite", "scipy"}


def test_where_a_broadcast_goes_follows_from_the_citys_address_and_is_checked(good):
    usual = load(good).live
    assert usual.rtmp_url == f"rtmp://{urlsplit(good['PUBLIC_URL']).hostname}:1935/live"
    assert usual.folder == load(good).data_dir / "live"
    edge = load({**good, "LIVE_HLS_URL": "https://edge.example.cn/hls"}).live
    assert edge.hls_url == "https://edge.example.cn/hls/"
    wrong = {"LIVE_RTMP_URL": "http://a/live", "LIVE_HLS_URL": "edge", "LIVE_RTMP_PORT": "99999"}
    for name, value in wrong.items():
        assert name in faults({**good, name: value})
