"""The way of a matter in plain words: one shape for its raiser, the staff, the public and the API.

Who reads decides what is read. The staff who see the matter read all. A raiser reads what is
public or for raisers; what another raiser wrote is that raiser's. The public reads public steps,
and of the others that moved the matter the bare sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from groundwork.base.actor import Actor
from groundwork.base.days import calendar
from groundwork.base.workdays import Calendar
from groundwork.matters.models import Matter, MatterFile, Raiser, Step
from groundwork.matters.policy.own import on_board
from groundwork.matters.queries.wording import Words, words_of
from groundwork.matters.rules import deadlines, private

Reader = Actor | Raiser | None  # staff who see the matter, one of its raisers, the public
Owed = Literal["accept", "reply", "solve", "ask"]
Tone = Literal["", "ok", "now", "late"]
BY_RAISERS = ("raise", "join", "add", "thank", "confirm", "refuse", "appeal", "withdraw")
LONGEST_CHAIN = 5  # of matters merged into one another

SENTENCES: dict[str, Promise] = {
    "raise": _("提出人提交了这件事。"),
    "told_anew": _("热线平台又送来这一件，文字有改动；原来的不动，新的记在这里。"),
    "write_down": _("工作人员代为登记。"),
    "join": _("又有人提出同一件事，已加入。"),
    "accept": _("已受理。"),
    "decline": _("不予受理，理由如下。"),
    "appeal": _("提出人请求再看一次。"),
    "assign": _("已派给承办单位办理。"),
    "start": _("承办单位已接单，开始办理。"),
    "return": _("承办单位退回，将另派单位办理。"),
    "answer": _("承办单位答复了，请提出人确认是否解决。"),
    "hand_out": _("已转给外单位办理。"),
    "take_back": _("外单位没有答复，已收回另派。"),
    "confirm": _("提出人确认：解决了。"),
    "refuse": _("提出人说：没有解决，退回重办。"),
    "lapse": _("征询期内提出人没有表态，暂记为“单位称已办结”。"),
    "reopen": _("核查发现没有解决，退回重办。"),
    "withdraw": _("提出人撤回了。"),
    "unrecord": _("登记的工作人员说记错了，撤回了这一件。"),
    "merge": _("与同一件事并在一起办理。"),
    "absorb": _("另一件同样的事并到这里一起办理。"),
    "split": _("其中一部分分出去，另作一件办理。"),
    "verdict": _("一位提出人表了态。"),
    "add": _("提出人补充了情况。"),
    "thank": _("提出人道了谢。"),
    "leave": _("一位提出人删去了自己的信息。"),
    "erase": _("应提出人要求，文字和个人信息已删去，只留这条办理记录。"),
    "reply": _("承办单位先作了回复。"),
    "remind": _("已催办。"),
    "supervise": _("已列入督办。"),
    "unsupervise": _("督办已结束。"),
    "extend": _("办理期限延长了。"),
    "ask_extension": _("承办单位申请延期。"),
    "grant": _("申请已同意。"),
    "deny": _("申请未同意。"),
    "dispute": _("承办单位对派单有异议。"),
    "co_handle": _("已请协办单位一起办理。"),
    "contribute": _("协办单位提供了意见。"),
    "hand_over": _("换了经办人。"),
    "classify": _("类别或地点作了更正。"),
    "escalate": _("已超期，上级已知道。"),
    "call_back": _("已电话回访。"),
    "note": _("内部备注。"),
    "publish": _("公开的文字已更新。"),
    "withhold": _("定了公开的时间，到时以前哪里都查不到。"),
    "release": _("提前公开了。"),
    "hour": _("公开的时间到了。"),
}
# Where a matter stands, as one would tell a neighbour.
NOW: dict[str, Promise] = {
    "raised": _("已收到，等受理。"),
    "accepted": _("已受理，正在确定由谁来办。"),
    "declined": _("没有受理，理由见下。"),
    "assigned": _("已派给承办单位，等它开始。"),
    "handling": _("承办单位正在办。"),
    "outside": _("已转外单位办理，等它答复。"),
    "answered": _("已答复，等提出人说解决了没有。"),
    "solved": _("提出人说：解决了。"),
    "unit_done": _("单位称已办结，提出人没有表态。"),
    "redo": _("没有解决，正在重办。"),
    "withdrawn": _("已撤回，不再办。"),
    "merged": _("与同一件事并在一起办理。"),
}
# The same to the raiser's face: one's own acts, and what one is asked.
YOURS: dict[str, Promise] = {
    "raise": _("您提交了这件事。"),
    "join": _("您加入了这件事。"),
    "add": _("您补充了情况。"),
    "thank": _("您道了谢。"),
    "confirm": _("您说：解决了。"),
    "refuse": _("您说：没有解决，退回重办。"),
    "appeal": _("您请求再看一次。"),
    "withdraw": _("您撤回了。"),
}
TO_RAISERS: dict[str, Promise] = {
    "answer": _("承办单位答复了，请您说说解决了没有。"),
}
NOW_TO_RAISERS: dict[str, Promise] = {
    "answered": _("已答复，请您说说解决了没有。"),
    "solved": _("解决了，这件事办完了。"),
    "unit_done": _("单位称已办结，没有等到您的回音。"),
}
STATE_TONES: dict[str, str] = {
    "answered": "act",
    "solved": "ok",
    "unit_done": "due",
    "redo": "late",
}
UNKNOWN = _("办理情况有更新。")
TONES: dict[str, Tone] = {
    "confirm": "ok",
    "answer": "now",
    "refuse": "late",
    "reopen": "late",
    "decline": "late",
    "escalate": "late",
}


@dataclass(frozen=True)
class File:
    """A photo or document as a page links it."""

    public_id: str
    name: str
    picture: bool
    from_raiser: bool


@dataclass(frozen=True)
class Entry:
    """One step: when, in a sentence, in whose name, with the text as it was read."""

    at: datetime
    verb: str
    sentence: str | Promise
    body: str
    label: str  # as what somebody acted; for the staff only
    text: str
    audience: str
    tone: Tone
    files: tuple[File, ...]


@dataclass(frozen=True)
class Deadline:
    """What is owed next, until when, and its light."""

    owed: Owed
    by: datetime
    light: deadlines.Light


@dataclass(frozen=True)
class Timeline:
    """A matter's way as one reader reads it; `went_into` where it was merged."""

    matter: Matter
    entries: tuple[Entry, ...]
    files: tuple[File, ...]  # that came with the raising
    deadline: Deadline | None
    went_into: Timeline | None = None

    @property
    def now(self) -> str | Promise:
        """Where it stands, in a sentence."""
        return words_of(self.matter).now.get(self.matter.state) or NOW[self.matter.state]

    @property
    def spoken(self) -> bool:
        """Tell whether its source says in words of its own where it stands."""
        return self.matter.state in words_of(self.matter).now

    @property
    def now_to_raisers(self) -> str | Promise:
        """Where it stands, said to one who raised it."""
        return NOW_TO_RAISERS.get(self.matter.state, self.now)

    @property
    def chip(self) -> str:
        """The tone of the state's chip."""
        return STATE_TONES.get(self.matter.state, "plain")

    @property
    def ways(self) -> tuple[Timeline, ...]:
        """This way and those it went into, one after the other."""
        return (self, *(self.went_into.ways if self.went_into else ()))

    @property
    def whole(self) -> tuple[Entry, ...]:
        """The steps of all of them, by time."""
        entries = (entry for way in self.ways for entry in way.entries)
        return tuple(sorted(entries, key=lambda entry: entry.at))

    @property
    def standing(self) -> Timeline:
        """The matter that goes on: the one this went into, or itself."""
        return self.went_into.standing if self.went_into else self


