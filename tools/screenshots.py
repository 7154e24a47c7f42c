"""Take the README's pictures: a fresh demo city, real server, real Chromium.

python tools/screenshots.py               all of today's city
python tools/screenshots.py wall figure   these alone
python tools/screenshots.py spring        the spring of 2020, which takes a city at full scale
python tools/screenshots.py --city FOLDER spring        of a city that stands there: a copy of it
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.city import City, migrated  # noqa: E402 - the project's root is on the path only now
from tests.journeys.browser import CHROMIUM  # noqa: E402

SHOTS = ROOT / "docs" / "screenshots"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 740}
PROJECTOR: ViewportSize = {"width": 1920, "height": 1080}
NOBODY = ""  # who has no account


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at what width, where, and what is tapped from there."""

    role: str
    size: ViewportSize
    path: str
    taps: tuple[str, ...] = ()


# file name: what it shows; the role as its card says it
PAGES = {
    "home-phone": Shot("机关干部", PHONE, "/"),
    "home": Shot("单位书记", DESK, "/"),
    "evenings": Shot("市级管理员", DESK, "/study/evenings/"),
    "coverage": Shot("市级管理员", DESK, "/study/coverage/"),
    "portal-phone": Shot(NOBODY, PHONE, "/matters/"),
    "board-phone": Shot(NOBODY, PHONE, "/matters/board/"),
    "board": Shot(NOBODY, DESK, "/matters/board/"),
    "queue-phone": Shot("海曙区综合行政执法局 · 承办人", PHONE, "/matters/queue/"),
    "queue": Shot("受理派单员", DESK, "/matters/queue/?tab=work"),
    "dispatch": Shot(
        "受理派单员",
        DESK,
        "/matters/queue/",
        (
            "#rows a.item",
            ".actions .btn.act",
        ),
    ),
    "answered-phone": Shot("企业联系人", PHONE, "/", ("main .list a.item",)),
    "satisfaction": Shot(NOBODY, DESK, "/matters/satisfaction/"),
    "sample": Shot(NOBODY, DESK, "/matters/samples/", ("#rows li:last-child a.item",)),
    "visit-phone": Shot("机关干部", PHONE, "/service/visits/new/"),
    "visits": Shot("单位书记", DESK, "/service/visits/"),
    "figure": Shot(NOBODY, DESK, "/figures/matters.resolution_rate/"),
    "figure-phone": Shot(NOBODY, PHONE, "/figures/matters.resolution_rate/"),
    "briefings": Shot(NOBODY, DESK, "/figures/briefings/", ("#rows a.item",)),
    "television": Shot(NOBODY, DESK, "/campaigns/tv/"),
    "alliance": Shot("企业联系人", PHONE, "/campaigns/alliances/"),
    "projects": Shot("市级管理员", DESK, "/campaigns/projects/"),
    "wall": Shot("市级管理员", PROJECTOR, "/figures/wall/"),
}
# What was printed of that spring is only there to compare in a city of its size and days.
SPRING = {"spring": Shot(NOBODY, DESK, "/figures/spring-2020/")}
SPRING_CITY = ("--scale", "1", "--until", "2020-05-31")
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def main() -> None:
    """Visit the pages in both languages, and join four of them for the README."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--city", type=Path, help="the data folder of a demo city")
    asked = parser.parse_args()
    names, stands = asked.names, asked.city
    SHOTS.mkdir(parents=True, exist_ok=True)
    if unknown := set(names) - {*PAGES, *SPRING}:
        raise SystemExit(f"no such picture: {', '.join(sorted(unknown))}")
    today = {name: PAGES[name] for name in names if name in PAGES} if names else PAGES
    if today:
        take(today, ("--scale", "0.02"), stands)
    if "spring" in names:
        take(SPRING, SPRING_CITY, stands)
    joined = ("portal-phone", "queue", "answered-phone", "board-phone")
    if set(joined) <= set(today):
        join([SHOTS / f"{name}-zh.png" for name in joined])


def take(shots: dict[str, Shot], size: tuple[str, ...], stands: Path | None = None) -> None:
    """Build a demo city of a size, or copy the one that stands, and take pictures of it."""
    with tempfile.TemporaryDirectory() as folder:
        city = copied(stands, Path(folder)) if stands else built(Path(folder), size)
        try:
            city.start()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=CHROMIUM,
                    args=["--no-sandbox", "--disable-background-networking"],
                )
                for language, locale in LANGUAGES.items():
                    for name, shot in shots.items():
                        shoot(browser, city, f"{name}-{language}", locale, shot)
        finally:
            city.stop()


def built(folder: Path, size: tuple[str, ...]) -> City:
    """Build a demo city of a size."""
    city = City(migrated(folder), DEMO="1")
    done = city.command("demo", *size)
    assert done.returncode == 0, done.stderr
    return city


def copied(stands: Path, folder: Path) -> City:
    """Copy a city's data and bring it to this version."""
    city = City(Path(shutil.copytree(stands, folder / "city")), DEMO="1")
    manage = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0"]
    subprocess.run(manage, check=True, env=city.env)
    return city


def shoot(browser: Browser, city: City, name: str, locale: str, shot: Shot) -> None:
    """Come in by a card, or without one, follow the taps and take one picture."""
    context = browser.new_context(
        locale="zh-CN", timezone_id="Asia/Shanghai", viewport=shot.size, device_scale_factor=1
    )
    page: Page = context.new_page()
    if shot.role != NOBODY:
        page.goto(f"{city.url}/access/demo/")
        page.locator("main li button", has_text=shot.role).first.click()
    if locale != "zh-CN":
        page.context.add_cookies([{"name": "django_language", "value": locale, "url": city.url}])
    answer = page.goto(f"{city.url}{shot.path}")
    assert answer is not None
    assert answer.ok, (name, answer.status)
    for tap in shot.taps:
        page.locator(tap).first.click()
    page.wait_for_load_state("networkidle")
    taken = SHOTS / f"{name}.png"
    page.screenshot(path=taken)
    lighten(taken)
    context.close()


def lighten(path: Path) -> None:
    """Write a picture with few colours: pages have few."""
    picture = Image.open(path).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def join(paths: list[Path]) -> None:
    """Put pictures of one height side by side."""
    pictures = [Image.open(path).convert("RGB") for path in paths]
    gap = 24
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    joined = Image.new("RGB", (width, max(p.height for p in pictures)), "white")
    left = 0
    for picture in pictures:
        joined.paste(picture, (left, 0))
        left += picture.width + gap
    joined.thumbnail((2000, 2000))
    joined.save(SHOTS / "overview.png")
    lighten(SHOTS / "overview.png")


if __name__ == "__main__":
    main()
