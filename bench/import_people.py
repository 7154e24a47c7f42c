"""Measure the spreadsheet road: check and write 28,000 rows, 300 of them bad.

The yardstick, in the same run and on the same kind of fresh database: python-calamine merely reads
the same file and the same Person rows are bulk-inserted unchecked, with their pinyin keys, without
memberships, search words, trail, change log or undo.

    make bench NAME=import_people ARGS="--rows 28000 --bad 300 --rounds 3"
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "明建国志海文晓春秋思佳立远平强军伟娟霞燕勇刚敏杰涛磊静丽洁芳俊宇欣怡子涵浩然"
HEADER = (
    "姓名",
    "工号",
    "单位",
    "处（科）室",
    "党支部",
    "身份",
    "党员",
    "居住社区",
    "手机",
    "到本单位日期",
)
UNITS = 300


def main() -> None:
    """Run the yardstick and the road in processes of their own, in turn, and print the ratio."""
    parser = argparse.ArgumentParser(description="Import of people against a bare read and insert")
    parser.add_argument("--rows", type=int, default=28_000)
    parser.add_argument("--bad", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=20201124)
    parser.add_argument("--part", choices=("city", "bare", "road"))
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args()
    if args.part:
        print(json.dumps(run_part(args)))
        return
    rounds = [
        {part: in_process(args, part) for part in ("bare", "road")} for _ in range(args.rounds)
    ]
    bare = statistics.median(r["bare"]["seconds"] for r in rounds)
    road = statistics.median(r["road"]["seconds"] for r in rounds)
    cpu = statistics.median(r["road"]["cpu"] / r["bare"]["cpu"] for r in rounds)
    last = rounds[-1]["road"]
    for r in rounds:
        print(f"bare {r['bare']['seconds']:.2f} s   road {r['road']['seconds']:.2f} s")
    print(
        json.dumps(
            {
                "name": "import_people",
                "ratio": round(road / bare, 2),
                "cpu_ratio": round(cpu, 2),
                "seconds": round(road, 2),
                "check_seconds": last["check"],
                "write_seconds": last["write"],
                "baseline_seconds": round(bare, 2),
                "rows": args.rows,
                "bad": last["bad"],
                "written": last["written"],
                "bytes": last["bytes"],
                "database": "sqlite",
            }
        )
    )


def in_process(args: argparse.Namespace, part: str) -> dict[str, Any]:
    """Run one part with a fresh data directory: no cache of the other part helps it."""
    with tempfile.TemporaryDirectory(prefix="gw-import-") as directory:
        environment = {**os.environ, "DATA_DIR": directory, "LOG_LEVEL": "error"}
        environment.pop("DATABASE_URL", None)
        command = [
            sys.executable, "-m", "bench.import_people", "--part", part,
            "--rows", str(args.rows), "--bad", str(args.bad), "--seed", str(args.seed),
        ]  # fmt: skip
        if args.profile and part == "road":
            command.append("--profile")
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])


def run_part(args: argparse.Namespace) -> dict[str, Any]:
    """Build the city and the file untimed, then time one part."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    content = make_workbook(args.rows, args.bad, args.seed, *build_city())
    return {"bare": time_bare, "road": time_road}[args.part](content, args)


def build_city() -> tuple[list[str], list[str]]:
    """Make Ningbo's places and 300 units with offices and branches; give unit and home names."""
    import csv

    import groundwork.registry as registry
    from groundwork.base.actor import system
    from groundwork.registry import actions
    from groundwork.registry.actions import NewBody, NewPlace

    by = system("bench")
    path = Path(registry.__file__).parent / "data" / "ningbo.csv"
    with path.open(encoding="utf-8") as file:
        places = [NewPlace(**row) for row in csv.DictReader(file)]
    actions.add_places_many(places, by=by)
    bodies = [NewBody("NB", "宁波市人民政府", "unit")]
    for n in range(UNITS):
        code = f"NB-{n:03d}"
        bodies.append(NewBody(code, f"宁波市第{n}局", "unit", "NB", short_name=f"市{n}局"))
        bodies += [
            NewBody(f"{code}-{i}", name, "office", code)
            for i, name in enumerate(("办公室", "人事处", "法规处"))
        ]
        bodies.append(NewBody(f"{code}-Z", "第一党支部", "branch", code))
    actions.add_bodies_many(bodies, by=by)
    seen: dict[str, int] = {}
    for place in places:
        if place.level == "community":
            seen[place.name] = seen.get(place.name, 0) + 1
    return [b.name for b in bodies if b.kind == "unit"][1:], [n for n, k in seen.items() if k == 1]


