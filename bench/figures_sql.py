"""The best hand-written SQL for the numbers of the city's page, to hold `bench.figures` against.

Nothing of the product's own counting is used: tables, conditions and days are written out. Both
databases take the same text; only the city's day of a moment is said differently.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection

MATTER = """
FROM matters_matter m JOIN registry_place p ON p.id = m.place_id
WHERE m.state <> 'merged' AND (m.withheld_until IS NULL OR m.withheld_until <= %(at)s)
"""
VISIT = """
FROM service_visit v JOIN registry_place p ON p.id = v.place_id
WHERE v.withdrawn_at IS NULL AND v.day <= %(today)s
"""
ROLL = """
FROM study_evening e JOIN study_rollentry r ON r.evening_id = e.id
JOIN registry_body b ON b.id = r.body_id JOIN registry_place p ON p.id = b.place_id
WHERE e.state IN ('published', 'held', 'closed') AND e.ends_at <= %(at)s
AND r.recorded_at <= %(at)s AND NOT r.withdrawn
"""
POST = """
FROM duty_shift s JOIN duty_post d ON d.shift_id = s.id JOIN registry_place p ON p.id = s.place_id
WHERE d.state IN ('standing', 'stood', 'approved') AND d.came_at <= %(at)s
"""
HERE = " AND p.path LIKE %(place)s"
DONE = "m.state IN ('solved', 'unit_done')"
SOLVED = "m.state = 'solved'"
TAKEN = "m.accepted_at IS NOT NULL"


def _if(condition: str) -> str:
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"


RAISED_SUMS = ", ".join(
    [
        "COUNT(*)",
        _if(TAKEN),
        _if(f"{TAKEN} AND {DONE}"),
        _if(DONE),
        _if(SOLVED),
        _if("m.door IN ('visit', 'patrol')"),
        _if(f"m.door = 'enterprise' AND {TAKEN}"),
        _if(f"m.door = 'enterprise' AND {TAKEN} AND {DONE}"),
    ]
)
# name: sums, records, the column that dates them, whether it is a day
ASKED = {
    "raised": (RAISED_SUMS, MATTER, "m.raised_at", False),
    "closed": (f"{_if(DONE)}, {_if(SOLVED)}", MATTER, "m.closed_at", False),
    "visits": (f"COUNT(*), {_if('v.found > 0')}", VISIT, "v.day", True),
    "rolls": ("COUNT(*)", ROLL, "e.starts_at", False),
    "posts": ("COUNT(*)", POST, "s.starts_at", False),
}
DIFFERENT = {
    "rolls": ("r.person_id", "r.body_id"),
    "posts": ("d.person_id",),
}


def bounds(first: date, after: date, at: datetime, place: str) -> dict[str, Any]:
    """Make what the statements are asked with."""
    return {
        "first_day": first.isoformat(),
        "after_day": after.isoformat(),
        "first": _midnight(first),
        "after": _midnight(after),
        "at": _moment(at),
        "today": at.date().isoformat(),
        "place": f"{place}%",
    }


def _midnight(day: date) -> str:
    from groundwork.base.clock import ZONE

    return _moment(datetime.combine(day, time(), tzinfo=ZONE))


def _moment(moment: datetime) -> str:
    """Write a moment as the database compares it: PostgreSQL needs the zone said."""
    text = f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    return text + "+00" if connection.vendor == "postgresql" else text


def _within(column: str, *, day: bool) -> str:
    suffix = "_day" if day else ""
    return f" AND {column} >= %(first{suffix})s AND {column} < %(after{suffix})s"


def page(asked: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Count all that the city's page shows for one period: five statements."""
    found = {}
    for name, (sums, records, column, day) in ASKED.items():
        different = ", ".join(f"COUNT(DISTINCT {one})" for one in DIFFERENT.get(name, ()))
        wanted = ", ".join(filter(None, [sums, different]))
        found[name] = _rows(f"SELECT {wanted} {records} {HERE} {_within(column, day=day)}", asked)[
            0
        ]
    return found


def behind(asked: dict[str, Any]) -> int:
    """Count the matters raised in a period and fetch the newest fifty: two statements."""
    where = f"{MATTER} {HERE} {_within('m.raised_at', day=False)}"
    n = _rows(f"SELECT COUNT(*) {where}", asked)[0][0]
    _rows(
        "SELECT m.public_id, m.receipt, m.public_text, m.state, m.raised_at, p.name"
        f" {where} ORDER BY m.raised_at DESC, m.id DESC LIMIT 50",
        asked,
    )
    return int(n)


def everything(asked: dict[str, Any]) -> int:
    """Count for each day and district, and the different ones of each month; give how many rows.

    A statement for each source and time, one for each month and what it names: what a patient
    hand would write to make every sum anew. Weeks and longer periods are left out in its favour.
    """
    rows = 0
    spot = "SUBSTR(p.path, 1, 8)"
    for sums, records, column, day in ASKED.values():
        dated = column if day else _day_of(column)
        rows += len(
            _rows(
                f"SELECT {dated}, {spot}, {sums} {records} AND {column} IS NOT NULL GROUP BY 1, 2",
                asked,
            )
        )
    for name, named in DIFFERENT.items():
        _sums, records, column, _day = ASKED[name]
        month = f"SUBSTR(CAST({_day_of(column)} AS VARCHAR(10)), 1, 7)"
        for one in named:
            rows += len(
                _rows(
                    f"SELECT {month}, {spot}, COUNT(DISTINCT {one}) {records} GROUP BY 1, 2", asked
                )
            )
    return rows


def _day_of(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"({column} AT TIME ZONE 'Asia/Shanghai')::date"
    return f"date({column}, '+8 hours')"


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
