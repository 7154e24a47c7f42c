"""One shift: who stands it, what is open, who could; and why somebody is where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import N_
from groundwork.duty.models import Need, Post, Shift
from groundwork.duty.models.need import Kind
from groundwork.duty.policy.gates import keeps_place, leads_shift, shift_for, shows_names
from groundwork.duty.policy.posts import roll_open
from groundwork.duty.policy.runs import calls
from groundwork.duty.queries.fitting import Around, Candidate, Fitting
from groundwork.duty.rules import fits
from groundwork.duty.rules.kinds import KINDS
from groundwork.duty.rules.posts import EARLY, HOLDS, ROLL, UNSEEN
from groundwork.registry.models import Place

USUAL_CAP = 3
SEEN = (*HOLDS, "missed", "contested")


@dataclass(frozen=True)
class Slot:
    """One kind of a shift's need: how many, and who of them is there, as far as one may know."""

    kind: str
    label: str
    wanted: int
    posts: list[Post]
    unseen: list[Post] = field(default_factory=list)  # noted as not seen; they do not fill it

    @property
    def open(self) -> int:
        """Count what is still lacking."""
        return max(0, self.wanted - len(self.posts))


@dataclass(frozen=True)
class ShiftPage:
    """One shift, as its reader may see it."""

    shift: Shift
    slots: list[Slot]
    named: bool
    keeps: bool
    leads: bool  # writes who came: the lead of the shift, or who keeps the place
    marks: (
        bool  # the roll is open: the order checks in, and the shift is near, runs or is just over
    )
    misses: bool  # so long after its start that somebody may be noted as not seen
    ahead: bool
    own: Post | None
    may_take: list[str]  # kinds that the reader could take now
    hindrance: str  # why not, as a code; "" where nothing is in the way


def shift_page(by: Actor, shift: Shift, at: datetime) -> ShiftPage:
    """Read one shift; names only for who stands together or keeps the place."""
    slots = slots_of(shift)
    posts = [post for slot in slots for post in slot.posts]
    own = next((post for post in posts if post.person_id == by.person_id), None)
    may_take, hindrance = _takeable(by, shift, slots, at) if own is None else ([], "")
    leads = leads_shift(by, shift)
    near = shift.starts_at - EARLY <= at < shift.ends_at + ROLL and shift.called_off_at is None
    return ShiftPage(
        shift=shift,
        slots=slots,
        named=shows_names(by, shift),
        keeps=keeps_place(by, shift.place.path),
        leads=leads,
        marks=leads and near and roll_open(shift, at),
        misses=at >= shift.starts_at + UNSEEN,
        ahead=shift.starts_at > at and calls(shift.order, at),
        own=own,
        may_take=may_take,
        hindrance=hindrance,
    )


def slots_of(shift: Shift) -> list[Slot]:
    """List what a shift asks for, and who has it."""
    needs = dict(Need.objects.filter(shift=shift).values_list("kind", "count"))
    rows = Post.objects.filter(shift=shift, state__in=SEEN).select_related("person__unit")
    posts = list(rows.order_by("person__sort_key", "pk"))
    kinds = [kind for kind in KINDS if kind in needs or any(p.kind == kind for p in posts)]
    return [
        Slot(
            kind,
            str(Kind(kind).label),
            needs.get(kind, 0),
            [post for post in posts if post.kind == kind and post.state in HOLDS],
            [post for post in posts if post.kind == kind and post.state not in HOLDS],
        )
        for kind in kinds
    ]


def _takeable(by: Actor, shift: Shift, slots: list[Slot], at: datetime) -> tuple[list[str], str]:
    left = [slot.kind for slot in slots if slot.open]
    if by.person_id is None or not left or shift.starts_at <= at or not calls(shift.order, at):
        return [], ""
    known = Fitting(shift.order, [by.person_id], [shift])
    found = known.hindrances(by.person_id, shift)
    never = [code for code in found if code in fits.NEVER]
    if never:
        return [], never[0]
    can = [kind for kind in left if known.matches(by.person_id, kind)]
    return can, "rest" if "rest" in found else "" if can else "kind"


# ---- why -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Why:
    """Why a slot is empty and what could be done."""

    slot: Slot
    looked: int
    reasons: list[str]
    people: list[Candidate]


@dataclass(frozen=True)
class WhyPage:
    """All empty slots of a shift, and what one more person in the township would change."""

    shift: Shift
    slots: list[Why]
    ahead: bool
    township: Place | None
    empty_near: int  # slots nobody has in the township within a week
    one_more: int  # of them, what one more person would fill


def kept_shift(by: Actor, public_id: str) -> Shift:
    """Fetch a shift for who keeps its place."""
    return shift_for(by, public_id, "edit")


def why_page(shift: Shift, at: datetime) -> WhyPage:
    """Say for each empty slot who was in reach and what kept them, and who fits now."""
    ahead = shift.starts_at > at and calls(shift.order, at)
    empty = [slot for slot in slots_of(shift) if slot.open]
    path = shift.place.path[: 3 * Place.steplen]
    around = Around(shift)
    slots = [_why(slot, around, ahead) for slot in empty]
    rows = _empty_near(shift, at)
    return WhyPage(
        shift=shift,
        slots=slots,
        ahead=ahead,
        township=Place.objects.filter(path=path).first(),
        empty_near=sum(n for _start, _end, n in rows),
        one_more=one_more([(start, end) for start, end, _n in rows]),
    )


