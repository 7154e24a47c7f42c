"""Matters written at once stand as if everybody had acted one by one, step by step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from groundwork.base.actor import Actor, Grant, Role, system
from groundwork.base.models import Change, SearchEntry
from groundwork.desk.tests.test_bulk import seen_after
from groundwork.matters.actions import (
    clockwork,
    dispatch,
    handling,
    merging,
    own,
    pressing,
    requests,
    sampling,
    verdict,
)
from groundwork.matters.actions.bulk import Act, Row, WrongOrder, record_matters_many
from groundwork.matters.actions.raising import Receipt, Teller, Telling, raise_matter
from groundwork.matters.models import (
    Category,
    CoHandler,
    Matter,
    Raiser,
    Request,
    Step,
    Verdict,
)
from groundwork.matters.policy.matter import part_digest
from groundwork.matters.rules.handling import (
    AlreadyAssigned,
    AlreadyDecided,
    AskedAlready,
    NamedInComplaint,
    NoText,
    ReturnFirst,
    ReturnRefused,
)
from groundwork.matters.rules.states import VERBS, WrongState
from groundwork.matters.rules.verdicts import AppealedBefore, NothingToSay
from tests.cast import Cast

BY = system("demo")
START = datetime.fromisoformat("2026-11-02T09:10:00+08:00")
LATER = START + timedelta(days=20)
UNTIL = date(2026, 12, 8)  # of an extension
CARD = "我的身份证号是11010519491231002X，请联系。"
# A way is verbs an hour apart; "lapse" waits until the days of asking are over.
WAYS = {
    "路灯不亮。": ("accept", "assign", "start", "reply", "answer", "confirm"),
    "噪声很大。" + CARD: ("accept", "assign", "answer", "refuse", "start", "answer", "confirm"),
    "河水发黑。": ("accept", "assign", "return", "assign", "start", "remind"),
    "买到的东西不保修。": ("decline", "appeal", "accept"),
    "电梯停了。": ("accept", "assign", "answer", "lapse"),
    "路面塌了一块。": ("accept", "hand_out", "take_back", "assign", "supervise"),
    "想撤回的事。": ("accept", "withdraw"),
    "雨水口堵了。": (
        "accept",
        "assign",
        "start",
        "ask_extension",
        "grant",
        "contribute",
        "answer",
        "thank",
        "confirm",
    ),
    "护栏断了。": ("accept", "assign", "ask_extension", "deny", "ask_extension", "answer"),
    "树倒了一半。": ("accept", "assign", "return", "insist", "dispute", "grant dispute", "assign"),
    "井盖翻了。": (
        "accept",
        "assign",
        "return",
        "insist",
        "dispute",
        "ask_extension",
        "deny dispute",
        "start",
        "add",
    ),
    "站牌倒了。": ("accept", "assign", "return", "insist", "dispute", "ask_extension", "hand_out"),
    "水管爆了。": ("accept", "assign", "supervise", "unsupervise", "ask_extension", "other"),
    "栏杆又松了。": ("accept", "assign", "answer", "confirm", "reopen", "answer"),
    "还没有人看。": (),
}


def telling(cast: Cast, words: str, **more: Any) -> Telling:
    """Tell something at one community, as a phone call."""
    category = Category.objects.get(code="noise")
    return Telling(words, category, cast.places["chenglang"], "phone", **more)


TELLER = Teller(name="沈阿姨", phone="15400005678")


def moments(verbs: tuple[str, ...]) -> list[datetime]:
    """Give each verb its moment."""
    return [
        START + (timedelta(days=15) if verb == "lapse" else timedelta(hours=n))
        for n, verb in enumerate(verbs, 1)
    ]


def bodies(cast: Cast, verbs: tuple[str, ...]) -> list[Any]:
    """Give each verb its body: after a return another unit, outside another one still."""
    after = {
        "hand_out": cast.bodies["outside"],
        "insist": cast.bodies["unit"],
        "contribute": cast.bodies["street"],
        "other": cast.bodies["other_unit"],
    }
    seen, out = 0, []
    for verb in verbs:
        lead = cast.bodies["other_unit" if seen else "unit"]
        out.append(after.get(verb, lead if verb == "assign" else None))
        seen += verb == "return"
    return out


def act_one_by_one(cast: Cast) -> None:
    """Walk every way through the actions that pages call."""
    for words, verbs in WAYS.items():
        receipt = raise_matter(telling(cast, words), TELLER, by=BY, at=START)
        for verb, at, body in zip(verbs, moments(verbs), bodies(cast, verbs), strict=True):
            one(cast, receipt, verb, at, body)


def one(cast: Cast, receipt: Receipt, verb: str, at: datetime, body: Any) -> None:
    """Do one act."""
    key = receipt.matter.public_id
    said = f"{verb}的话"
    if verb == "accept":
        shown = Matter.objects.get(public_id=key).text
        dispatch.accept_matter(key, public_text=shown, by=BY, at=at)
    elif verb.split()[0] in ASKING:
        ask(cast, key, verb, said, at, body)
    elif verb == "assign":
        dispatch.assign_matter(key, body, co=[cast.bodies["street"]], by=BY, at=at)
    elif verb == "hand_out":
        dispatch.hand_out_matter(key, body, "", by=BY, at=at)
    elif verb == "lapse":
        assert clockwork.lapse_unanswered(at, by=BY) == 1
    elif verb == "start":
        handling.start_matter(key, by=BY, at=at)
    elif verb == "reopen":
        audit(cast, key, said, at)
    elif verb in ("confirm", "refuse", "withdraw", "appeal", "add", "thank"):
        by_raiser(receipt.secret, verb, said, at)
    else:
        STAFF[verb](key, said, by=BY, at=at)


def audit(cast: Cast, key: str, said: str, at: datetime) -> None:
    """Draw a sample of what is closed by now, and find the one matter not solved."""
    draw = at - timedelta(minutes=10)
    plan = sampling.Plan(
        title="办结核查",
        place=cast.places["haishu"],
        closed_from=START.date(),
        closed_to=at.date(),
        most_false=Decimal("0.01"),
        confidence=Decimal("0.95"),
        seed_source="福彩双色球",
        act_at=draw - timedelta(minutes=10),
    )
    sample = sampling.publish_sample(plan, by=BY, at=at - timedelta(hours=1) / 2)
    seed = "03 11 15 20 27 32 + 09"
    sampling.draw_sample(sample.public_id, seed, "中国福彩网", by=BY, at=draw)
    item = sample.items.get(matter__public_id=key)
    sampling.record_finding(item.public_id, "false", said, by=BY, at=at)


ASKING = ("insist", "other", "contribute", "ask_extension", "grant", "deny")


def ask(cast: Cast, key: str, verb: str, said: str, at: datetime, body: Any) -> None:
    """Do what needs a request, a helper's own hand, or a dispatcher who insists."""
    if verb in ("insist", "other"):  # again the one that returned it; another one meanwhile
        helps = [cast.bodies["street"]]
        dispatch.assign_matter(key, body, co=helps, insist=True, by=BY, at=at)
    elif verb == "contribute":
        own = Grant(Role.HANDLER, body=body.path)
        handling.contribute(key, said, by=Actor(grants=(own,)), at=at)
    elif verb == "ask_extension":
        requests.ask_extension(key, UNTIL, said, by=BY, at=at)
    else:
        kind = verb.partition(" ")[2] or "extension"
        asked = Request.objects.get(matter__public_id=key, kind=kind, state="asked")
        requests.decide_request(asked.public_id, verb[0] == "g", said, by=BY, at=at)


