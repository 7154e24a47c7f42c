"""One of everything of voices, made through the city's own actions as of the world's moment."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import xlsxwriter
from PIL import Image

from groundwork.base import clock
from groundwork.base.actor import NOBODY
from groundwork.voices.actions import calls, deeds, drives, home, marks, surveys
from groundwork.voices.actions.answers import send_answer
from groundwork.voices.models import Text

if TYPE_CHECKING:
    from tests.world import World

SAW = "周六清洁家园来得早，带着邻居把楼道清了一遍。"
BRICK = "说好周六来值守，没有来，也没有打电话，门口空了两个钟头。"


def build(world: World) -> None:
    """Write one of everything."""
    _home(world)
    _marks(world)
    _drive(world)
    _surveys(world)


def deed_sheet(*rows: tuple[str, ...]) -> bytes:
    """Make a sheet of hours as an older system writes it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        heads = ("工号", "姓名", "服务日期", "活动名称", "地点", "时长", "记录编号")
        for n, row in enumerate((heads, *rows)):
            sheet.write_row(n, 0, row)
    return out.getvalue()


def picture() -> bytes:
    """Take a picture as a phone does, with the phone's name inside."""
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI"
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "JPEG", exif=exif)
    return out.getvalue()


def _home(world: World) -> None:
    cast, at = world.cast, world.at
    place, chief = cast.places["chenglang"], cast.actor("community_secretary")
    day = clock.day_of(at)
    world.things["registration"] = home.register_home(
        place, since=day, by=cast.actor("staff"), at=at
    )
    for name, hours, who in (("wanted", 72, "colleague"), ("begun", 1, "staff")):
        made = calls.post_call(
            calls.CallPlan(
                place=place, kind="day", title="周六清洁家园", meet="社区服务大厅",
                starts_at=at + timedelta(hours=hours), ends_at=at + timedelta(hours=hours + 2),
                wanted=6,
            ),
            by=chief, at=at,
        )  # fmt: skip
        taking = calls.take_call(made.public_id, by=cast.actor(who), at=at)
        world.things |= {name: made, f"taking:{name}": taking}
    begun = world["begun"]
    begun.starts_at, begun.ends_at = at - timedelta(hours=3), at - timedelta(hours=1)
    begun.save(update_fields=["starts_at", "ends_at"])
    rows = (
        ("NB0012", "单晓芸", "2026-11-07", "秋季植树", "姚江边", "2.5", "V-1"),
        ("NB9999", "", "2026-11-08", "秋季植树", "姚江边", "2", "V-2"),
    )
    world.things["deeds"] = deeds.upload_deeds(
        deed_sheet(*rows), name="志愿服务.xlsx", by=cast.actor("clerk"), at=at
    )


def _marks(world: World) -> None:
    cast, at = world.cast, world.at
    chief, place = cast.actor("community_secretary"), cast.places["chenglang"]
    staff = cast.people["staff"]
    happened = marks.Happened(clock.day_of(at) - timedelta(days=2), "周六清洁家园")
    world.things["mark"] = marks.write_mark("brick", staff, place, happened, BRICK, by=chief, at=at)
    answered = marks.write_mark("brick", staff, place, happened, BRICK, by=chief, at=at)
    text = "那天临时接到防汛通知，在河边值守到晚上，来不及说。"
    by = cast.actor("staff")
    world.things["answered"] = marks.reply_to_mark(answered.public_id, text, by=by, at=at)


def _drive(world: World) -> None:
    cast, at = world.cast, world.at
    chief, day = cast.actor("community_secretary"), clock.day_of(at)
    made = drives.open_drive(
        drives.DrivePlan(
            place=cast.places["chenglang"], title="垃圾分类", statement="我家分好类再投放。",
            authority="市生活垃圾分类管理条例", first_day=day, last_day=day + timedelta(days=20),
        ),
        by=chief, at=at,
    )  # fmt: skip
    said = drives.state_done(made.public_id, picture(), by=cast.actor("staff"), at=at)
    drives.visit_spot(made.public_id, "3号楼投放点", fine=True, by=chief, at=at)
    world.things |= {"drive": made, "picture": said.picture}
    world.things["ending"] = drives.open_drive(  # shut by a test, files and all
        drives.DrivePlan(
            cast.places["chenglang"], "清理楼道", "我家门口清了。", "社区联席会议", day, day
        ),
        by=chief,
        at=at,
    )


def _surveys(world: World) -> None:
    """Let 海曙区教育局 ask: a draft, one open to everybody, one closed and published."""
    cast, at = world.cast, world.at
    chief = cast.actor("unit_secretary")
    for name in ("survey_draft", "survey_open", "survey_done"):
        plan = surveys.SurveyPlan(
            title="校门口接送怎么安排", title_en="How to arrange the school gate",
            body=cast.bodies["unit"], place=cast.places["chenglang"], authority="局党委会议",
            opens_at=at - timedelta(hours=1), closes_at=at + timedelta(days=10),
        )  # fmt: skip
        made = surveys.draft_survey(plan, by=chief, at=at)
        options = (("满意", "Satisfied"), ("不满意", "Not satisfied"))
        new = surveys.NewQuestion("single", "您满意吗？", "Are you satisfied?", options)
        surveys.add_question(made.public_id, new, by=chief)
        text = surveys.NewQuestion("text", "还想说什么？", "Anything else?")
        surveys.add_question(made.public_id, text, by=chief)
        world.things[name] = made
        if name == "survey_draft":
            continue
        surveys.open_survey(made.public_id, by=chief, at=at)
        for n in range(6):
            raw = {"q1": "a1" if n else "a2", "q2": "路太窄，希望划一条线。"}
            send_answer(made.public_id, raw, client_key=f"{name}{n}", by=NOBODY, at=at)
    done = surveys.close_survey(world["survey_done"].public_id, by=chief, at=at)
    world.things["survey_text"] = Text.objects.filter(survey=done).first()
