"""What is one's own: ways in, ways to act, and everything kept about oneself.

Areas above add to the own data: `@own.section` on a function of the actor, in a module their app
loads at start. The person's page, the JSON and the spreadsheet then carry it without more code.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from groundwork.access import policy
from groundwork.access.models import Account, FeedKey, Remark
from groundwork.access.queries.actors import AS_STAFF, grants_in_force, label_of
from groundwork.access.queries.tokens import own_tokens
from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import NotFound
from groundwork.registry.models import Membership, Person

Cell = str | int | bool | date | datetime | None
MOST = 2000  # rows of one section; nobody's own record is longer in practice


@dataclass(frozen=True)
class Section:
    """One kind of record about a person: what it is, how long it is kept, its rows."""

    title: str
    kept: str  # for how long, in a sentence
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


Provider = Callable[[Actor], Section | None]
PROVIDERS: list[Provider] = []


def section(provider: Provider) -> Provider:
    """Register a function that gives one section of the own data, None where there is none."""
    PROVIDERS.append(provider)
    return provider


def own_data(by: Actor) -> list[Section]:
    """Collect everything kept about the actor's own person and account."""
    found = (provider(by) for provider in PROVIDERS)
    return [part for part in found if part is not None]


# ---- ways in and ways to act ------------------------------------------------------------------
@dataclass(frozen=True)
class Doors:
    """How an account comes in."""

    username: str
    email: str
    locale: str
    has_password: bool
    passkeys: int
    totp: bool
    sessions: int
    feed: bool


def _own(by: Actor) -> Account:
    if by.account_id is None:
        raise NotFound
    return Account.objects.select_related("person__unit").get(pk=by.account_id)


def doors_of(by: Actor) -> Doors:
    """Tell how the own account comes in."""
    account = _own(by)
    kinds = list(Authenticator.objects.filter(user=account).values_list("type", flat=True))
    return Doors(
        username=account.username,
        email=account.email,
        locale=account.locale,
        has_password=account.has_usable_password(),
        passkeys=kinds.count(Authenticator.Type.WEBAUTHN),
        totp=Authenticator.Type.TOTP in kinds,
        sessions=UserSession.objects.filter(user=account).count(),
        feed=FeedKey.objects.filter(account=account, revoked_at=None).exists(),
    )


def email_of(by: Actor) -> str:
    """Give the own e-mail address, '' for none."""
    return _own(by).email


@dataclass(frozen=True)
class WayToAct:
    """One thing an account may act as; `chosen` is what it acts as now."""

    value: str
    label: str
    until: date | None
    acting_for: str
    chosen: bool


def ways_to_act(by: Actor) -> list[WayToAct]:
    """List as what the own account may act, plain staff last."""
    account = _own(by)
    now = by.grants[0].id if by.grants else None
    ways = [
        WayToAct(
            value=row.public_id,
            label=label_of(row),
            until=row.valid_to,
            acting_for=str(row.acting_for.person or row.acting_for) if row.acting_for else "",
            chosen=row.pk == now,
        )
        for row in grants_in_force(account)
    ]
    if account.person is not None:
        staff = _("%(unit)s · 本人") % {"unit": account.person.unit}
        ways.append(WayToAct(AS_STAFF, staff, None, "", now is None))
    return ways


