"""The best hand-written SQL for the numbers of the city's page, to hold `bench.figures` against.

Nothing of the product's own counting is used: tables, conditions and days are written out. Both
databases take the same text; only the city's day of a moment is said differently.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection

IN_PLACE = "JOIN registry_place p ON p.id = "
MATTER = f"""
FROM matters_matter m {IN_PLACE} m.place_id
WHERE m.state <> 'merged' AND (m.withheld_until IS NULL OR m.withheld_until <= %(at)s)
"""
WORD = f"""
FROM matters_matter m JOIN matters_verdict w ON w.matter_id = m.id AND w.at >= m.answered_at
{IN_PLACE} m.place_id
WHERE m.state <> 'merged' AND (m.withheld_until IS NULL OR m.withheld_until <= %(at)s)
"""
VISIT = f"""
FROM service_visit v {IN_PLACE} v.place_id WHERE v.withdrawn_at IS NULL AND v.day <= %(today)s
"""
OVER = "e.state IN ('published', 'held', 'closed') AND e.ends_at <= %(at)s"
ROLL = f"""
FROM study_evening e JOIN study_rollentry r ON r.evening_id = e.id
JOIN registry_body b ON b.id = r.body_id {IN_PLACE} b.place_id
WHERE {OVER} AND r.recorded_at <= %(at)s AND NOT r.withdrawn
"""
SHEET = f"""
FROM study_evening e JOIN study_rollsheet s ON s.evening_id = e.id
JOIN registry_body b ON b.id = s.body_id {IN_PLACE} b.place_id WHERE {OVER}
"""
POST = f"""
FROM duty_shift s JOIN duty_post d ON d.shift_id = s.id {IN_PLACE} s.place_id
WHERE d.state IN ('standing', 'stood', 'approved') AND d.came_at <= %(at)s
"""
DIGEST = f"""
FROM live_digest g JOIN live_stream t ON t.id = g.stream_id
JOIN registry_body b ON b.id = t.host_id {IN_PLACE} b.place_id WHERE g.made_at <= %(at)s
"""
SURVEY = f"FROM voices_survey q {IN_PLACE} q.place_id WHERE q.answered IS NOT NULL"
FORM = f"FROM base_formtiming f {IN_PLACE} %(root)s WHERE f.day <= %(today)s"
SEEN = "e.airs_at <= %(at)s AND e.state <> 'called_off'"
ITEM = f"""
FROM campaigns_episodeitem i JOIN campaigns_episode e ON e.id = i.episode_id AND {SEEN}
JOIN matters_matter m ON m.id = i.matter_id {IN_PLACE} m.place_id
WHERE (m.withheld_until IS NULL OR m.withheld_until <= %(at)s)
"""
FIRST = f"""NOT EXISTS (
SELECT 1 FROM campaigns_episodeitem o JOIN campaigns_episode e2 ON e2.id = o.episode_id
AND {SEEN.replace("e.", "e2.")} WHERE o.matter_id = i.matter_id
AND (e2.airs_at < e.airs_at OR (e2.airs_at = e.airs_at AND o.id < i.id)))"""
TOLD = ITEM.replace(
    "WHERE", "JOIN matters_verdict w ON w.matter_id = m.id AND w.at >= m.answered_at WHERE", 1
)
SAID = f"""
FROM campaigns_contribution c JOIN campaigns_campaign k ON k.id = c.campaign_id
JOIN registry_body b ON b.id = k.body_id {IN_PLACE} b.place_id
WHERE (c.state = 'shown' OR c.matter_id IS NOT NULL) AND c.said_at <= %(at)s
"""
FOUND = f"""
FROM campaigns_finding f JOIN matters_matter m ON m.id = f.matter_id {IN_PLACE} m.place_id
WHERE m.raised_at <= %(at)s
"""
HERE = " AND p.path LIKE %(place)s"
DONE = "m.state IN ('solved', 'unit_done')"
SOLVED = "m.state = 'solved'"
TAKEN = "m.accepted_at IS NOT NULL"
ENTERPRISE = f"m.door = 'enterprise' AND {TAKEN}"
ANSWERED = "m.answered_at IS NOT NULL"
CLOSED = "s.closed_at IS NOT NULL AND s.expected IS NOT NULL"
ON_ROLL = """s.closed_at IS NOT NULL OR EXISTS (SELECT 1 FROM study_rollentry r
WHERE r.evening_id = s.evening_id AND r.body_id = s.body_id AND NOT r.withdrawn)"""


def _if(condition: str) -> str:
    return f"COUNT(CASE WHEN {condition} THEN 1 END)"


def _sum(measure: str, condition: str = "1 = 1") -> str:
    return f"COALESCE(SUM(CASE WHEN {condition} THEN {measure} END), 0)"


def _less(one: str, other: str) -> str:
    return f"CASE WHEN {one} < {other} THEN {one} ELSE {other} END"


def _said(question: str, condition: str = "1 = 1") -> tuple[str, str]:
    said = f"w.{question} IS NOT NULL AND {condition}"
    return _if(said), _if(f"{said} AND w.{question}")


RAISED = (
    "COUNT(*)", _if(TAKEN), _if(f"{TAKEN} AND {DONE}"), _if(DONE), _if(SOLVED),
    _if("m.door IN ('visit', 'patrol')"), _if(ENTERPRISE), _if(f"{ENTERPRISE} AND {DONE}"),
    _sum("m.raisers_count", f"{ENTERPRISE} AND {ANSWERED}"),
)  # fmt: skip
# name: sums, records, the column that dates them, whether it is a day
ASKED = {
    "raised": (RAISED, MATTER, "m.raised_at", False),
    "closed": ((_if(DONE), _if(SOLVED)), MATTER, "m.closed_at", False),
    "answered": ((_sum("m.raisers_count"),), MATTER, "m.answered_at", False),
    "words": (
        (*_said("answered"), *_said("solved"), *_said("satisfied")), WORD, "m.answered_at", False,
    ),
    "enterprise": (
        _said("satisfied", f"{ENTERPRISE} AND {ANSWERED}"), WORD, "m.raised_at", False,
    ),
    "visits": (("COUNT(*)", _if("v.found > 0")), VISIT, "v.day", True),
    "rolls": (("COUNT(*)",), ROLL, "e.starts_at", False),
    "sheets": (
        ("COUNT(*)", _if(ON_ROLL), _if(CLOSED), _sum("s.expected", CLOSED),
         _sum(_less("s.took_part", "s.expected"), CLOSED)),
        SHEET, "e.starts_at", False,
    ),
    "posts": (("COUNT(*)",), POST, "s.starts_at", False),
    "digests": (("COUNT(*)", _sum("g.viewers"), _sum("g.plays")), DIGEST, "t.starts_at", False),
    "surveys": (
        ("COUNT(*)", _sum("q.answered"), _sum("q.invited", "q.invited > 0"),
         _sum(_less("q.answered", "q.invited"), "q.invited > 0"), _if("q.invited > 0")),
        SURVEY, "q.closes_at", False,
    ),
    "forms": (("COUNT(*)", _sum("f.seconds")), FORM, "f.day", True),
    "items": (
        (_if(FIRST), _if(f"{FIRST} AND {SOLVED}"),
         _sum("m.raisers_count", f"{FIRST} AND {ANSWERED}")),
        ITEM, "e.airs_at", False,
    ),
    "told": (_said("satisfied", FIRST), TOLD, "e.airs_at", False),
    "said": (
        ("COUNT(*)", _if("c.kind = 'suggestion'"),
         _if("c.kind = 'suggestion' AND c.matter_id IS NOT NULL")),
        SAID, "c.said_at", False,
    ),
    "found": (
        ("COUNT(*)", _if(SOLVED), _if("m.redo_count > 0")), FOUND, "m.raised_at", False,
    ),
}  # fmt: skip
DIFFERENT = {
    "rolls": ("r.person_id", "r.body_id", "r.evening_id"),
    "posts": ("d.person_id",),
    "items": ("i.episode_id", "i.body_id"),
}
MIDDLES = {"closed": DONE, "forms": "1 = 1"}  # of which records the middle one is asked


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
        "root": _rows("SELECT id FROM registry_place WHERE depth = 1 ORDER BY path LIMIT 1", {})[0][
            0
        ],
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
    """Count all that the city's page shows for one period: sixteen statements, two for middles.

    The middle one stands last, twice, so that the mean of two stays whole; 0 of none.
    """
    found = {}
    for name, (sums, records, column, day) in ASKED.items():
        different = [f"COUNT(DISTINCT {one})" for one in DIFFERENT.get(name, ())]
        where = f"{records} {HERE} {_within(column, day=day)}"
        found[name] = _rows(f"SELECT {', '.join([*sums, *different])} {where}", asked)[0]
        if name in MIDDLES:
            n = found[name][0]
            middle = f"SELECT {_measure(name)} {where} AND {MIDDLES[name]} ORDER BY 1"
            both = _rows(f"{middle} LIMIT {2 - n % 2} OFFSET {(n - 1) // 2}", asked) if n else []
            found[name] += (sum(row[0] for row in both) * (2 if n % 2 else 1),)
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


# ---- all of it anew -------------------------------------------------------------------------
SPOT, CITY = "SUBSTR(p.path, 1, 8)", 4


def everything(asked: dict[str, Any], *, written: bool = False) -> int:
    """Count for each day, city and district, and what does not add up for its periods.

    A statement for each source and time, two for the weeks of what it names, one for the months,
    half-years and years; of middles those of weeks, months, half-years and years, the year up to a
    month left out in the hand's favour. `written`: into tables indexed like the product's, by the
    database itself. Give how many rows.
    """
    if written:
        _tables()
    return sum(len(_rows(one, asked)) if not written else _written(one, asked) for one in _all())


def _all() -> list[str]:
    """List the statements; each gives what is summed, when, where and how many."""
    listed = [_days(name) for name in ASKED]
    for name, named in DIFFERENT.items():
        listed += [_weeks(name, length) for length in (CITY, 8)]
        listed += [_months(name, one) for one in named]
    listed += [_middles(name, length) for name in MIDDLES for length in (CITY, 8)]
    return listed


def _days(name: str) -> str:
    sums, records, column, day = ASKED[name]
    columns = ", ".join(f"{one} AS n{i}" for i, one in enumerate(sums))
    parts = []
    for i in range(len(sums)):
        parts += [
            f"SELECT '{name} {i}', day, spot, n{i} FROM g WHERE n{i} > 0 AND LENGTH(spot) = 8",
            f"SELECT '{name} {i}', day, SUBSTR(spot, 1, {CITY}), SUM(n{i}) FROM g WHERE n{i} > 0"
            " GROUP BY 2, 3",
        ]
    return (
        f"WITH g AS (SELECT {_text(_day(column, day))} AS day, {SPOT} AS spot, {columns}"
        f" {records} AND {column} IS NOT NULL GROUP BY 1, 2) {' UNION ALL '.join(parts)}"
    )


def _weeks(name: str, length: int) -> str:
    _sums, records, column, day = ASKED[name]
    counts = ", ".join(f"COUNT(DISTINCT {one}) AS n{i}" for i, one in enumerate(DIFFERENT[name]))
    parts = " UNION ALL ".join(
        f"SELECT '{name} {one}', week, spot, n{i} FROM g" for i, one in enumerate(DIFFERENT[name])
    )
    return (
        f"WITH g AS (SELECT {_week(_day(column, day))} AS week,"
        f" SUBSTR(p.path, 1, {length}) AS spot, {counts}"
        f" {records} AND LENGTH(p.path) >= {length} GROUP BY 1, 2) {parts}"
    )


def _months(name: str, one: str) -> str:
    """Ask who was there in which months, as bits; every longer period follows from these."""
    _sums, records, column, day = ASKED[name]
    dated = _text(_day(column, day))
    bits = {f"-{n:02}": 1 << n for n in range(1, 13)}
    bits |= {f" to {n:02}": (1 << n + 1) - 2 for n in range(1, 13)}
    bits |= {" H1": 126, " H2": 126 << 6, "": 126 | 126 << 6}
    parts = " UNION ALL ".join(
        f"SELECT '{name} {one}', year || '{key}', spot, SUM(n) FROM t WHERE months & {mask} <> 0"
        " GROUP BY 2, 3"
        for key, mask in bits.items()
    )
    return f"""