def timeline(matter: Matter, reader: Reader, at: datetime) -> Timeline:
    """Tell a matter's way; of one merged, that of the matter it went into as well.

    The matter is taken as visible to the reader: fetch it through the policy. The one it went
    into is told to a raiser as to one who joined; to staff and public as the public reads it, and
    only where the board shows it.
    """
    chain = [matter]
    while len(chain) < LONGEST_CHAIN and (into := chain[-1].merged_into) is not None:
        if not isinstance(reader, Raiser) and not on_board(into, at):
            break
        chain.append(into)
    steps = _by_matter(
        Step.objects.filter(matter__in=chain).select_related("body").order_by("matter_id", "id")
    )
    files = _by_matter(
        MatterFile.objects.filter(matter__in=chain).select_related("attachment").order_by("id")
    )
    told: Timeline | None = None
    for link in reversed(chain):
        eyes = reader if link is matter or isinstance(reader, Raiser) else None
        told = _told(link, eyes, steps.get(link.pk, []), files.get(link.pk, []), at, told)
    assert told is not None
    return told


def entries_of(steps: Iterable[Step], reader: Actor) -> list[Entry]:
    """Tell steps of a matter that one of the staff sees, in the order given."""
    return [_entry(step, reader, True, []) for step in steps]


def entry_for(step: Step, raiser: Raiser) -> Entry:
    """Tell a raiser a step that this raiser took."""
    return _entry(step, raiser, True, [])


def _by_matter(rows: Iterable[Step] | Iterable[MatterFile]) -> dict[int, list]:  # type: ignore[type-arg]
    grouped: dict[int, list] = {}  # type: ignore[type-arg]
    for row in rows:
        grouped.setdefault(row.matter_id, []).append(row)
    return grouped


