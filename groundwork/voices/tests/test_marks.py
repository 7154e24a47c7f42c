"""Likes and bricks: every step of the table, who sees what when, nothing that counts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from groundwork.access.models import Notice
from groundwork.access.queries import own
from groundwork.base.actor import system
from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.models import Change, Tombstone, TrailEntry
from groundwork.voices.actions import marks, retention
from groundwork.voices.models import Mark, MarkStep
from groundwork.voices.policy import marks as policy
from groundwork.voices.queries import marks as queries
from groundwork.voices.rules import marks as rules
from groundwork.voices.tests.make import AT, BRICK, REASON, REPLY, TODAY, a_mark, days

WORDS = "弄错了一天，是星期五，不是星期六。"


def texts(cast, who: str, mark: Mark) -> list[str]:
    page = queries.mark_page(cast.actor(who), policy.mark_for(cast.actor(who), mark.public_id))
    said = [page.text.text] if page.text else []
    return said + [word.step.text for word in (*page.corrections, *page.words)]


# ---- the table ----------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", rules.KINDS)
def test_every_pair_of_state_and_verb_is_in_the_table_or_refused(kind):
    for state in rules.STATES:
        for verb in rules.VERBS:
            listed = rules.TABLES[kind].get((state, verb))
            if listed is None:
                with pytest.raises(rules.WrongState):
                    rules.step(kind, state, verb)
            else:
                assert rules.step(kind, state, verb) == listed


def test_a_brick_stands_only_after_the_first_word_or_its_time():
    reached = {"told"}
    without_the_person = {
        pair: to for pair, to in rules.BRICK.items() if pair[1] not in ("reply", "lapse")
    }
    for _round in rules.STATES:
        reached |= {to for (state, _verb), to in without_the_person.items() if state in reached}
    assert reached == {"told", "withdrawn", "expired"}


def test_everything_ends_after_its_year_and_an_appeal_leads_to_no_second_one():
    for kind in rules.KINDS:
        states = {"told", *rules.TABLES[kind].values()} - {"expired"}
        assert all((state, "expire") in rules.TABLES[kind] for state in states)
    after_appeal = {to for (state, _v), to in rules.BRICK.items() if state == "appealed"}
    assert not any((state, "appeal") in rules.BRICK for state in after_appeal - {"appealed"})
    assert {state.value for state in Mark.State} == set(rules.STATES)


# ---- the way of a brick -------------------------------------------------------------------------
def test_the_person_sees_it_first_and_the_unit_hears_both(cast):
    mark = a_mark(cast)
    assert texts(cast, "staff", mark) == [BRICK]
    for who in ("unit_secretary", "clerk", "colleague", "city_operator", "auditor"):
        with pytest.raises(NotFound):
            policy.mark_for(cast.actor(who), mark.public_id)
    marks.reply_to_mark(mark.public_id, REPLY, by=cast.actor("staff"), at=AT)
    assert texts(cast, "unit_secretary", mark) == [BRICK, REPLY]
    told = Notice.objects.filter(kind="voices.mark").values_list("account", flat=True)
    assert set(told) == {
        cast.accounts[who].pk for who in ("staff", "community_secretary", "unit_secretary")
    }


def test_the_unit_cannot_decide_before_the_reply_or_its_time(cast):
    mark = a_mark(cast)
    chief = cast.actor("unit_secretary")
    with pytest.raises(NotFound):
        marks.decide_mark(mark.public_id, "adopt", REASON, by=chief, at=AT)
    marks.run_marks(at=days(6))  # five working days: Wednesday to Tuesday
    mark.refresh_from_db()
    assert mark.state == "told"
    marks.run_marks(at=days(8))
    mark.refresh_from_db()
    assert mark.state == "unanswered"
    with pytest.raises(rules.ReplyOver):
        marks.reply_to_mark(mark.public_id, REPLY, by=cast.actor("staff"), at=days(8))
    done = marks.decide_mark(mark.public_id, "adopt", REASON, by=chief, at=days(8))
    assert done.state == "adopted"


def test_a_reply_after_its_last_day_is_refused_though_the_clock_has_not_run(cast):
    mark = a_mark(cast)
    with pytest.raises(rules.ReplyOver):
        marks.reply_to_mark(mark.public_id, REPLY, by=cast.actor("staff"), at=days(9))


def answered(cast) -> Mark:
    mark = a_mark(cast)
    return marks.reply_to_mark(mark.public_id, REPLY, by=cast.actor("staff"), at=AT)


def decided(cast, verb: rules.Verb) -> Mark:
    mark = answered(cast)
    chief = cast.actor("unit_secretary")
    return marks.decide_mark(mark.public_id, verb, REASON, by=chief, at=AT)


def test_a_refusal_needs_reasons_and_its_writer_may_appeal_once(cast):
    mark = answered(cast)
    with pytest.raises(rules.BadWords):
        marks.decide_mark(mark.public_id, "refuse", "不对", by=cast.actor("unit_secretary"), at=AT)
    mark = marks.decide_mark(
        mark.public_id, "refuse", REASON, by=cast.actor("unit_secretary"), at=AT
    )
    with pytest.raises(Forbidden):  # it went the person's way
        marks.appeal_mark(mark.public_id, WORDS, by=cast.actor("staff"), at=AT)
    marks.appeal_mark(mark.public_id, WORDS, by=cast.actor("community_secretary"), at=AT)
    with pytest.raises(Forbidden):  # now it is the next level's
        marks.decide_mark(mark.public_id, "adopt", REASON, by=cast.actor("unit_secretary"), at=AT)
    done = marks.decide_mark(
        mark.public_id, "adopt", REASON, by=cast.actor("district_operator"), at=AT
    )
    assert done.state == "stands"
    with pytest.raises((rules.WrongState, rules.AppealedOnce)):
        marks.appeal_mark(mark.public_id, WORDS, by=cast.actor("staff"), at=AT)


def test_the_person_appeals_what_was_adopted_within_its_time(cast):
    mark = decided(cast, "adopt")
    with pytest.raises(rules.AppealOver):
        marks.appeal_mark(mark.public_id, WORDS, by=cast.actor("staff"), at=days(9))
    marks.appeal_mark(mark.public_id, WORDS, by=cast.actor("staff"), at=days(1))
    done = marks.decide_mark(mark.public_id, "refuse", REASON, by=cast.actor("city_operator"))
    assert done.state == "void"


@pytest.mark.parametrize(("verb", "end"), [("adopt", "stands"), ("refuse", "void")])
def test_what_nobody_appeals_holds(cast, verb, end):
    mark = decided(cast, verb)
    marks.run_marks(at=days(9))
    mark.refresh_from_db()
    assert mark.state == end


def test_nobody_decides_the_own_case_the_next_level_does(cast):
    mark = a_mark(cast, who="unit_secretary")
    chief = cast.actor("unit_secretary")
    marks.reply_to_mark(mark.public_id, REPLY, by=chief, at=AT)
    with pytest.raises(Forbidden):
        marks.decide_mark(mark.public_id, "refuse", REASON, by=chief, at=AT)
    operator = cast.actor("district_operator")
    mark = marks.decide_mark(mark.public_id, "adopt", REASON, by=operator, at=AT)
    marks.appeal_mark(mark.public_id, WORDS, by=chief, at=AT)
    with pytest.raises(rules.SameHands):
        marks.decide_mark(mark.public_id, "adopt", REASON, by=operator, at=AT)
    marks.decide_mark(mark.public_id, "refuse", REASON, by=cast.actor("city_operator"), at=AT)


def test_a_like_is_seen_first_too_and_then_stands(cast):
    mark = a_mark(cast, "like")
    with pytest.raises(NotFound):
        policy.mark_for(cast.actor("unit_secretary"), mark.public_id)
    marks.run_marks(at=days(8))
    assert texts(cast, "unit_secretary", mark)[0] == BRICK
    with pytest.raises(rules.WrongState):
        marks.decide_mark(mark.public_id, "adopt", REASON, by=cast.actor("unit_secretary"))


@pytest.mark.parametrize("verb", ["correct", "withdraw"])
def test_a_correction_is_as_visible_as_the_mark(cast, at, verb):
    mark = decided(cast, "adopt")
    act = marks.correct_mark if verb == "correct" else marks.withdraw_mark
    act(mark.public_id, WORDS, by=cast.actor("community_secretary"), at=AT)
    for who in ("staff", "unit_secretary"):
        client = cast.client(who)
        page = client.get(reverse("voices:mark", args=[mark.public_id])).content.decode()
        assert page.count('<p class="big">') == 2  # as large as the mark
        assert WORDS in page
        side = "me" if who == "staff" else "unit"
        listed = client.get(reverse("voices:marks") + f"?side={side}").content.decode()
        assert WORDS in listed
        assert Notice.objects.filter(account=cast.accounts[who], text__contains="澄浪").exists()


def test_only_who_lives_there_is_written_about_and_never_oneself(cast):
    chief, place = cast.actor("community_secretary"), cast.places["chenglang"]
    happened = marks.Happened(TODAY)
    with pytest.raises(NotFound):
        marks.write_mark("brick", cast.people["outsider"], place, happened, BRICK, by=chief, at=AT)
    me, other = cast.people["community_secretary"], cast.actor("other_community_secretary")
    with pytest.raises(rules.AboutOneself):
        marks.write_mark("like", me, place, happened, BRICK, by=chief, at=AT)
    with pytest.raises(Forbidden):
        marks.write_mark("brick", cast.people["staff"], place, happened, BRICK, by=other, at=AT)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=100)):
        thing = marks.Happened(day)
        with pytest.raises(rules.BadDay):
            marks.write_mark("brick", cast.people["staff"], place, thing, BRICK, by=chief, at=AT)


def test_after_a_year_nobody_reads_it_and_a_quarter_later_no_word_is_left(cast):
    mark = decided(cast, "adopt")
    marks.run_marks(at=days(366))
    for who in ("staff", "unit_secretary", "community_secretary"):
        with pytest.raises(NotFound):
            policy.mark_for(cast.actor(who), mark.public_id)
    assert retention.erase_due(by=system("worker"), at=days(400)) == 0
    assert retention.erase_due(by=system("worker"), at=days(470)) == 1
    mark.refresh_from_db()
    assert (mark.person, mark.subject, MarkStep.objects.count()) == (None, "", 0)
    assert Tombstone.objects.get().kind == "voices.mark"


# ---- nothing counts -----------------------------------------------------------------------------
def test_the_units_year_shows_texts_and_no_totals(cast, at, django_assert_max_num_queries):
    for _n in range(25):
        mark = a_mark(cast)
        marks.reply_to_mark(mark.public_id, REPLY, by=cast.actor("staff"), at=AT)
    client = cast.client("unit_secretary")
    with django_assert_max_num_queries(20):
        page = client.get(reverse("voices:marks_year"))
    assert len(page.context["listing"].rows) == queries.SIZE
    text = page.content.decode().partition("<main")[2].partition("</main")[0]
    words = "".join(part.partition(">")[2] for part in text.split("<"))
    assert BRICK in words
    assert "25" not in words.replace("2025", "")
    assert "%" not in words


def test_no_table_of_marks_could_hold_a_count_an_average_or_a_rank():
    numeric = (
        models.IntegerField, models.FloatField, models.DecimalField, models.DurationField,
        models.JSONField, models.BinaryField,
    )  # fmt: skip
    held = {
        f"{model.__name__}.{field.name}"
        for model in (Mark, MarkStep)
        for field in model._meta.concrete_fields
        if isinstance(field, numeric) and not field.primary_key and not field.is_relation
    }
    assert held == {"MarkStep.account_id"}
    pointing = {
        model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model in (Mark, MarkStep) and field.concrete
    }
    assert pointing == {"voices.MarkStep"}  # nothing else could gather them


COUNTING = {
    "count", "aggregate", "annotate", "Count", "Avg", "Sum", "Min", "Max", "Rank", "Window",
    "len", "sum", "Counter", "mean", "median", "sorted",
}  # fmt: skip
# What is counted all the same, each of one mark, or of what was erased or fits a page.
NOT_OF_MARKS = {
    ("voices/actions/marks.py", "correct_mark", "count"),  # steps of this one mark
    ("voices/actions/retention.py", "erase_marks", "len"),
    ("voices/rules/marks.py", "clean_words", "len"),  # signs of a text
    ("voices/pages/views/marks.py", "mark_new", "len"),  # places one keeps
    ("voices/pages/views/marks.py", "year", "len"),  # signs of a year
    ("voices/queries/marks.py", "what_happened", "sorted"),  # what one may be tied to
}


def _counted(path: Path) -> Iterator[tuple[str, str]]:
    """Find every function of a module that has marks in hand and calls something that counts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("groundwork.voices")
        for alias in node.names
        if alias.name in ("Mark", "MarkStep", "marks")
    }
    whole = path.name == "marks.py" and "voices" in path.parts
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        inside = list(ast.walk(function))
        if not whole and not any(isinstance(n, ast.Name) and n.id in names for n in inside):
            continue
        for call in (node.func for node in inside if isinstance(node, ast.Call)):
            name = call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "")
            if name in COUNTING:
                yield function.name, name