WITH s AS (
  SELECT DISTINCT {SPOT} AS spot, SUBSTR({dated}, 1, 4) AS year,
  CAST(SUBSTR({dated}, 6, 2) AS INTEGER) AS month, {one} AS one {records} AND {one} IS NOT NULL
), u AS (
  SELECT spot, year, month, one FROM s WHERE LENGTH(spot) = 8
  UNION SELECT SUBSTR(spot, 1, {CITY}), year, month, one FROM s
), m AS (
  SELECT spot, year, one, SUM(1 << month) AS months FROM u GROUP BY 1, 2, 3
), t AS (
  SELECT spot, year, months, COUNT(*) AS n FROM m GROUP BY 1, 2, 3
) {parts}"""


def _middles(name: str, length: int) -> str:
    _sums, records, column, day = ASKED[name]
    dated = _text(_day(column, day))
    half = f"SUBSTR({dated}, 1, 4) || CASE WHEN SUBSTR({dated}, 6, 2) < '07' THEN 'a' ELSE 'b' END"
    periods = (_week(_day(column, day)), f"SUBSTR({dated}, 1, 7)", half, f"SUBSTR({dated}, 1, 4)")
    columns = ", ".join(f"{period} AS p{i}" for i, period in enumerate(periods))
    parts = " UNION ALL ".join(
        f"SELECT '{name} middle', p, spot, SUM(v) * (3 - COUNT(*)) FROM (SELECT p{i} AS p, spot, v,"
        f" ROW_NUMBER() OVER (PARTITION BY p{i}, spot ORDER BY v) AS i,"
        f" COUNT(*) OVER (PARTITION BY p{i}, spot) AS n FROM s) AS q{i}"
        " WHERE i IN ((n + 1) / 2, n / 2 + 1) GROUP BY 2, 3"
        for i in range(len(periods))
    )
    return (
        f"WITH s AS (SELECT {columns}, SUBSTR(p.path, 1, {length}) AS spot, {_measure(name)} AS v"
        f" {records} AND {MIDDLES[name]} AND LENGTH(p.path) >= {length}) {parts}"
    )


def _tables() -> None:
    """Make an empty table of the product's columns and indexes, gone with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS by_hand")
        cursor.execute(
            "CREATE TEMPORARY TABLE by_hand (id INTEGER PRIMARY KEY"
            + (" GENERATED BY DEFAULT AS IDENTITY" if connection.vendor == "postgresql" else "")
            + ", series VARCHAR(160), day VARCHAR(24), place VARCHAR(8), n BIGINT)"
        )
        cursor.execute("CREATE UNIQUE INDEX by_hand_once ON by_hand (series, day, place)")
        cursor.execute("CREATE INDEX by_hand_sum ON by_hand (place, series, day, n)")


def _written(statement: str, asked: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO by_hand (series, day, place, n) {statement}", asked)
        return int(cursor.rowcount)


def _measure(name: str) -> str:
    if name == "forms":
        return "f.seconds"
    if connection.vendor == "postgresql":
        seconds = "EXTRACT(EPOCH FROM DATE_TRUNC('second', {}))::bigint"
    else:
        seconds = "unixepoch({})"
    return f"({seconds.format('m.closed_at')} - {seconds.format('m.raised_at')}) / 60"


def _day(column: str, day: bool) -> str:
    if day:
        return column
    if connection.vendor == "postgresql":
        return f"({column} AT TIME ZONE 'Asia/Shanghai')::date"
    return f"date({column}, '+8 hours')"


def _week(day: str) -> str:
    if connection.vendor == "postgresql":
        return f"DATE_TRUNC('week', {day})::date::text"
    return f"date({day}, 'weekday 0', '-6 days')"


def _text(day: str) -> str:
    return f"{day}::text" if connection.vendor == "postgresql" else day


def _rows(statement: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return list(cursor.fetchall())
