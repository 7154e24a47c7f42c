"""One of everything in the ledger and in service, for the walker, the languages and the browser.

Made through the city's own actions, as of the world's moment.
"""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PIL import Image

from groundwork.access.actions import issue_token
from groundwork.access.models import ApiToken
from groundwork.base.actor import NOBODY
from groundwork.matters.actions.hotline import upload_orders
from groundwork.matters.actions.knocking import keep_photo
from groundwork.matters.actions.raising import Teller, Telling, raise_matter
from groundwork.matters.models import Category, Door

if TYPE_CHECKING:
    from tests.world import World


def build(world: World) -> None:
    """Write one of everything; each subject adds its own below."""
    _matters(world)
    _interfaces(world)
    _service(world)
    _trust(world)
    _desk(world)


def category(code: str, name: str = "") -> Category:
    """Give a category; a flushed database has lost those of the first migration."""
    found, _made = Category.objects.get_or_create(code=code, defaults={"name": name or code})
    return found


def _matters(world: World) -> None:
    """Raise one matter in 澄浪社区: world["matter"], with the secret of its link."""
    telling = Telling(
        words="澄浪社区北门的路灯坏了三天，晚上老人不敢出门。",
        category=category("roads", "道路与市政设施"),
        place=world.cast.places["chenglang"],
        door=Door.PORTAL,
    )
    teller = Teller(name="沈阿姨", phone="13905740001", confidential=True)
    receipt = raise_matter(telling, teller, by=NOBODY, at=world.at)
    world.things["matter"] = receipt.matter
    world.things["matter_secret"] = receipt.secret
    filmed = Telling(
        words="排水口夜里排出黄水，镜头拍到了三次。",
        category=category("water", "水环境"),
        place=world.cast.places["chenglang"],
        door=Door.TELEVISION,
        withheld_until=world.at + timedelta(days=5),
    )
    crew = Teller(name="栏目组")
    world.things["filmed"] = raise_matter(filmed, crew, by=NOBODY, at=world.at).matter
    _public(world)
    world.things["loose_photo"] = keep_photo(picture(), by=NOBODY, at=world.at)


def _public(world: World) -> None:
    """Answer a matter that the board shows, raised by an account, with a photo on each side."""
    from groundwork.matters.models import MatterFile
    from groundwork.matters.tests.make import receipt_at

    category("noise", "噪音扰民")
    account = world.cast.accounts["staff"].pk
    early = world.at - timedelta(days=1)
    receipt = receipt_at(world.cast, "answered", at=early, account_id=account)
    matter = receipt.matter
    answer = matter.steps.get(verb="answer")
    for name, step, from_raiser in (("public_secret", None, True), ("public_id", answer, False)):
        photo = keep_photo(picture(), by=NOBODY, at=world.at)
        MatterFile.objects.create(
            matter=matter, attachment=photo, step=step, from_raiser=from_raiser, added_at=early
        )
        world.things[f"{name}_file"] = photo.public_id
    world.things["public_matter"], world.things["public_secret"] = matter, receipt.secret
    world.things["public_id"] = matter.public_id


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def _interfaces(world: World) -> None:
    """Make a program's key of the staff's, and a sheet of the hotline's with a bad row."""
    secret = issue_token(name="值班大屏", by=world.cast.actor("staff"), at=world.at)
    world.things["token"] = ApiToken.objects.get(account=world.cast.accounts["staff"])
    world.things["token_secret"] = secret
    lines = (
        "工单编号,来电时间,地点,诉求内容,类别",
        "NB-2026-001,2026-11-23 09:30,海曙区南门街道澄浪社区,路灯坏了三天没人修。,道路与市政设施",
        "NB-2026-002,2026-11-23 10:00,火星基地,夜里打桩睡不着。,噪音扰民",
    )
    world.things["orders"] = upload_orders(
        "\n".join(lines).encode(), name="热线.csv", by=world.cast.actor("dispatcher"), at=world.at
    )


def _service(world: World) -> None:
    """Visit, stand and patrol, ask: one of each, made by 海曙区教育局."""
    _outings(world)
    _asked(world)


def _outings(world: World) -> None:
    from groundwork.registry.actions import NewBody, add_body
    from groundwork.service.actions import areas, points, studios, visits

    cast, at = world.cast, world.at
    staff, chief = cast.actor("staff"), cast.actor("unit_secretary")
    community = cast.places["chenglang"]
    lamp = visits.Problem("社区卫生站门口台阶破了，老人容易摔。", category("roads"))
    day = at.date()
    world.things["point"] = points.open_point(
        name="澄浪社区联系点",
        body=cast.bodies["unit"],
        place=community,
        weekdays=(2, 4),
        leader=cast.people["staff"],
        by=chief,
        at=at,
    )
    points.join_squad(world["point"].public_id, cast.people["colleague"], by=chief, at=at)
    plan = visits.VisitPlan(
        "people",
        day,
        contact_point=world["point"],
        companions=(cast.people["colleague"],),
        brought=("policy", "hands"),
        problems=(lamp,),
        note="两户独居老人。",
    )
    world.things["visit"] = visits.record_visit(plan, by=staff, at=at).visit
    row = NewBody("HS-JYJ-G1", "晚风助学工作室", "service_studio", "HS-JYJ")
    world.things["studio"] = studio = add_body(row, by=chief, at=at)
    studios.join_studio(studio.public_id, cast.people["staff"], leads=True, by=chief, at=at)
    studios.join_studio(studio.public_id, cast.people["colleague"], by=chief, at=at)
    plan = visits.VisitPlan("enterprises", day, host=cast.bodies["enterprise_body"])
    world.things["received"] = visits.record_visit(plan, by=staff, at=at).visit
    world.things["held"] = visits.hold_visit(
        "held-by-the-city", {"service": ["people"], "note": ["没选地方"]}, by=staff, at=at
    )
    world.things["area"] = areas.open_area(
        name="南门两社区",
        body=cast.bodies["unit"],
        places=[community, cast.places["liujin"]],
        keeper=cast.people["staff"],
        by=chief,
        at=at,
    )
    found = visits.Problem("垃圾桶满了没人清。", category("waste"), cast.places["liujin"])
    patrol = areas.PatrolPlan(day, (found,))
    areas.record_patrol(world["area"].public_id, patrol, by=staff, at=at)