STAFF = {
    "decline": dispatch.decline_matter,
    "take_back": dispatch.take_back_matter,
    "remind": pressing.remind_matter,
    "supervise": pressing.supervise_matter,
    "unsupervise": pressing.end_supervision,
    "dispute": requests.dispute_assignment,
    "reply": handling.first_reply,
    "answer": handling.answer_matter,
    "return": handling.return_matter,
}


def by_raiser(secret: str, verb: str, said: str, at: datetime) -> None:
    """Do what the raiser does through the secret link."""
    from groundwork.base.actor import NOBODY

    if verb == "confirm":
        verdict.confirm_matter(secret, by=NOBODY, at=at)
    elif verb == "refuse":
        verdict.refuse_matter(secret, said, by=NOBODY, at=at)
    elif verb == "add":
        own.add_words(secret, said, by=NOBODY, at=at)
    elif verb == "thank":
        own.thank_matter(secret, said, by=NOBODY, at=at)
    elif verb == "withdraw":
        own.withdraw_matter(secret, said, by=NOBODY, at=at)
    else:
        own.appeal_matter(secret, said, by=NOBODY, at=at)


def an_act(verb: str, at: datetime, said: str, body: Any) -> Act:
    """Say one act as a row says it."""
    name, _gap, asked = verb.partition(" ")
    name = "assign" if name in ("insist", "other") else name
    until = UNTIL if name == "ask_extension" else None
    return Act(name, at, said, body, until=until, asked=asked or "extension")


def rows(cast: Cast) -> list[Row]:
    """Say the same ways as rows."""
    silent = ("accept", "assign", "insist", "other", "hand_out", "lapse", "start", "confirm")
    return [
        Row(
            telling(cast, words),
            TELLER,
            START,
            tuple(
                an_act(verb, at, "" if verb in silent else f"{verb}的话", body)
                for verb, at, body in zip(verbs, moments(verbs), bodies(cast, verbs), strict=True)
            ),
            helpers=(cast.bodies["street"],),
        )
        for words, verbs in WAYS.items()
    ]


