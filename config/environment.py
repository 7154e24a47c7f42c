"""Read the city's settings from the environment; say everything that is wrong with them at once.

This is the only place that reads the office's variables; `config.declared` lists them.
"""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.live import Live, read_live
from config.pulses import Pulses, read_pulses

ROOT = Path(__file__).resolve().parents[1]


class Faults(ImproperlyConfigured):
    """Carry one sentence for every setting that is wrong."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__("The settings are not right:\n" + "\n".join(f"  - {s}" for s in sentences))


@dataclass
class Reader:
    """Take values out of an environment and collect the faults."""

    environ: Mapping[str, str]
    faults: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        """Return a variable without surrounding space; empty counts as absent."""
        return self.environ.get(name, "").strip() or default

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed words."""
        value = self.text(name, default).lower()
        if value not in allowed:
            self.faults.append(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
            return default
        return value

    def switch(self, name: str) -> bool:
        """Return whether a switch is on."""
        return self.choice(name, "0", ("0", "1", "true", "false", "yes", "no")) in {
            "1",
            "true",
            "yes",
        }

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Return a whole number within its bounds."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self.faults.append(
                f"{name} is {value!r}; it must be a whole number from {least} to {most}."
            )
            return default
        return int(value)

    def names(self, name: str) -> list[str]:
        """Return a list separated by commas."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]


@dataclass(frozen=True)
class Environment:
    """The city's settings, read and checked."""

    production: bool
    debug: bool
    secret_key: str
    old_secret_keys: list[str]
    data_dir: Path
    database: dict[str, Any]
    public_url: str
    https: bool
    allowed_hosts: list[str]
    trusted_proxies: list[str]
    city_name: str
    email: dict[str, Any]
    oidc_apps: list[dict[str, Any]]
    notice_webhook: str
    demo: bool
    hotline_number: str
    keep_days: dict[str, int]
    metrics_token: str
    log_level: str
    log_format: str
    processes: int
    threads: int
    pulses: Pulses
    live: Live