def _asked(world: World) -> None:
    from groundwork.service.actions import replies, rounds

    cast, at = world.cast, world.at
    chief = cast.actor("unit_secretary")

    def plan(title: str, audience: str, **more: Any) -> rounds.RoundPlan:
        values: dict[str, Any] = {
            "body": cast.bodies["unit"],
            "place": cast.places["haishu"],
            "opens_at": at - timedelta(hours=1),
            "closes_at": at + timedelta(days=14),
            "questions": ("校门口接送，哪里最堵？", "课后托管还缺什么？"),
        }
        return rounds.RoundPlan(title=title, audience=audience, **(values | more))

    def opened(made: Any) -> Any:
        return rounds.open_round(made.public_id, by=chief, at=at)

    world.things["draft_round"] = rounds.draft_round(plan("十二月征询", "all"), by=chief, at=at)
    world.things["round"] = opened(rounds.draft_round(plan("校门口怎么改", "all"), by=chief, at=at))
    key = str(world["round"].questions.get(order=1).pk)
    world.things["reply"] = replies.send_reply(
        world["round"].public_id,
        replies.Answer({key: "柳锦小学东门，早上七点四十。"}),
        by=NOBODY,
        at=at,
    ).reply
    world.things["reply_question"] = key
    named = plan(
        "用工还缺多少人",
        "named",
        people=(cast.people["staff"],),
        enterprises=(cast.bodies["enterprise_body"],),
    )
    world.things["named_round"] = opened(rounds.draft_round(named, by=chief, at=at))
    for name in ("closed_round", "reported_round"):
        made = opened(rounds.draft_round(plan("秋季征询", "all"), by=chief, at=at))
        world.things[name] = rounds.close_round(made.public_id, by=chief, at=at)
    world.things["reported_round"] = rounds.report_round(
        world["reported_round"].public_id, "接送区已划好，十二月起试行。", by=chief, at=at
    )


def _trust(world: World) -> None:
    """Make a call-back to ring, a list to draw from, a drawn closure: all of 海曙区教育局."""
    from groundwork.matters.actions import calling, sampling
    from groundwork.matters.tests.make import at_state

    cast, at, auditor = world.cast, world.at, world.cast.actor("auditor")
    category("noise", "噪音扰民")
    day = timedelta(days=1)
    answered = at_state(cast, "answered", at=at - 8 * day)
    calling.open_calls(at=at)
    world.things["call"] = answered.calls.get()
    at_state(cast, "solved", at=at - 4 * day)
    for name in ("sample", "drawn_sample"):
        plan = sampling.Plan(
            title="十一月办结真实性核查",
            place=cast.places["haishu"],
            closed_from=at.date() - 30 * day,
            closed_to=at.date(),
            most_false=Decimal("0.01"),
            confidence=Decimal("0.95"),
            seed_source="福彩双色球第2026134期开奖号码",
            act_at=at - day,
        )
        world.things[name] = sampling.publish_sample(plan, by=auditor, at=at - 2 * day)
    drawn = world["drawn_sample"]
    sampling.draw_sample(drawn.public_id, "03 11 15 20 27 32 + 09", "中国福彩网", by=auditor, at=at)
    world.things["sample_item"] = drawn.items.get()


def _desk(world: World) -> None:
    """Accept one, let one be handled that asks for more time, set a route and a template."""
    from groundwork.matters.actions import requests, settings
    from groundwork.matters.tests.make import at_state

    cast, at = world.cast, world.at
    early = at - timedelta(hours=9)
    noise = category("noise", "噪音扰民")
    handler = cast.actor("unit_handler")
    world.things["accepted"] = at_state(cast, "accepted", at=early)
    world.things["handled"] = at_state(cast, "handling", at=early)
    world.things["request"] = requests.ask_extension(
        world["handled"].public_id,
        at.date() + timedelta(days=24),
        "等施工单位换设备。",
        by=handler,
        at=at,
    )
    place, body = cast.places["haishu"], cast.bodies["unit"]
    by = cast.actor("district_operator")
    world.things["route"] = settings.add_route(category("roads"), place, body, by=by, at=at)
    world.things["template"] = settings.save_template(
        body, title="已办结", text="您反映的______已办好。", by=handler, at=at
    )
    world.things["category"] = noise