OF_MATTER = [  # another matter by its words: a sequence of PostgreSQL does not roll back
    f"{field.name}__text" if field.related_model is Matter else field.name
    for field in Matter._meta.concrete_fields
    if field.name not in ("id", "public_id", "receipt")
]
OF_HELPER = ("matter__text", "body", "asked_at", "over", "contribution", "contributed_at")
OF_REQUEST = ("matter__text", "kind", "state", "body", "reason", "until", "asked_at", "asked_by",
              "decided_at", "decided_by", "decision")  # fmt: skip
OF_STEP = ("matter__text", "at", "verb", "before", "after", "audience", "body", "label",
           "account_id", "text")  # fmt: skip


def look() -> object:
    """Describe the ledger without keys and secrets."""
    net: Counter[str] = Counter()
    for change in Change.objects.filter(kind="matters.matter"):
        for side, sign in ((change.after, change.n), (change.before, -change.n)):
            if side is not None:
                net[str(sorted(side.items(), key=str))] += sign
    index = SearchEntry.objects.filter(kind__startswith="matters.")
    told = Step.objects.order_by("matter__text", "id")
    return {
        "matters": list(Matter.objects.order_by("text").values_list(*OF_MATTER)),
        "steps": list(told.values_list(*OF_STEP)),
        # A finding is a row of its own, which a reopening written in bulk does not come from.
        "data": [set(step.data) - {"item"} for step in told],
        "raisers": list(
            Raiser.objects.order_by("matter__text").values_list(
                "matter__text", "first", "name", "phone", "confidential", "joined_at"
            )
        ),
        "verdicts": sorted(
            Verdict.objects.values_list(
                "matter__text", "raiser__name", "round", "source", "at", "solved", "words"
            )
        ),
        "helpers": sorted(CoHandler.objects.values_list(*OF_HELPER), key=str),
        "requests": sorted(Request.objects.values_list(*OF_REQUEST), key=str),
        "words": sorted((row.kind, sorted(row.tokens.split())) for row in index),
        "net": {key: n for key, n in net.items() if n},
    }


@pytest.mark.django_db
def test_ways_written_at_once_are_as_if_walked_one_by_one(cast):
    single = seen_after(lambda: act_one_by_one(cast), look)
    many = seen_after(lambda: record_matters_many(rows(cast), by=BY, at=LATER) and None, look)
    for part in single:
        assert many[part] == single[part], part


def test_a_matter_merged_at_once_is_as_one_merged_by_the_dispatcher(cast):
    def one_by_one() -> None:
        first, second = (
            raise_matter(telling(cast, words), TELLER, by=BY, at=START)
            for words in ("路灯不亮。", "灯坏了。")
        )
        for n, receipt in enumerate((first, second), 1):
            key, shown = receipt.matter.public_id, receipt.matter.text
            at = START + timedelta(hours=n)
            dispatch.accept_matter(key, public_text=shown, by=BY, at=at)
        into = first.matter.public_id
        merging.merge_matters(second.matter.public_id, into, by=BY, at=START + timedelta(hours=3))

    def at_once() -> None:
        accept = [Act("accept", START + timedelta(hours=n)) for n in (1, 2)]
        merge = Act("merge", START + timedelta(hours=3), into=0)
        record_matters_many(
            [
                Row(telling(cast, "路灯不亮。"), TELLER, START, (accept[0],)),
                Row(telling(cast, "灯坏了。"), TELLER, START, (accept[1], merge)),
            ],
            by=BY,
            at=LATER,
        )

    def who() -> object:
        return (
            list(Matter.objects.order_by("text").values_list("text", "state", "raisers_count")),
            list(Step.objects.order_by("matter__text", "id").values_list("matter__text", "verb")),
            sorted(Raiser.objects.values_list("matter__text", "name")),
        )

    assert seen_after(at_once, who) == seen_after(one_by_one, who)


