"""List the variables an office may set; docs/operations.md shows them as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One variable: its name, what holds without it, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting(
        "GROUNDWORK_ENV",
        "development",
        "`development` or `production`; production refuses to start insecure.",
    ),
    Setting(
        "SECRET_KEY",
        "made once under DATA_DIR",
        ("Signs sessions and codes; in production it must be given, 40 characters or more."),
    ),
    Setting(
        "SECRET_KEY_FALLBACKS",
        "",
        "Former keys after a change, separated by commas: sessions and second factors stay good.",
    ),
    Setting(
        "DATA_DIR",
        "./var",
        "Where the embedded database, media and run files live.",
    ),
    Setting(
        "DATABASE_URL",
        "SQLite in DATA_DIR",
        ("`postgres://user:password@host:5432/name` or `sqlite:////absolute/path.sqlite3`."),
    ),
    Setting(
        "PUBLIC_URL",
        "http://127.0.0.1:8000",
        "The address people type; every link and QR code starts with it.",
    ),
    Setting(
        "ALLOWED_HOSTS",
        "the host of PUBLIC_URL and this machine",
        "Further host names answered to, separated by commas.",
    ),
    Setting(
        "ALLOW_HTTP",
        "0",
        (
            "`1` lets production run without HTTPS (a closed office network); cameras "
            "and passkeys then do not work."
        ),
    ),
    Setting(
        "TRUSTED_PROXIES",
        "127.0.0.1",
        (
            "Addresses of reverse proxies whose X-Forwarded headers are believed, "
            "separated by commas; `none` believes nobody."
        ),
    ),
    Setting(
        "CITY_NAME",
        "宁波",
        "The city's name on every page.",
    ),
    Setting(
        "EMAIL_URL",
        "none",
        (
            "`smtp://user:password@host:25`, `smtp+tls://…:587`, `smtps://…:465`, "
            "`file` (into DATA_DIR/mail) or `none`."
        ),
    ),
    Setting(
        "EMAIL_FROM",
        "groundwork@localhost",
        "The sender of every e-mail.",
    ),
    Setting(
        "OIDC_ISSUER",
        "off",
        "Address of an OpenID Connect provider; switches single sign-on on.",
    ),
    Setting(
        "OIDC_NAME",
        "统一身份认证",
        "The provider's name on the sign-in page.",
    ),
    Setting(
        "OIDC_CLIENT_ID",
        "",
        "The client id the provider gave.",
    ),
    Setting(
        "OIDC_CLIENT_SECRET",
        "",
        "The client secret the provider gave.",
    ),
    Setting(
        "NOTICE_WEBHOOK",
        "",
        (
            "Address of the office's messenger; notices are posted there as JSON. "
            "Without it they go to inbox and e-mail."
        ),
    ),
    Setting(
        "DEMO",
        "0; 1 when `make run` serves the demo city",
        "`1` shows one-tap sign-in cards of invented people; never in production.",
    ),
    Setting(
        "HOTLINE_NUMBER",
        "12345",
        "The city's telephone hotline, as the pages for residents name it.",
    ),
    Setting(
        "KEEP_DAYS",
        "the tables in `*/rules/retention.py`",
        "Days after which what is erased, where the city's rules differ: "
        "`service.visits=1825,matters.contact=90`. The privacy page says what is in force.",
    ),
    Setting(
        "LIVE_STORE",
        "pulses.sqlite3 in DATA_DIR",
        "Where pulses wait for the digest: `redis://host:6379/0` or `redis+cluster://host:6379` "
        "for several ingest processes; Redis must run with `appendonly yes`, `appendfsync always`.",
    ),
    Setting(
        "LIVE_PULSES_PER_SECOND",
        "300",
        "Pulses a second that one ingest invites; pages are told to come later when more watch.",
    ),
    Setting(
        "LIVE_RTMP_PORT",
        "1935",
        "Where encoders push to (`groundwork receive`); `0`: no broadcast from here.",
    ),
    Setting(
        "LIVE_RTMP_URL",
        "rtmp://host of PUBLIC_URL:1935/live",
        "What hosts type into their encoder, where it differs: behind nginx, or `rtmps://`.",
    ),
    Setting(
        "LIVE_HLS_URL",
        "`/live/hls/` of this city",
        "Where an edge of the city's own serves what everybody may watch; all else stays here.",
    ),
    Setting(
        "LIVE_DIR",
        "DATA_DIR/live",
        "Recordings and what viewers fetch; wants a large disk, best one of its own.",
    ),
    Setting(
        "LIVE_KEEP_FREE_MB",
        "2048",
        "Recording stops and uploads are refused when less room than this is left.",
    ),
    Setting(
        "LIVE_UPLOAD_MB",
        "4096",
        "The largest recording that a host may upload.",
    ),
    Setting(
        "LIVE_DOOR_TOKEN",
        "",
        "With it, nginx on another machine may ask whether a stream key is good.",
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        ("With it, `/metrics` also answers other machines that send `Authorization: Bearer …`."),
    ),
    Setting(
        "LOG_LEVEL",
        "warning, info in production",
        "`debug`, `info`, `warning` or `error`.",
    ),
    Setting(
        "LOG_FORMAT",
        "console, json in production",
        "`json` for machines, `console` for people; neither holds personal data.",
    ),
    Setting(
        "DEBUG",
        "0",
        "`1` shows Django's error pages; development only.",
    ),
    Setting(
        "WEB_PROCESSES",
        "2",
        "Server processes.",
    ),
    Setting(
        "WEB_THREADS",
        "4",
        "Requests each process answers at the same time.",
    ),
)


def table() -> str:
    """Return the settings as a Markdown table."""
    rows = [f"| `{s.name}` | {s.default or '—'} | {s.meaning} |" for s in SETTINGS]
    return "\n".join(("| variable | without it | meaning |", "|---|---|---|", *rows))