def test_nothing_in_the_software_counts_marks():
    """No query, page, export or interface aggregates or sorts them: said by the source itself."""
    root = Path(__file__).resolve().parents[2]
    found = {
        (str(path.relative_to(root)), *said)
        for path in root.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        for said in _counted(path)
    }
    assert found == NOT_OF_MARKS
    pages = "".join(path.read_text() for path in (root / "voices").rglob("mark*.html"))
    assert not re.search(r"\|(length|dictsort)|\{% (count|rate) ", pages)


def test_trail_and_change_log_hold_no_word_of_it_and_the_change_log_no_person(cast):
    mark = decided(cast, "adopt")
    rows = TrailEntry.objects.filter(kind="voices.mark", object_id=mark.public_id)
    assert [row.verb for row in rows.order_by("id")] == ["write", "reply", "adopt"]
    assert not any(BRICK[:4] in str(row.fields) for row in rows)
    kept = Change.objects.filter(kind="voices.mark")
    assert all(set(row.after or {}) == {"day"} for row in kept)


def test_the_own_data_has_every_word(cast):
    decided(cast, "refuse")
    [section] = [s for s in own.own_data(cast.actor("staff")) if s.title == "关于我的评议"]
    assert [row[4] for row in section.rows] == [BRICK, REPLY, REASON]


