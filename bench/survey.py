"""20,000 answers, a tenth of them sent twice over a bad line: none lost, none doubled, how fast.

Ten minutes' worth of load is sent as fast as it goes, through the whole stack (middleware, form,
rules, database) by in-process browsers. Held answers are let go between, as the worker does; then
the survey closes and every answer is looked for. The results page is held against hand-written SQL
that counts the same cells, in the same run. On the database of DATABASE_URL, else SQLite:

    python -m bench.survey [--answers 20000]
    python tools/pg.py python -m bench.survey
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

WORTH = 600  # seconds of load that are compressed
SQL = {
    "sqlite": "SELECT json_extract(said, '$.q1') AS a, COUNT(*) FROM voices_answer"
    " WHERE survey_id = %s GROUP BY a",
    "postgresql": "SELECT said ->> 'q1' AS a, COUNT(*) FROM voices_answer"
    " WHERE survey_id = %s GROUP BY a",
}


def main() -> None:
    """Run the bench; its last line is one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=20_000)
    n = parser.parse_args().answers
    with tempfile.TemporaryDirectory(prefix="groundwork-survey-") as folder:
        os.environ.setdefault("DATA_DIR", folder)
        os.environ.setdefault("KEYS_DIR", str(Path(folder) / "keys"))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print(json.dumps({"name": "survey", "answers": n, **measure(n)}))


def _open(n: int) -> Any:
    from groundwork.base import clock
    from groundwork.base.actor import system
    from groundwork.registry.models import Body, Place
    from groundwork.voices.actions import surveys

    place = Place.objects.create(
        path="0001", depth=1, numchild=0, code="3302", name="宁波市", level="city"
    )
    unit = Body.objects.create(
        path="0001", depth=1, numchild=0, code="B", name="市级机关", kind="unit", place=place
    )
    now, by = clock.now(), system("bench")
    plan = surveys.SurveyPlan(
        title="压测", body=unit, place=place, authority="压测",
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=1),
    )  # fmt: skip
    made = surveys.draft_survey(plan, by=by)
    options = tuple((f"选项{i}", "") for i in range(5))
    surveys.add_question(
        made.public_id, surveys.NewQuestion("single", "哪一样？", options=options), by=by
    )
    surveys.add_question(made.public_id, surveys.NewQuestion("text", "还有呢？"), by=by)
    return surveys.open_survey(made.public_id, by=by)


def _send(survey: Any, n: int) -> tuple[int, float]:
    """Answer from `n` phones, each tenth twice; count the acknowledged; the seconds."""
    from django.test import Client
    from django.test.client import ClientHandler
    from django.urls import reverse

    from groundwork.voices.actions import surveys

    handler = ClientHandler(enforce_csrf_checks=False)  # one process, as a server is one
    url = reverse("voices:survey_answer", args=[survey.public_id])
    acknowledged, started = 0, time.perf_counter()
    for i in range(n):
        sent = {"q1": f"a{i % 5 + 1}", "q2": f"第{i}条", "client_key": f"k{i}"}
        # Each phone is a browser of its own at one of many addresses, as in a city.
        from_where = f"10.{i // 65536}.{i // 256 % 256}.{i % 256}"
        client = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=from_where)
        client.handler = handler
        client.cookies["csrftoken"] = f"{i:032}"
        for _again in range(2 if i % 10 == 0 else 1):
            answer = client.post(url, sent, HTTP_HX_REQUEST="true")
        if answer.status_code != 200:
            raise SystemExit(f"answer {i} was refused: {answer.status_code}")
        acknowledged += 1
        if i % 2000 == 1999:
            surveys.run_surveys()
    return acknowledged, time.perf_counter() - started


def _times(closed: Any) -> dict[str, float]:
    """Time the results of a closed survey and their page beside hand-written SQL."""
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from bench.common import TRIVIAL, median_times
    from groundwork.base.actor import system
    from groundwork.voices.actions import surveys
    from groundwork.voices.queries.surveys import results

    def by_hand() -> None:
        with connection.cursor() as cursor:
            cursor.execute(SQL[connection.vendor], [closed.pk])
            cursor.fetchall()

    page = reverse("voices:survey_results", args=[closed.public_id])
    surveys.publish_survey(closed.public_id, by=system("bench"))
    client = Client(headers={"host": "127.0.0.1"})
    return median_times(
        {
            "sql": by_hand,
            "results": lambda: results(closed),
            "page": lambda: client.get(page),
            "trivial": lambda: client.get(TRIVIAL),
        },
        rounds=15,
    )


def measure(n: int) -> dict[str, object]:
    """Send, send again, close, look, and time the results against hand-written SQL."""
    from django.db import connection

    from groundwork.base.actor import system
    from groundwork.voices.actions import surveys
    from groundwork.voices.models import Answer, Text

    survey = _open(n)
    acknowledged, seconds = _send(survey, n)
    begun = time.perf_counter()
    closed = surveys.close_survey(survey.public_id, by=system("bench"))
    closing = time.perf_counter() - begun
    words = list(Text.objects.filter(survey=survey).values_list("text", flat=True))
    kept = Answer.objects.filter(survey=survey).count()

    times = _times(closed)
    return {
        "database": connection.vendor,
        "lost": acknowledged - len(set(words)),
        "doubled": max(len(words) - len(set(words)), kept - acknowledged),
        "refused": n - acknowledged,
        "compressed": round(WORTH * n / 20_000 / seconds, 2),
        "answers_per_second": round(n / seconds, 1),
        "closing_seconds": round(closing, 1),
        "ratio": round(times["results"] / times["sql"], 3),
        "page_to_sql": round(times["page"] / times["sql"], 3),
        "page_to_trivial": round(times["page"] / times["trivial"], 2),
    }


if __name__ == "__main__":
    main()