def test_parts_split_off_at_once_are_as_those_the_dispatcher_split(cast):
    words = ("路灯不亮，树枝也断了，还有人占道。", "树枝断了。", "有人占道。")
    teller = Teller(name="沈阿姨", phone="15400005678", confidential=True)
    split, later = START + timedelta(hours=3), START + timedelta(hours=5)
    noise, roads = (Category.objects.get(code=code) for code in ("noise", "roads"))

    def one_by_one() -> None:
        receipt = raise_matter(telling(cast, words[0]), teller, by=BY, at=START)
        key = receipt.matter.public_id
        dispatch.accept_matter(key, public_text=words[0], by=BY, at=START + timedelta(hours=1))
        unit = cast.bodies["unit"]
        dispatch.assign_matter(key, unit, by=BY, at=START + timedelta(hours=2))
        parts = [merging.Part(words[1], roads), merging.Part(words[2], noise)]
        made = merging.split_matter(key, parts, by=BY, at=split)
        handling.answer_matter(key, "修好了。", by=BY, at=START + timedelta(hours=4))
        dispatch.assign_matter(made[0].public_id, cast.bodies["street"], by=BY, at=later)

    def at_once() -> None:
        whole = Row(
            telling(cast, words[0]),
            teller,
            START,
            (
                Act("accept", START + timedelta(hours=1)),
                Act("assign", START + timedelta(hours=2), body=cast.bodies["unit"]),
                Act("answer", START + timedelta(hours=4), "修好了。"),
            ),
        )
        given = (Act("assign", later, body=cast.bodies["street"]),)
        first = replace(telling(cast, words[1]), category=roads)
        record_matters_many(
            [
                whole,
                Row(first, Teller(), split, given, part_of=0),
                Row(telling(cast, words[2]), Teller(), split, part_of=0),
            ],
            by=BY,
            at=LATER,
        )

    def parts() -> object:
        whole = Matter.objects.get(text=words[0])
        secret = whole.raisers.get().digest
        ours = {part_digest(secret, part.public_id) for part in whole.parts.all()}
        return look(), ours == set(
            Raiser.objects.exclude(matter=whole).values_list("digest", flat=True)
        )

    def seen(write: Callable[[], None]) -> Any:
        return seen_after(write, parts)

    (single, led), (many, led_too) = seen(one_by_one), seen(at_once)
    assert led
    assert led_too  # the old link opens the parts
    for part in single:
        assert many[part] == single[part], part
    assert len(single["matters"]) == 3


@pytest.mark.parametrize(
    ("verbs", "error"),
    [
        (("accept", "assign", "return", "insist", "return"), ReturnRefused),
        (("accept", "assign", "dispute"), ReturnFirst),
        (("accept", "assign", "ask_extension", "ask_extension"), AskedAlready),
        (("accept", "assign", "deny"), AlreadyDecided),
        (("accept", "assign", "answer", "ask_extension"), WrongState),
        (("accept", "assign", "assign"), AlreadyAssigned),
        (("accept", "unsupervise"), WrongState),
        (("accept", "thank"), NothingToSay),
        (("decline", "appeal", "decline", "appeal"), AppealedBefore),
        (("accept", "confirm"), WrongState),
        (("assign",), WrongState),
        (("decline", "assign"), WrongState),
    ],
)
def test_a_way_the_table_does_not_know_is_refused_whole(cast, verbs, error):
    unit = cast.bodies["unit"]
    acts = tuple(
        an_act(verb, at, "话", unit if verb in ("assign", "insist") else None)
        for verb, at in zip(verbs, moments(verbs), strict=True)
    )
    with pytest.raises(error):
        record_matters_many([Row(telling(cast, "好"), TELLER, START, acts)], by=BY, at=LATER)
    assert not Matter.objects.exists()


def test_a_way_that_runs_backwards_or_ahead_is_refused(cast):
    for at in (START - timedelta(hours=1), LATER + timedelta(hours=1)):
        row = Row(telling(cast, "好"), TELLER, START, (Act("accept", at),))
        with pytest.raises(WrongOrder):
            record_matters_many([row], by=BY, at=LATER)


def test_a_reason_is_asked_for_in_bulk_too(cast):
    row = Row(telling(cast, "好"), TELLER, START, (Act("decline", LATER),))
    with pytest.raises(NoText):
        record_matters_many([row], by=BY, at=LATER)


def test_every_verb_of_the_table_is_walked_in_the_comparison():
    walked = {verb for verbs in WAYS.values() for verb in verbs} | {"merge"}
    assert not set(VERBS) - walked


def test_a_complaint_reaches_nobody_it_names_in_bulk_either(cast):
    named = telling(cast, "态度不好。", kind="complaint", concerns=cast.bodies["unit"])
    acts = (
        Act("accept", START + timedelta(hours=1)),
        Act("assign", START + timedelta(hours=2), body=cast.bodies["office"]),
    )
    with pytest.raises(NamedInComplaint):
        record_matters_many([Row(named, TELLER, START, acts)], by=BY, at=LATER)


def test_two_thousand_matters_take_a_handful_of_statements(cast, django_assert_max_num_queries):
    many = rows(cast) * 140
    with django_assert_max_num_queries(120):
        record_matters_many(many, by=BY, at=LATER)
    assert Matter.objects.count() == len(many)
