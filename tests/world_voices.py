"""One of everything of voices, made through the city's own actions as of the world's moment."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING

import xlsxwriter
from PIL import Image

from groundwork.base import clock
from groundwork.voices.actions import calls, deeds, drives, home, marks

if TYPE_CHECKING:
    from tests.world import World

SAW = "周六清洁家园来得早，带着邻居把楼道清了一遍。"
BRICK = "说好周六来值守，没有来，也没有打电话，门口空了两个钟头。"


def build(world: World) -> None:
    """Write one of everything."""
    _home(world)
    _marks(world)
    _drive(world)


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
    for name, hours, who in (("call", 72, "colleague"), ("begun", 1, "staff")):
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