def _told(
    matter: Matter,
    reader: Reader,
    steps: list[Step],
    files: list[MatterFile],
    at: datetime,
    went_into: Timeline | None,
) -> Timeline:
    entries = []
    for step in steps:
        if not _sees(step, reader):
            continue
        whole = _reads(step, reader)
        hanging = [file for file in files if whole and file.step_id == step.pk]
        entries.append(_entry(step, reader, whole, hanging, words_of(matter)))
    return Timeline(
        matter=matter,
        entries=tuple(entries),
        files=tuple(_file(file) for file in files if _came_with(file, matter, reader)),
        deadline=deadline_of(matter, at, calendar()) if _owes(matter) else None,
        went_into=went_into,
    )


def files_of(matter: Matter, reader: Actor) -> tuple[File, ...]:
    """Give what came with the raising of a matter that one of the staff sees."""
    rows = MatterFile.objects.filter(matter=matter, step=None).select_related("attachment")
    found = rows.order_by("id")
    return tuple(_file(file) for file in found if _came_with(file, matter, reader))


def _came_with(file: MatterFile, matter: Matter, reader: Reader) -> bool:
    """Tell whether a reader sees a file of the raising: staff all, raisers what they brought."""
    if file.step_id is not None or not file.attachment.file or reader is None:
        return False
    if isinstance(reader, Actor):
        return True
    return reader.matter_id == matter.pk and file.added_at == reader.joined_at


def _sees(step: Step, reader: Reader) -> bool:
    """Tell whether a reader learns of the step at all."""
    if isinstance(reader, Actor) or step.audience == Step.Audience.PUBLIC:
        return True
    if step.audience == Step.Audience.STAFF:
        return False
    return isinstance(reader, Raiser) or step.before != step.after


def _reads(step: Step, reader: Reader) -> bool:
    """Tell whether a reader reads the step's text and files."""
    if isinstance(reader, Actor):
        return True
    by_raiser = step.verb in BY_RAISERS
    if isinstance(reader, Raiser):
        return not by_raiser or _wrote(step, reader)
    return step.audience == Step.Audience.PUBLIC and not by_raiser


def _wrote(step: Step, reader: Raiser) -> bool:
    """Tell whether a raiser's step is this raiser's."""
    wrote = step.data.get("raiser")  # not named: as it was before there was anybody else
    if wrote is not None:
        return bool(wrote == reader.pk)
    # "by": what others said or the clock decided
    return reader.first and step.matter_id == reader.matter_id and "by" not in step.data


def _sentence(step: Step, reader: Reader, words: Words | None) -> str | Promise:
    """Say the step in a sentence, to the face of who took it, or in its source's own words."""
    if words is not None and step.verb in words.steps:
        return words.steps[step.verb]
    if isinstance(reader, Raiser):
        if step.verb in YOURS and _wrote(step, reader):
            return YOURS[step.verb]
        if step.verb in TO_RAISERS:
            return TO_RAISERS[step.verb]
    return plain_sentence(step)


def plain_sentence(step: Step) -> str | Promise:
    """Say the step as everybody reads it; "by" tells that not the raiser took it back."""
    verb = "unrecord" if step.verb == "withdraw" and "by" in step.data else step.verb
    return SENTENCES.get(verb, UNKNOWN)


def _entry(
    step: Step, reader: Reader, whole: bool, files: list[MatterFile], words: Words | None = None
) -> Entry:
    text = step.text if whole else ""
    if reader is None:
        text = private.blanked(text)
        files = [file for file in files if not file.from_raiser]
    by_raiser = step.verb in BY_RAISERS
    return Entry(
        at=step.at,
        verb=step.verb,
        sentence=_sentence(step, reader, words),
        body="" if by_raiser or step.body is None else str(step.body),
        label=step.label if isinstance(reader, Actor) and not by_raiser else "",
        text=text,
        audience=step.audience,
        tone=TONES.get(step.verb, ""),
        files=tuple(_file(file) for file in files if file.attachment.file),
    )


def _file(file: MatterFile) -> File:
    stored = file.attachment
    picture = stored.media_type.startswith("image/")
    return File(stored.public_id, stored.name, picture, file.from_raiser)


def _owes(matter: Matter) -> bool:
    return matter.due_at is not None or matter.ask_until is not None


def deadline_of(matter: Matter, at: datetime, days: Calendar) -> Deadline | None:
    """Say what is owed next: by the office to accept, reply, solve; by the raiser to confirm."""
    if matter.state == "answered" and matter.ask_until is not None:
        return Deadline("ask", matter.ask_until, deadlines.light(days, matter.ask_until, at))
    if matter.due_at is None:
        return None
    owed: Owed = "solve"
    if matter.accepted_at is None:
        owed = "accept"
    elif matter.replied_at is None and matter.due_at == matter.reply_by:
        owed = "reply"
    return Deadline(owed, matter.due_at, deadlines.light(days, matter.due_at, at))
