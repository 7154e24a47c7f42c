"""A problem from the one who raises it to the one who says it is solved, on everybody's screens."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from groundwork.base import clock
from tests.journeys.browser import DESK, Reader

RAISE = "/matters/raise/"
QUEUE = "/matters/queue/"
LAMP = "澄浪社区南门的信箱被撞坏了，信都淋湿了。请来修一修。"
UNIT = "海曙区教育局"


def press(page: Page, name: str) -> None:
    """Press a button or follow a link that says just this."""
    button = page.get_by_role("button", name=name, exact=True)
    button.or_(page.get_by_role("link", name=name, exact=True)).first.click()


def photo() -> bytes:
    """Take a picture as a phone does, with the place where it was taken inside."""
    picture = Image.radial_gradient("L").resize((900, 600)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def pick(page: Page, label: str, typed: str, wanted: str) -> None:
    """Type into a field that looks things up and take the one that is wanted."""
    page.get_by_label(label).first.press_sequentially(typed)
    page.get_by_role("option", name=wanted).first.click()


def raise_at_the_portal(one: Reader) -> str:
    """Say it in three steps with a photo; give the address of the own page."""
    page = one.open(RAISE)
    pick(page, "在哪个社区（村）", "澄浪", "澄浪社区")
    page.get_by_label("什么事").fill(LAMP)
    page.locator('input[type="file"]').first.set_input_files(
        {"name": "IMG_沈.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    one.check()
    press(page, "下一步")
    expect(page.get_by_role("heading", name="看一看，选一选")).to_be_visible()
    page.get_by_label("属于哪一类").select_option(label="道路与市政设施")
    one.check()
    press(page, "下一步")
    expect(page.get_by_role("heading", name="怎么告诉您")).to_be_visible()
    page.get_by_label("怎么称呼您").fill("沈阿姨")
    page.get_by_label("不让承办单位知道我是谁").check()
    one.check()
    press(page, "提交")
    if page.get_by_text("提交得太快了").count():  # a browser types faster than people do
        press(page, "提交")
    expect(page.get_by_role("heading", name="请收好这张回执")).to_be_visible()
    one.check()
    press(page, "看进展")
    expect(page.get_by_text("现在到哪一步了")).to_be_attached()
    return page.url


def open_matter(one: Reader, path: str, title: str) -> None:
    page = one.open(path)
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", name=title).first).to_be_visible()


def answer(one: Reader, text: str, *, again: bool = False) -> None:
    """Take the matter on and answer it, from the queue on a phone; a redo is theirs already."""
    open_matter(one, QUEUE, "澄浪社区南门的信箱")
    assert "沈阿姨" not in one.page.content(), "who wants to stay unknown is unknown here"
    one.check()
    if not again:
        press(one.page, "接单")
    press(one.page, "答复")
    one.page.locator('textarea[name="text"]').fill(text)
    one.check()
    one.page.locator("main, body").get_by_role("button", name="答复").last.click()
    expect(one.page.get_by_text(text).first).to_be_visible()


def test_a_resident_without_an_account_raises_refuses_gets_the_redo_and_confirms(town, opens):
    resident = opens("resident")
    own = raise_at_the_portal(resident)
    resident.check()

    dispatcher = opens("dispatcher", width=DESK)
    open_matter(dispatcher, QUEUE, "澄浪社区南门的信箱")
    dispatcher.check()
    press(dispatcher.page, "受理")
    expect(dispatcher.page.get_by_text("派单规则").first).to_be_visible()
    expect(dispatcher.page.get_by_label("派给哪个单位")).to_have_value(UNIT)
    dispatcher.check()
    press(dispatcher.page, "受理并派单")
    expect(dispatcher.page.get_by_text("已受理并派单。")).to_be_visible()
    dispatcher.check()

    handler = opens("unit_handler")
    answer(handler, "信箱已经扶正，锁也换了。")

    page = resident.open(own)
    expect(page.get_by_text("信箱已经扶正").first).to_be_visible()
    resident.check()
    page.locator(
        'form[action$="/refuse/"] textarea, form[action$="/refuse/"] input[type="text"]'
    ).first.fill("又歪了")
    press(page, "没有解决，请重办")
    expect(page.get_by_text("您说过：没有解决。")).to_be_visible()
    resident.check()

    answer(handler, "换了新的信箱，打了水泥底座。", again=True)
    page = resident.open(own)
    expect(page.get_by_text("打了水泥底座").first).to_be_visible()
    press(page, "解决了")
    expect(page.get_by_text("您说过：解决了。")).to_be_visible()
    resident.check()

    anybody = opens("resident", width=DESK)
    page = anybody.open("/matters/board/")
    page.get_by_role("link", name=re.compile("南门的信箱")).first.click()
    expect(page.get_by_text("提出人说：解决了。").first).to_be_visible()
    assert "沈阿姨" not in page.content()
    anybody.check()


def fill_a_visit(page: Page) -> None:
    page.get_by_label("服务群众").check()
    details = page.locator("details", has_text="别的地方").first
    if details.count():
        details.locator("summary").click()
    pick(page, "别的地方", "澄浪", "澄浪社区")
    page.get_by_label("政策").check()
    page.locator('[name="problem_0"]').fill("楼道的灯坏了三盏")


def test_a_visit_made_without_signal_is_sent_once_when_the_signal_is_back(town, opens):
    before = town.call("tests.journeys.town:visits_of", "staff")
    staff = opens("staff")
    page = staff.open("/service/visits/new/")
    staff.check()
    fill_a_visit(page)
    staff.context.set_offline(True)
    press(page, "记下")
    expect(page.get_by_text("已存在本机").first).to_be_in_viewport()  # the form is a long one
    staff.faults.clear()  # without a line the browser itself complains
    assert town.call("tests.journeys.town:visits_of", "staff") == before

    staff.context.set_offline(False)
    expect(page.get_by_text("走访已记下").first).to_be_visible(timeout=70_000)
    assert town.call("tests.journeys.town:visits_of", "staff") == before + 1
    page = staff.open("/service/visits/")
    expect(page.get_by_text("澄浪社区").first).to_be_visible()
    staff.check()
    assert town.call("tests.journeys.town:visits_of", "staff") == before + 1


def test_a_patrol_form_opened_once_opens_again_and_is_sent_without_signal(town, opens):
    walk = f"/service/areas/{town.known['ids']['area']}/patrol/"
    staff = opens("staff")
    page = staff.open(walk)
    expect(page.locator("html[data-kept]")).to_have_count(1)
    staff.context.set_offline(True)
    page.goto(page.url)  # from the worker alone
    for n in range(2):
        page.locator('[name="problem_0"]').fill(f"第{n}个垃圾桶满了")
        press(page, "记下")
        expect(page.get_by_text(re.compile(f"{n + 1} 条在本机")).first).to_be_visible()
    staff.faults.clear()  # without a line the browser itself complains
    staff.context.set_offline(False)
    expect(page.get_by_text("巡查已记下")).to_have_count(2, timeout=70_000)  # both answers stay
    staff.check()


def test_a_dispatchers_busy_morning(town, opens):
    town.call("tests.journeys.town:raise_many", 12)
    before = town.call("tests.journeys.town:in_state", "raised")
    one = opens("dispatcher", width=DESK)
    page = one.open(QUEUE)
    expect(page.get_by_text("幢楼下的路灯不亮").first).to_be_visible()
    one.check()
    press(page, "成批办")
    one.check()
    lamps = page.locator("li", has_text="幢楼下的路灯不亮").get_by_role("checkbox")
    for n in range(12):
        lamps.nth(n).check()
    page.get_by_role("button", name="受理并派单").click()
    one.check()
    pick(page, "没有写单位的都派给", "海曙区教育", UNIT)
    press(page, "派单")
    expect(page.get_by_text("幢楼下的路灯不亮").first).to_be_visible()
    one.check()
    assert town.call("tests.journeys.town:in_state", "raised") == before - 12
    assert town.call("tests.journeys.town:in_state", "assigned") >= 12

    # The unit finds them in its own queue, on a phone, by deadline.
    handler = opens("unit_handler")
    handler.open(QUEUE)
    expect(handler.page.get_by_text("幢楼下的路灯不亮").first).to_be_visible()
    handler.check()


def test_an_auditors_draw_is_run_again_by_an_outsider(town, opens, tmp_path: Path):
    town.call("tests.journeys.town:close_many", 40)
    auditor = opens("auditor", width=DESK)
    page = auditor.open("/matters/samples/new/")
    today = clock.today()
    page.get_by_label("名称").fill("十一月办结核查")
    page.locator("#id_closed_from").fill((today - timedelta(days=30)).isoformat())
    page.locator("#id_closed_to").fill(today.isoformat())
    page.get_by_label("10%").check()
    page.locator("#id_seed_source").fill("福彩3D第2026316期开奖号码，宁波晚报刊登")
    act = clock.now() + timedelta(minutes=5)
    page.locator("#id_act_at").fill(act.strftime("%Y-%m-%dT%H:%M"))
    press(page, "算一算要查几件")
    auditor.check()
    press(page, "公布名单")
    expect(page.get_by_role("heading", name="十一月办结核查")).to_be_visible()
    auditor.check()
    sample = page.url.rstrip("/").rpartition("/")[2]

    outsider = opens("resident")
    listed = outsider.context.request.get(f"{town.url}/matters/samples/{sample}/list.txt")
    published = tmp_path / "list.txt"
    published.write_bytes(listed.body())

    town.call("tests.journeys.town:let_the_act_happen", sample)
    page = auditor.open(f"/matters/samples/{sample}/")
    page.get_by_label("种子").fill("2026316 058 20261122")
    page.get_by_label("在哪里、谁见证").fill("宁波晚报11月23日第2版")
    press(page, "抽取，只此一次")
    expect(page.get_by_text("已抽取").first).to_be_visible()
    auditor.check()

    drawn = town.call("tests.journeys.town:drawn", sample)
    again = subprocess.run(
        [sys.executable, "-m", "config.cli", "sample", "draw", str(published),
         "--seed", "2026316 058 20261122", "--n", str(len(drawn))],
        env=town.env, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert [line for line in again.stdout.split() if re.fullmatch("[0-9a-f]{64}", line)] == drawn
    page = outsider.open(f"/matters/samples/{sample}/")
    expect(page.get_by_text("自己重算一遍").first).to_be_visible()
    outsider.check()