def _why(slot: Slot, around: Around, ahead: bool) -> Why:
    looked, counts = around.sieve(slot.kind)
    return Why(slot, looked, list(_reasons(counts)), around.candidates(slot.kind) if ahead else [])


SIEVED = ("unable", "kind", "busy", "rest", "week", "office", "gave", "far", "")


def _reasons(counts: Mapping[str, int]) -> Iterable[str]:
    said = {
        "unable": _("%(n)s 人没有填这个时段"),
        "kind": _("%(n)s 人没有所需的技能"),
        "busy": _("%(n)s 人同一时间已有班"),
        "rest": _("%(n)s 人前后两班之间休息不足 11 小时"),
        "week": _("%(n)s 人本周已到自己设的上限"),
        "office": _("%(n)s 人所在单位要留岗"),
        "gave": _("%(n)s 人已把这个班让出"),
        "far": _("%(n)s 人离得太远"),
        "": _("%(n)s 人各项都符合，可以排"),
    }
    return [said[code] % {"n": counts[code]} for code in SIEVED if counts.get(code)]


def _empty_near(shift: Shift, at: datetime) -> list[tuple[datetime, datetime, int]]:
    rows = Shift.objects.filter(
        order=shift.order_id,
        called_off_at=None,
        starts_at__gt=at,
        starts_at__lt=at + timedelta(days=7),
        posted__lt=F("wanted"),
    )
    column = "township" if shift.township_id else "place"
    rows = rows.filter(**{column: getattr(shift, f"{column}_id")}).order_by("ends_at", "pk")
    found = rows.values_list("starts_at", "ends_at", "wanted", "posted")[:500]
    zone = clock.ZONE
    return [(a.astimezone(zone), b.astimezone(zone), wanted - had) for a, b, wanted, had in found]


def one_more(spans: Iterable[tuple[datetime, datetime]], cap: int = USUAL_CAP) -> int:
    """Count how many of these shifts one more person could stand, with rest and a usual cap.

    Taken by their end, which fills the most; whoever comes at any time and lives near enough.
    """
    duties: list[fits.Duty] = []
    for start, end in sorted(spans, key=lambda span: span[1]):
        if not fits.short_rest(duties, start, end) and fits.in_week(duties, start) < cap:
            duties.append(fits.Duty(start, end, len(duties)))
    return len(duties)


NEAR = (
    N_("卡口就在居住的社区。"),
    N_("卡口在居住地同一乡镇（街道）的另一个社区。"),
    N_("卡口在居住地同一区县（市）的另一个乡镇（街道）。"),
    N_("卡口在别的区县（市）。"),
)


PLANNED = (Post.Source.PLAN, Post.Source.FILL)


def _others_near(post: Post) -> str:
    """Say whether somebody nearer fits, of everybody who was called up; asked now, not recalled."""
    _looked, counts = Around(post.shift).sieve(post.kind)
    if not counts.get(""):
        return _("现在查过：卡口所在的乡镇（街道）里，没有别的人这时能来、各项也符合。")
    n = {"n": counts[""]}
    return (
        ngettext(
            "现在查过：卡口所在的乡镇（街道）里另有 %(n)s 人这时也能来。",
            "现在查过：卡口所在的乡镇（街道）里另有 %(n)s 人这时也能来。",
            n["n"],
        )
        % n
    )


def post_reasons(post: Post, at: datetime) -> list[str]:
    """Say in sentences why this person stands this shift."""
    known = Fitting(post.shift.order, [post.person_id], [post.shift])
    near = known.near(post.person_id, post.shift)
    start, end = (
        moment.astimezone(clock.ZONE) for moment in (post.shift.starts_at, post.shift.ends_at)
    )
    week = sorted(duty.starts_at for duty in known.duties[post.person_id])
    week = [moment for moment in week if moment.isocalendar()[:2] == start.isocalendar()[:2]]
    call = known.called.get(post.person_id)
    lines = [_("来源：%(source)s。") % {"source": post.get_source_display()}, _(NEAR[near])]
    if call is not None and "unable" not in known.hindrances(
        post.person_id, post.shift, giving=post.shift_id
    ):
        lines.append(_("这个时段是本人填了能来的。"))
    if start in week:
        n = {"n": week.index(start) + 1, "cap": call.cap if call else len(week)}
        lines.append(_("这是本周第 %(n)s 个班，本人设的上限是 %(cap)s 个。") % n)
    fit = known.matches(post.person_id, post.kind)
    if post.kind != "general":
        said = _("岗位要“%(kind)s”，本人符合。") if fit else _("岗位要“%(kind)s”，本人没有这一项。")
        lines.append(said % {"kind": Kind(post.kind).label})
    if post.source in PLANNED and post.shift.starts_at > at and (near > 1 or not fit):
        lines.append(_others_near(post))
    if not fits.short_rest(
        [duty for duty in known.duties[post.person_id] if duty.shift != post.shift_id], start, end
    ):
        lines.append(_("和前后的班之间至少休息 11 小时。"))
    elif post.short_rest:
        lines.append(_("和前后的班之间不到 11 小时，是本人自愿选的。"))
    return lines
