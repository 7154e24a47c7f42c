"""Write the demo city's matters: words, raisers and leads for the ways, through the bulk action."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from groundwork.base.actor import Actor
from groundwork.base.models import Attachment
from groundwork.base.workdays import Calendar
from groundwork.desk.demo import words
from groundwork.desk.demo.cast import PETITIONS
from groundwork.desk.demo.geography import Geography
from groundwork.desk.demo.names import invent
from groundwork.desk.demo.roster import PHONE
from groundwork.desk.demo.service import Patrols
from groundwork.desk.demo.ways import OPEN, Way, moments, verbs
from groundwork.desk.demo.words import Said, Voices
from groundwork.matters.actions.bulk import Act, Row, record_matters_many
from groundwork.matters.actions.raising import Teller, Telling
from groundwork.matters.models import Category, Urgency, Verdict
from groundwork.matters.rules import deadlines
from groundwork.registry.models import Body, Place
from groundwork.service.actions.many import NewVisit

CHUNK = 10_000
LABELS = {"accept": "受理派单员", "decline": "受理派单员", "assign": "受理派单员",
          "hand_out": "受理派单员", "remind": "受理派单员", "start": "承办人", "reply": "承办人",
          "answer": "承办人", "return": "承办人", "lapse": ""}  # fmt: skip
URGENCIES, URGENCY_WEIGHTS = (Urgency.NORMAL, Urgency.URGENT, Urgency.EMERGENCY), (87, 11, 2)
KINDS, KIND_WEIGHTS = ("help", "question", "suggestion"), (84, 8, 8)
HIDDEN, CONFIDENTIAL, COMPLAINTS, HELPED = 0.05, 0.02, 0.006, 0.06
FIRST_WORD = "已安排同事到现场，弄清楚了先给您回话。"


@dataclass
class Ledger:
    """What the matters are made of."""

    geography: Geography
    voices: tuple[Voices, Voices]  # of the year before, of the term
    visits: Sequence[NewVisit]
    patrols: Patrols
    calendar: Calendar
    photos: Sequence[Attachment]
    now: datetime

    def __post_init__(self) -> None:
        self.categories = {category.code: category for category in Category.objects.all()}
        self.petitions = self.geography.named(PETITIONS)
        self.by_key = {
            body.pk: body for some in self.geography.enterprises.values() for body in some
        }


def write_matters(
    ways: Sequence[Way],
    ledger: Ledger,
    progress: Callable[[int, int], None],
    *,
    by: Actor,
    rng: Random,
) -> None:
    """Write all, chunk by chunk, in the order in which they were raised."""
    rows: list[Row] = []
    for n, way in enumerate(ways):
        rows += _rows(way, len(rows), ledger, rng)
        if len(rows) >= CHUNK:
            record_matters_many(rows, by=by, at=ledger.now)
            rows = []
            progress(n, len(ways))
    record_matters_many(rows, by=by, at=ledger.now)
    progress(len(ways), len(ways))


def _rows(way: Way, at: int, ledger: Ledger, rng: Random) -> Iterator[Row]:
    """Make the row of a way, and that of its twin, which is merged into it at `at`."""
    row = _row(way, ledger, rng)
    yield row
    if way.twin:
        later = way.raised + (way.end - way.raised) * 0.1
        merge = Act("merge", later + (way.end - way.raised) * 0.2, label="受理派单员", into=at)
        telling = replace(row.telling, words=f"我也要说：{row.telling.words}", door="portal",
                          source=("", ""), files=())  # fmt: skip
        yield Row(telling, _person(rng), later.replace(microsecond=0), (merge,))


def _row(way: Way, ledger: Ledger, rng: Random) -> Row:
    voices = ledger.voices[0 if way.before else 1]
    visit = ledger.visits[way.visit] if way.visit is not None else None
    host = _host(way, visit, ledger, rng)
    place = visit.place if visit else host.place if host else None
    if way.patrol is not None:
        place = ledger.patrols.place(way.patrol, rng)
    place = place or ledger.geography.community(rng, cast=way.fate in OPEN)
    code = voices.category(rng, enterprise=host is not None)
    complaint = way.door == "portal" and rng.random() < COMPLAINTS
    lead = ledger.geography.lead(code, voices.talk[code], place, rng)
    named = lead if complaint and lead != ledger.petitions else None
    if named is not None:
        lead = ledger.petitions
    said = voices.tell(code, place.name, str(lead), rng)
    kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
    if named is not None:
        said, kind = Said(rng.choice(words.COMPLAINTS), "", said.answer), "complaint"
    elif kind == "suggestion" and host is None:
        text = rng.choice(words.SUGGESTIONS).format(place=place.name)
        said = Said(text, text, "建议很好，已列入本季度安排，方案会在社区公告栏贴出。")
    telling = Telling(
        words=said.words,
        category=ledger.categories[code],
        place=place,
        door=way.door,
        kind=kind,
        urgency=rng.choices(URGENCIES, URGENCY_WEIGHTS)[0],
        source=_source(way, ledger),
        concerns=named,
        files=_photos(way, ledger, rng),
    )
    return Row(
        telling,
        _teller(way, host, ledger, rng),
        way.raised,
        _acts(way, said, lead, ledger, rng),
        "" if rng.random() < HIDDEN else said.public,
        () if named is not None else _helpers(lead, place, ledger, rng),
    )


def _source(way: Way, ledger: Ledger) -> tuple[str, str]:
    """Name the visit or the round that found it."""
    if way.visit is not None:
        return "service.visit", ledger.visits[way.visit].public_id
    if way.patrol is not None:
        return "service.patrol", ledger.patrols.rows[way.patrol].public_id
    return "", ""


def _helpers(lead: Body, place: Place, ledger: Ledger, rng: Random) -> tuple[Body, ...]:
    """Let another body help now and then."""
    if rng.random() >= HELPED:
        return ()
    other = ledger.geography.lead("other", words.TALK["other-matters"], place, rng)
    return () if other == lead else (other,)


def _host(way: Way, visit: NewVisit | None, ledger: Ledger, rng: Random) -> Body | None:
    if visit is not None:
        return ledger.by_key.get(visit.host_id) if visit.host_id else None
    return ledger.geography.enterprise(rng) if way.door == "enterprise" else None


def _photos(way: Way, ledger: Ledger, rng: Random) -> tuple[Attachment, ...]:
    """Give some of the latest matters a photo."""
    latest = way.fate in OPEN and way.door in ("portal", "visit", "patrol")
    if not (latest and ledger.photos and rng.random() < 0.4):
        return ()
    return (rng.choice(ledger.photos),)


def _person(rng: Random) -> Teller:
    phone = str(PHONE + rng.randrange(50_000_000, 99_999_999)) if rng.random() < 0.85 else ""
    return Teller(name=invent(rng), phone=phone)


def _teller(way: Way, host: Body | None, ledger: Ledger, rng: Random) -> Teller:
    if way.patrol is not None:  # whoever walks an area tells what was found there
        keeper = ledger.patrols.keeper(way.patrol)
        return Teller(name=keeper.name, person=keeper)
    person = _person(rng)
    if host is not None:
        return replace(person, body=host)
    return replace(person, confidential=rng.random() < CONFIDENTIAL)


def _acts(way: Way, said: Said, lead: Body, ledger: Ledger, rng: Random) -> tuple[Act, ...]:
    chosen = verbs(way, rng)
    out: list[Act] = []
    assigned = 0
    for verb, at in zip(chosen, moments(way, chosen, rng), strict=True):
        text, body = _text(verb, said, rng), None
        if verb == "assign":
            assigned += 1
            body = lead
            if "return" in chosen and assigned == 1:
                body = _somebody_else(lead, said, ledger, rng)
        elif verb == "hand_out":
            body = rng.choice(ledger.geography.outside)
        source = Verdict.Source.CALL if rng.random() < 0.25 else Verdict.Source.PAGE
        happy = {"confirm": way.satisfied, "refuse": False}.get(verb)
        out.append(Act(verb, at, text, body, LABELS.get(verb, ""), happy, source))
    if way.fate == "unit_done":
        until = deadlines.due(ledger.calendar, way.end, deadlines.ASK_DAYS)
        out.append(Act("lapse", until + timedelta(minutes=rng.randrange(1, 90))))
    return tuple(out)


def _somebody_else(lead: Body, said: Said, ledger: Ledger, rng: Random) -> Body:
    others = [unit for unit in ledger.geography.units if unit.place_id == lead.place_id != None]  # noqa: E711
    others = [unit for unit in others if unit != lead and not unit.path.startswith(lead.path)]
    return rng.choice(others or [ledger.petitions])


def _text(verb: str, said: Said, rng: Random) -> str:
    if verb == "answer":
        return said.answer
    if verb == "reply":
        return FIRST_WORD
    if verb == "remind":
        return words.REMINDED
    some = {
        "decline": words.DECLINED,
        "return": words.RETURNED,
        "refuse": words.REFUSED,
        "confirm": words.THANKED,
    }.get(verb)
    return rng.choice(some) if some else ""


# ---- what the cast must find ----------------------------------------------------------------
def cast_rows(
    ledger: Ledger, staff: Teller, enterprise: Body, lead: Body, home: Place
) -> list[Row]:
    """Write down what each card's desk shows, whatever chance gave the others."""
    now, categories = ledger.now, ledger.categories

    def ago(days: float) -> datetime:
        return (now - timedelta(days=days)).replace(microsecond=0)

    def way(start: float, *verbs_at: tuple[str, float], text: str = "") -> tuple[Act, ...]:
        return tuple(
            Act(verb, ago(at), text if verb == "answer" else "",
                lead if verb == "assign" else None, LABELS.get(verb, ""))
            for verb, at in verbs_at
        )  # fmt: skip

    def told(words: str, code: str, door: str, **more: object) -> Telling:
        return Telling(words, categories[code], home, door, **more)  # type: ignore[arg-type]

    answer = "已协调电力和物业，本周三上午加装两处充电口，飞线已收起。"
    return [
        # A television crew found it; until its evening nobody reads it.
        Row(
            told("排水口夜里排出黄水，镜头拍到了三次，河边住户说已有半年。", "water", "television",
                 withheld_until=now + timedelta(days=5)),
            Teller(name="栏目组"), ago(3), way(3, ("accept", 2.9), ("assign", 2.5)),
        ),
        Row(
            told("楼道里电瓶车充电飞线，走路要低头，怕出事。", "safety", "staff"),
            staff, ago(6), way(6, ("accept", 5.8), ("assign", 5.6), ("start", 5), ("answer", 1.2),
                               text=answer),
        ),
        Row(told("社区老年食堂周末不开门，几位独居老人吃饭成问题。", "welfare", "staff"),
            staff, ago(1.5), way(1.5, ("accept", 1.2), ("assign", 1))),
        Row(
            told("扩建车间的用电增容排到下个月，订单等不起。", "guarantees", "visit"),
            Teller(name="厂办", body=enterprise), ago(8),
            way(8, ("accept", 7.8), ("assign", 7.5), ("start", 7), ("answer", 0.8),
                text="供电公司已把增容提前到本周五，施工期间用临时线路，不停产。"),
        ),
        Row(told("厂门口的公交站拆了以后，夜班工人没有车回去。", "transit", "visit"),
            Teller(name="厂办", body=enterprise), ago(12),
            way(12, ("accept", 11.7), ("assign", 11.5), ("start", 11))),
    ]  # fmt: skip


def write_cast(rows: Sequence[Row], *, by: Actor, at: datetime) -> None:
    """Write them as all others are."""
    record_matters_many(rows, by=by, at=at)