def load(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read and check everything; raise `Faults` with one sentence per fault, all of them."""
    reader = Reader(environ)
    env = reader.choice("GROUNDWORK_ENV", "development", ("development", "production"))
    production = env == "production"
    data_dir = _data_dir(reader)
    public_url, host = _public_url(reader, production)
    found = Environment(
        production=production,
        debug=_debug(reader, production),
        secret_key=_secret_key(reader, production, data_dir),
        old_secret_keys=reader.names("SECRET_KEY_FALLBACKS"),
        data_dir=data_dir,
        database=_database(reader, data_dir),
        public_url=public_url,
        https=public_url.startswith("https://"),
        allowed_hosts=_hosts(reader, host, production),
        trusted_proxies=_proxies(reader),
        city_name=reader.text("CITY_NAME", "宁波"),
        email=_email(reader, data_dir),
        oidc_apps=_oidc(reader, production),
        notice_webhook=_webhook(reader),
        demo=_demo(reader, production),
        hotline_number=reader.text("HOTLINE_NUMBER", "12345"),
        keep_days=_keep_days(reader),
        metrics_token=reader.text("METRICS_TOKEN"),
        log_level=reader.choice(
            "LOG_LEVEL", "info" if production else "warning", ("debug", "info", "warning", "error")
        ),
        log_format=reader.choice(
            "LOG_FORMAT", "json" if production else "console", ("json", "console")
        ),
        processes=reader.number("WEB_PROCESSES", 2, 1, 64),
        threads=reader.number("WEB_THREADS", 4, 1, 64),
        pulses=read_pulses(reader, data_dir),
        live=read_live(reader, data_dir, host),
    )
    if reader.faults:
        raise Faults(reader.faults)
    return found


def _keep_days(reader: Reader) -> dict[str, int]:
    """Read after how many days what is erased, where the city's rules differ from the usual."""
    found = {}
    for part in reader.names("KEEP_DAYS"):
        code, _equals, days = (piece.strip() for piece in part.partition("="))
        if not code or not days.isascii() or not days.isdigit() or not 1 <= int(days) <= 36500:
            reader.faults.append(
                f"KEEP_DAYS has {part!r}; it must look like service.visits=1095, days from 1."
            )
            continue
        found[code] = int(days)
    return found


def _data_dir(reader: Reader) -> Path:
    path = Path(reader.text("DATA_DIR", str(ROOT / "var"))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reader.faults.append(f"DATA_DIR {path} cannot be made: {error.strerror}.")
        return path
    if not os.access(path, os.W_OK):
        reader.faults.append(f"DATA_DIR {path} cannot be written by this user.")
    return path


def _debug(reader: Reader, production: bool) -> bool:
    debug = reader.switch("DEBUG")
    if debug and production:
        reader.faults.append(
            "DEBUG=1 shows code and data to strangers; take it away in production."
        )
    return debug


def _secret_key(reader: Reader, production: bool, data_dir: Path) -> str:
    key = reader.text("SECRET_KEY")
    if key:
        if production and (len(key) < 40 or len(set(key)) < 10):
            reader.faults.append(
                "SECRET_KEY is too easy to guess; make one with `openssl rand -base64 48`."
            )
        return key
    if production:
        reader.faults.append("SECRET_KEY is missing; make one with `openssl rand -base64 48`.")
        return ""
    return _own_key(data_dir / "secret-key")


def _own_key(path: Path) -> str:
    """Make a key once for this data directory, so that nobody shares a published one."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    except OSError:
        return secrets.token_urlsafe(48)  # the data directory's own fault is told already
    with os.fdopen(handle, "w") as file:
        file.write(key := secrets.token_urlsafe(48))
    return key


def _public_url(reader: Reader, production: bool) -> tuple[str, str]:
    url = reader.text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        reader.faults.append(
            f"PUBLIC_URL is {url!r}; it must look like https://study.example.gov.cn, no path."
        )
        return url, ""
    if production and not reader.text("PUBLIC_URL"):
        reader.faults.append("PUBLIC_URL is missing; without it links and QR codes lead nowhere.")
    elif production and parts.scheme == "http" and not reader.switch("ALLOW_HTTP"):
        reader.faults.append(
            "PUBLIC_URL is not https; set up HTTPS, or ALLOW_HTTP=1 on a closed network."
        )
    return url, parts.hostname


def _hosts(reader: Reader, host: str, production: bool) -> list[str]:
    hosts = reader.names("ALLOWED_HOSTS")
    if production and "*" in hosts:
        reader.faults.append("ALLOWED_HOSTS=* answers to any name; write the names out.")
    here = ["127.0.0.1", "localhost", "[::1]"]
    return list(dict.fromkeys([*([host] if host else []), *hosts, *here]))


def _proxies(reader: Reader) -> list[str]:
    found = reader.names("TRUSTED_PROXIES") or ["127.0.0.1"]
    if found == ["none"]:
        return []
    for address in found:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            reader.faults.append(f"TRUSTED_PROXIES has {address!r}; it must be an IP address.")
    return found


def _database(reader: Reader, data_dir: Path) -> dict[str, Any]:
    url = reader.text("DATABASE_URL")
    if not url:
        return _sqlite(data_dir / "city.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite" and len(parts.path) > 1:
        return _sqlite(Path(unquote(parts.path[1:] if parts.path.startswith("//") else parts.path)))
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        # The value may hold a password: it is never repeated.
        reader.faults.append(
            "DATABASE_URL must look like postgres://user:password@host:5432/name or sqlite:////path."
        )
        return _sqlite(data_dir / "city.sqlite3")
    return _postgresql(reader, url)


def _postgresql(reader: Reader, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    try:
        port = str(parts.port or "")
    except ValueError:
        reader.faults.append("DATABASE_URL has a port that is no number.")
        port = ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # One writer at a time, decided at BEGIN: no deadlock halfway through an action.
            "transaction_mode": "IMMEDIATE",
            # A thousand phones in one minute queue for less than this; seen p95 well under 2 s.
            "timeout": 20,
            # FULL, not NORMAL: in WAL mode NORMAL may lose the last commits when the power goes,
            # and a sign-in that the phone saw acknowledged must not vanish.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;"
                "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456;"
            ),
        },
    }


def _email(reader: Reader, data_dir: Path) -> dict[str, Any]:
    url = reader.text("EMAIL_URL", "none")
    sender = reader.text("EMAIL_FROM", "groundwork@localhost")
    backend = "django.core.mail.backends."
    common: dict[str, Any] = {
        "DEFAULT_FROM_EMAIL": sender,
        "SERVER_EMAIL": sender,
        "EMAIL_TIMEOUT": 20,
    }
    if url == "none":
        return {**common, "EMAIL_BACKEND": backend + "dummy.EmailBackend"}
    if url == "file":
        path = data_dir / "mail"
        return {
            **common,
            "EMAIL_BACKEND": backend + "filebased.EmailBackend",
            "EMAIL_FILE_PATH": path,
        }
    parts = urlsplit(url)
    ports: dict[str, int] = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    try:
        port = parts.port or ports.get(parts.scheme, 0)
    except ValueError:
        port = 0
    if parts.scheme not in ports or not parts.hostname or not port:
        reader.faults.append(
            "EMAIL_URL must be none, file, or look like smtp+tls://user:password@host:587."
        )
        return common
    return {
        **common,
        "EMAIL_BACKEND": backend + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _webhook(reader: Reader) -> str:
    url = reader.text("NOTICE_WEBHOOK")
    if url and (urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname):
        # The value may hold a password: it is never repeated.
        reader.faults.append("NOTICE_WEBHOOK must look like https://messenger.example/notices.")
    return url


def _demo(reader: Reader, production: bool) -> bool:
    demo = reader.switch("DEMO")
    if demo and production:
        reader.faults.append("DEMO=1 lets anybody in as anybody; take it away in production.")
    return demo


def _oidc(reader: Reader, production: bool) -> list[dict[str, Any]]:
    issuer = reader.text("OIDC_ISSUER")
    if not issuer:
        return []
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not reader.text(name):
            reader.faults.append(f"{name} is missing, but OIDC_ISSUER switches single sign-on on.")
    if urlsplit(issuer).scheme not in ({"https"} if production else {"https", "http"}):
        reader.faults.append("OIDC_ISSUER must be an https address.")
    return [
        {
            "provider_id": "oidc",
            "name": reader.text("OIDC_NAME", "统一身份认证"),
            "client_id": reader.text("OIDC_CLIENT_ID"),
            "secret": reader.text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer},
        }
    ]
