"""What every page of the city carries: the ways onward for whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from groundwork.access.policy import keeps_accounts, reads_trail
from groundwork.access.queries import unread_count
from groundwork.base.actor import Actor, Role
from groundwork.campaigns.policy.alliances import may_see_any
from groundwork.campaigns.policy.projects import may_start
from groundwork.figures.policy import works_on_briefings
from groundwork.matters.policy import DISPATCHERS
from groundwork.matters.policy.calling import may_call
from groundwork.matters.policy.embargo import may_withhold
from groundwork.matters.queries.queue import has_desk
from groundwork.registry.policy import KEEPERS, READERS
from groundwork.study.policy.roll import TICKERS, WATCHERS
from groundwork.voices.policy.home import keeps_any
from groundwork.voices.policy.surveys import may_ask

Test = Callable[[Actor], bool]


def _everybody(by: Actor) -> bool:
    return True


def _staff(by: Actor) -> bool:
    return by.person_id is not None


def _holding(*roles: Role) -> Test:
    return lambda by: by.has(*roles)


def _visits(by: Actor) -> bool:
    """Whoever pays visits, reads them, or receives them."""
    return by.person_id is not None or by.has(Role.ENTERPRISE)


def _plain_staff(by: Actor) -> bool:
    """Whoever has no other first page on the phone."""
    return not by.has(*_BUSY)


@dataclass(frozen=True)
class Way:
    """One section of the city: its words, symbol and address, who sees it, who on the phone."""

    label: str | Promise
    icon: str
    name: str
    shown: Test = _everybody
    phone: Test = field(default=lambda by: False)
    counts_unread: bool = False
    also: tuple[str, ...] = ()  # further beginnings of addresses that belong here
    group: str = ""  # of GROUPS; "" stands above them all


_AT_MATTERS: Test = _holding(Role.DISPATCHER, Role.HANDLER)  # whose whole day it is
_ENTERPRISE: Test = _holding(Role.ENTERPRISE)
_BUSY = (*TICKERS, *WATCHERS, Role.ENTERPRISE, Role.DISPATCHER, Role.HANDLER)
_PUBLIC = ("/matters/community/", "/matters/satisfaction/", "/matters/kept/")
_DESK = ("/matters/m/", "/matters/requests/", "/matters/register/", "/matters/settings/")

# The three jobs, what is read of them, and what keeps the city running; in this order.
GROUPS: dict[str, str | Promise] = {
    "study": _("学 · 夜学"),
    "stand": _("在 · 值守和社区"),
    "solve": _("办 · 诉求和走访"),
    "read": _("数据和公开"),
    "keep": _("目录和管理"),
}
MOST_FLAT = 9  # ways that one eye takes in; more are folded by group

WAYS: tuple[Way, ...] = (
    Way(pgettext_lazy("导航", "首页"), "home", "desk:home", phone=_everybody),
    Way(_("夜学"), "school", "study:evenings", phone=lambda by: not _ENTERPRISE(by), group="study"),
    Way(
        _("覆盖情况"),
        "chart-bar",
        "study:coverage",
        _holding(*WATCHERS),
        _holding(*WATCHERS),
        group="study",
    ),
    Way(
        _("单位名册"),
        "list-check",
        "study:own_register",
        _holding(*TICKERS),
        _holding(*TICKERS),
        group="study",
    ),
    Way(
        _("诉求"),
        "clipboard-list",
        "matters:queue",
        has_desk,
        _AT_MATTERS,
        also=_DESK,
        group="solve",
    ),
    Way(_("我的班次"), "calendar-check", "duty:mine", _staff, group="stand"),
    Way(_("应急值守"), "speakerphone", "duty:orders", _staff, also=("/duty/",), group="stand"),
    Way(
        _("走访"),
        "heart-handshake",
        "service:visits",
        _visits,
        _plain_staff,
        also=("/service/",),
        group="solve",
    ),
    Way(
        _("我的社区"),
        "building-community",
        "voices:home",
        _staff,
        also=("/voices/",),
        group="stand",
    ),
    Way(_("社区书记台"), "list-check", "voices:community", keeps_any, keeps_any, group="stand"),
    Way(_("产业联盟"), "sitemap", "campaigns:alliances", may_see_any, group="solve"),
    Way(_("结对帮扶"), "heart-handshake", "campaigns:projects", may_start, group="solve"),
    Way(
        _("责任大讨论"),
        "message-circle",
        "campaigns:discussions",
        _staff,
        also=("/campaigns/words/", "/campaigns/findings/"),
        group="study",
    ),
    Way(_("问卷"), "message-circle", "voices:surveys", may_ask, group="read"),
    Way(_("学习记录"), "notebook", "study:record", _staff, group="study"),
    Way(_("提诉求"), "pencil", "matters:portal", phone=_ENTERPRISE, group="solve"),
    Way(_("公开台账"), "speakerphone", "matters:board", also=_PUBLIC, group="read"),
    Way(pgettext_lazy("导航", "数据"), "chart-bar", "figures:figures", group="read"),
    Way(_("简报和公文"), "file-text", "figures:briefings", works_on_briefings, group="read"),
    Way(
        _("电视问政"),
        "device-tv",
        "campaigns:inquiry",
        phone=_holding(Role.JUROR, Role.TV_EDITOR),
        group="solve",
    ),
    Way(
        _("到时公开"),
        "clock",
        "matters:withheld",
        may_withhold,
        _holding(Role.TV_EDITOR),
        group="solve",
    ),
    Way(_("回访"), "phone", "matters:calls", may_call, group="solve"),
    Way(_("热线工单"), "table-import", "matters:hotline", _holding(*DISPATCHERS), group="solve"),
    Way(_("办结核查"), "shield-check", "matters:samples", group="read"),
    Way(_("我提出的"), "message-circle", "matters:own", phone=_ENTERPRISE, group="solve"),
    Way(_("材料库"), "books", "study:library", group="study"),
    Way(
        _("人员"),
        "users",
        "desk:people",
        _holding(*READERS, Role.COMMUNITY_SECRETARY),
        group="keep",
    ),
    Way(_("单位目录"), "building", "desk:bodies", group="keep"),
    Way(pgettext_lazy("导航", "地点"), "map-pin", "desk:places", group="keep"),
    Way(_("导入表格"), "table-import", "desk:imports", _holding(*KEEPERS), group="keep"),
    Way(_("导入服务时长"), "table-import", "voices:deeds", _holding(*KEEPERS), group="stand"),
    Way(_("中心工作"), "flag", "desk:priorities", group="keep"),
    Way(pgettext_lazy("导航", "账号"), "key", "access:accounts", keeps_accounts, group="keep"),
    Way(_("授权"), "id-badge-2", "access:grants", keeps_accounts, group="keep"),
    Way(_("操作留痕"), "shield-check", "access:trail", reads_trail, group="keep"),
    Way(
        _("软件意见"),
        "message-circle",
        "access:remarks",
        _holding(Role.CITY_OPERATOR),
        group="keep",
    ),
    Way(_("我的"), "user", "access:me", phone=_everybody, counts_unread=True),
)


class Item:
    """A way as one page shows it. The unread count is only asked for where it is drawn."""

    def __init__(self, way: Way, url: str, by: Actor, on: bool) -> None:
        self.label, self.icon, self.url, self.on = way.label, way.icon, url, on
        self.phone, self.group = way.phone(by), way.group
        self._way, self._by = way, by

    @cached_property
    def badge(self) -> str:
        """Count the unread notices; at most one statement a page."""
        if not self._way.counts_unread:
            return ""
        unread = unread_count(self._by)
        return "99+" if unread > 99 else str(unread or "")


@dataclass(frozen=True)
class Group:
    """Ways of one job under its name; open where the page belongs to one of them."""

    label: str | Promise
    items: list[Item]

    @property
    def on(self) -> bool:
        """Tell whether the page shown is one of them."""
        return any(item.on for item in self.items)


def grouped(items: list[Item]) -> list[Item | Group]:
    """Put ways together by job where they are too many to take in; one alone stays as it is.

    Home stands above the groups, one's own page below them.
    """
    if len(items) <= MOST_FLAT:
        return list(items)
    of = {name: [item for item in items if item.group == name] for name in GROUPS}
    groups: list[Item | Group] = [
        Group(label, of[name]) if len(of[name]) > 1 else of[name][0]
        for name, label in GROUPS.items()
        if of[name]
    ]
    first, *rest = [item for item in items if not item.group]
    return [first, *groups, *rest]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give the navigation for who acts on this page; none for those not signed in."""
    always = {"demo_city": settings.DEMO}
    by: Actor | None = getattr(request, "actor", None)
    if by is None or by.is_anonymous:
        return {"nav": [], "menu": [], **always}
    ways = [(way, _url(way.name)) for way in WAYS if way.shown(by)]
    here = _here(ways, request.path)
    nav = [Item(way, url, by, url == here) for way, url in ways if url]
    return {"nav": nav, "menu": grouped(nav), **always}


def _here(ways: list[tuple[Way, str]], path: str) -> str:
    """Give the section a page belongs to: the one that knows the longest beginning of its address.

    Home's address begins every other one's.
    """
    held = [
        (len(start), url)
        for way, url in ways
        for start in (url, *way.also)
        if (path == url if start == "/" else start and path.startswith(start))
    ]
    return max(held, default=(0, ""))[1]


@cache
def _url(name: str) -> str:
    """Give a section's address, found once: two dozen stand on every page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