def test_a_mark_is_tied_to_what_happened_by_a_soft_reference(cast, at):
    from groundwork.voices.actions import calls
    from groundwork.voices.tests.make import a_call

    call = a_call(cast, at=AT)
    taking = calls.take_call(call.public_id, by=cast.actor("staff"), at=AT)
    type(call).objects.update(starts_at=AT - timedelta(days=1), ends_at=AT - timedelta(hours=20))
    client = cast.client("community_secretary")
    where = {
        "place": cast.places["chenglang"].public_id,
        "person": cast.people["staff"].public_id,
    }
    address = reverse("voices:mark_new") + "?" + "&".join(f"{k}={v}" for k, v in where.items())
    page = client.get(address)
    offered = [value for value, _label in page.context["form"].fields["happened"].choices]
    assert offered == [f"voices.taking:{taking.public_id}", "day"]
    sent = {"kind": "like", "happened": offered[0], "text": BRICK}
    assert client.post(address, sent).status_code == 302
    mark = Mark.objects.get()
    assert (mark.subject_kind, mark.subject_id) == ("voices.taking", taking.public_id)
    assert mark.subject == call.title
    assert client.post(address, {**sent, "happened": "day"}).status_code == 422


def test_pages_of_a_mark_take_the_words(cast, at):
    mark = a_mark(cast)
    say = reverse("voices:mark_say", args=[mark.public_id, "reply"])
    staff = cast.client("staff")
    assert staff.post(say, {"text": "短"}).status_code == 422
    assert staff.post(say, {"text": REPLY}).status_code == 302
    again = staff.post(say, {"text": REPLY})
    assert again.status_code == 422
    assert "本人已说明" in again.content.decode()
    chief = cast.client("unit_secretary")
    refuse = reverse("voices:mark_say", args=[mark.public_id, "refuse"])
    assert chief.post(refuse, {"text": REASON}).status_code == 302
    assert (
        chief.get(reverse("voices:mark_say", args=[mark.public_id, "nonsense"])).status_code == 404
    )
    for who in ("staff", "unit_secretary", "community_secretary"):
        page = cast.client(who).get(reverse("voices:mark", args=[mark.public_id]))
        assert REASON in page.content.decode()