def make_workbook(rows: int, bad: int, seed: int, units: list[str], homes: list[str]) -> bytes:
    """Write the sheet a clerk would send: `bad` rows spread over it, each wrong in one cell."""
    import xlsxwriter

    luck = random.Random(seed)
    wrong = set(luck.sample(range(rows), bad))
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": False})
    sheet = book.add_worksheet("名单")
    sheet.write_row(0, 0, HEADER)
    for n in range(rows):
        name = luck.choice(SURNAMES) + "".join(luck.sample(GIVEN, luck.choice((1, 2, 2))))
        cells: list[Any] = [
            name, f"R{n:06d}", luck.choice(units), luck.choice(("办公室", "人事处", "法规处")),
            "第一党支部" if luck.random() < 0.6 else "", luck.choice(("在编", "在编", "编外")),
            luck.choice(("是", "否")), luck.choice(homes), 13_800_000_000 + n, "2024-03-01",
        ]  # fmt: skip
        if n in wrong:
            place, cell = luck.choice(
                ((0, ""), (2, "没有的局"), (5, "不明"), (7, "没有的村"), (8, "12"))
            )
            cells[place] = cell
        sheet.write_row(n + 1, 0, cells)
    book.close()
    return out.getvalue()


def time_bare(content: bytes, args: argparse.Namespace) -> dict[str, Any]:
    """Read with calamine and bulk-insert the same people, unchecked."""
    import python_calamine
    from django.db import transaction

    from groundwork.base import text
    from groundwork.registry.models import Body, Person, Place

    units = dict(Body.objects.filter(kind="unit").values_list("name", "pk"))
    homes = dict(Place.objects.values_list("name", "pk"))
    status = {"在编": "on_roll", "编外": "contract"}
    start, cpu = time.perf_counter(), time.process_time()
    rows = python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    people = []
    for name, number, unit, _office, _branch, state, party, home, phone, _since in rows[1:]:
        if unit not in units or home not in homes or state not in status or not name:
            continue
        key = text.sort_key(name)
        people.append(
            Person(
                name=name,
                sort_key=key,
                initials=text.initials(key),
                work_number=number,
                phone=str(int(phone)) if isinstance(phone, float) else phone,
                status=status[state],
                party_member=party == "是",
                unit_id=units[unit],
                home_community_id=homes[home],
            )
        )
    with transaction.atomic():
        Person.objects.bulk_create(people)
    return {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "written": len(people),
    }


def time_road(content: bytes, args: argparse.Namespace) -> dict[str, Any]:
    """Upload, check, confirm leaving the bad rows out: all a clerk waits for."""
    from groundwork.base.actor import system
    from groundwork.registry import actions
    from groundwork.registry.models import Membership, Person

    by = system("bench")
    profile = None
    if args.profile:
        import cProfile

        profile = cProfile.Profile()
        profile.enable()
    start, cpu = time.perf_counter(), time.process_time()
    batch = actions.upload_import(content, name="名单.xlsx", kind="people", by=by)
    checked = time.perf_counter()
    actions.confirm_import(batch, leaving_bad=True, by=by)
    end, cpu = time.perf_counter(), time.process_time() - cpu
    if profile:
        import pstats

        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    written = Person.objects.count()
    if batch.totals["bad"] != args.bad or written != args.rows - args.bad:
        raise SystemExit(f"wrong result: {batch.totals}, {written} written")
    if Membership.objects.filter(kind="unit").count() != written:
        raise SystemExit("memberships are missing")
    return {
        "seconds": end - start,
        "cpu": cpu,
        "check": round(checked - start, 2),
        "write": round(end - checked, 2),
        "bad": batch.totals["bad"],
        "written": written,
        "bytes": len(content),
    }


if __name__ == "__main__":
    main()