# ---- what this area and the registry keep -------------------------------------------------------
@section
def _card(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    homes = Person.objects.select_related("unit", "office", "branch", "home_community")
    person = homes.get(pk=by.person_id)
    rows: list[tuple[Cell, Cell]] = [
        (_("姓名"), person.name),
        (_("工号"), person.work_number),
        (_("手机"), person.phone),
        (_("编制状态"), str(person.get_status_display())),
        (_("中共党员"), _("是") if person.party_member else _("否")),
        (_("单位"), str(person.unit)),
        (_("处（科）室"), str(person.office or "")),
        (_("党支部"), str(person.branch or "")),
        (_("居住社区"), str(person.home_community or "")),
    ]
    kept = _("在岗期间保存；调出或退休后随人事档案的规定保存。")
    return Section(_("登记卡"), kept, (_("项目"), _("内容")), rows)


@section
def _memberships(by: Actor) -> Section | None:
    if by.person_id is None:
        return None
    rows = (
        Membership.objects.filter(person=by.person_id)
        .select_related("body", "place")
        .order_by("kind", "valid_from")[:MOST]
    )
    return Section(
        _("单位和居住地的变动"),
        _("与登记卡一同保存。"),
        (_("种类"), _("名称"), _("从"), _("到")),
        [
            (str(Membership.Kind(r.kind).label), str(r.body or r.place), r.valid_from, r.valid_to)
            for r in rows
        ],
    )


@section
def _account(by: Actor) -> Section | None:
    account = _own(by)
    rows: list[tuple[Cell, Cell]] = [
        (_("登录名"), account.username),
        (_("邮箱"), account.email),
        (_("开通时间"), account.created_at),
        (_("上次登录"), account.last_login),
        (_("界面语言"), account.locale),
    ]
    kept = _("在岗期间保存。密码只存加盐散列，谁也看不到。")
    return Section(_("账号"), kept, (_("项目"), _("内容")), rows)


@section
def _grants(by: Actor) -> Section | None:
    rows = policy.visible_grants(by).filter(account=by.account_id).order_by("valid_from", "id")
    return Section(
        _("身份和授权"),
        _("长期保存，用来说明当时谁有权做什么。"),
        (_("身份"), _("从"), _("到")),
        [(label_of(row), row.valid_from, row.valid_to) for row in rows[:MOST]],
    )


@section
def _sessions(by: Actor) -> Section | None:
    rows = UserSession.objects.filter(user=by.account_id).order_by("-created_at")[:MOST]
    return Section(
        _("登录过的设备"),
        _("退出或过期后删除，最长 90 天。"),
        (_("登录时间"), _("网络地址"), _("浏览器")),
        [(row.created_at, row.ip, row.user_agent) for row in rows],
    )


@section
def _tokens(by: Actor) -> Section | None:
    rows = own_tokens(by)
    if not rows:
        return None
    return Section(
        _("接口密钥"),
        _("撤销后保存两年。密钥本身只存散列，谁也看不到。"),
        (_("给哪个程序用"), _("生成时间"), _("上次使用"), _("撤销时间")),
        [(row.name, row.created_at, row.used_on, row.revoked_at) for row in rows[:MOST]],
    )


@section
def _notices(by: Actor) -> Section | None:
    rows = policy.visible_notices(by).order_by("-id")[:MOST]
    return Section(
        _("通知"),
        _("保存两年。"),
        (_("时间"), _("内容"), _("已读")),
        [(row.created_at, row.text, row.read_at) for row in rows],
    )


@section
def _remarks(by: Actor) -> Section | None:
    rows = Remark.objects.filter(account=by.account_id).order_by("-id")[:MOST]
    return Section(
        _("对软件的意见"),
        _("答复后保存两年。"),
        (_("时间"), _("意见"), _("答复")),
        [(row.created_at, row.text, row.answer) for row in rows],
    )


@section
def _own_acts(by: Actor) -> Section | None:
    rows = policy.own_trail(by).order_by("-id")[:MOST]
    return Section(
        _("操作留痕"),
        _("只记做了什么、动了哪些栏目，不记内容；长期保存，不可改。"),
        (_("时间"), _("动作"), _("对象"), _("编号"), _("栏目")),
        [(r.at, r.verb, r.kind, r.object_id, "、".join(map(str, r.fields))) for r in rows],
    )


# ---- as a file ----------------------------------------------------------------------------------
def _plain(cell: Cell) -> str | int | bool:
    if isinstance(cell, datetime):
        return cell.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


def as_json(sections: Sequence[Section]) -> bytes:
    """Write sections as JSON, readable by people too."""
    parts = [
        {
            "title": part.title,
            "kept": part.kept,
            "rows": [dict(zip(part.columns, map(_plain, row), strict=True)) for row in part.rows],
        }
        for part in sections
    ]
    return json.dumps(parts, ensure_ascii=False, indent=2).encode()


def as_xlsx(sections: Sequence[Section]) -> bytes:
    """Write sections as a workbook, a sheet each; text is never taken for a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
    for number, part in enumerate(sections, 1):
        name = "".join(sign for sign in part.title if sign not in "[]:*?/\\（）")[:26]
        sheet = book.add_worksheet(f"{number} {name}")
        sheet.write(0, 0, part.kept)
        sheet.write_row(2, 0, part.columns, bold)
        for at, row in enumerate(part.rows, 3):
            sheet.write_row(at, 0, [_plain(cell) for cell in row], wrap)
        sheet.set_column(0, len(part.columns) - 1, 24)
        sheet.freeze_panes(3, 0)
    book.close()
    return out.getvalue()


@dataclass(frozen=True)
class Export:
    """A file format: how it is written and what it is called."""

    write: Callable[[Sequence[Section]], bytes]
    media_type: str


EXPORTS = {
    "json": Export(as_json, "application/json; charset=utf-8"),
    "xlsx": Export(as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
