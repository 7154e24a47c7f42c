"""Surveys: branching, one answer each, shares with n, small cells, who could be known."""

from __future__ import annotations

import io
import itertools
import json
from datetime import timedelta
from random import Random
from typing import Any

import openpyxl
import pytest
from django.core import serializers
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base import vault
from groundwork.base.actor import NOBODY, Actor, system
from groundwork.base.errors import NotFound
from groundwork.base.models import Change, TrailEntry
from groundwork.base.numbers import SMALLEST_WHOLE
from groundwork.matters.models import Category, Matter
from groundwork.matters.rules import intake
from groundwork.matters.rules.sampling import draw
from groundwork.registry.models import Person
from groundwork.voices.actions import surveys
from groundwork.voices.actions.answers import release, send_answer
from groundwork.voices.models import Answer, Held, Right, Seat, Signed, Survey, Text
from groundwork.voices.queries import survey_files as files
from groundwork.voices.queries import surveys as queries
from groundwork.voices.rules import surveys as rules
from groundwork.voices.tests.make import AT, days

CITY = system("tests")
TWO = (("满意", "Satisfied"), ("不满意", "Not satisfied"))


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = str(tmp_path)


def a_survey(cast, *questions: surveys.NewQuestion, opened: bool = True, **more) -> Survey:
    values = {
        "title": "接送怎么安排",
        "body": cast.bodies["unit"],
        "place": cast.places["chenglang"],
        "authority": "局党委会议",
        "opens_at": AT - timedelta(hours=1),
        "closes_at": days(10),
    }
    chief = cast.actor("unit_secretary")
    made = surveys.draft_survey(surveys.SurveyPlan(**(values | more)), by=chief, at=AT)
    for new in questions or (surveys.NewQuestion("single", "满意吗？", options=TWO),):
        surveys.add_question(made.public_id, new, by=chief)
    return surveys.open_survey(made.public_id, by=chief, at=AT) if opened else made


def send(survey, raw, n=0, by=NOBODY, at=AT):
    return send_answer(survey.public_id, raw, client_key=f"k{n}", by=by, at=at)


def close(cast, survey):
    return surveys.close_survey(survey.public_id, by=cast.actor("unit_secretary"), at=AT)


# ---- what an answer must be ---------------------------------------------------------------------
def test_states_walk_as_the_table_says():
    for state, verb in itertools.product(rules.STATES, rules.VERBS):
        if (state, verb) in rules.STEPS:
            assert rules.step(state, verb) == rules.STEPS[state, verb]
        else:
            with pytest.raises(rules.WrongState):
                rules.step(state, verb)


ASKED = (
    rules.Asked("q1", "single", "去过吗", ("a1", "a2"), required=True),
    rules.Asked("q2", "several", "去做什么", ("a1", "a2"), shown_if=("q1", ("a1",))),
    rules.Asked("q3", "text", "为什么不去", required=True, shown_if=("q1", ("a2",))),
    rules.Asked("q4", "matrix", "怎么样", ("a1", "a2"), rows=("r1", "r2")),
    rules.Asked("q5", "scale", "打几分"),
)


def test_what_stands_behind_a_branch_not_taken_is_dropped_and_not_asked():
    raw = {"q1": "a1", "q2": ["a2", "a2"], "q3": "不该有的", "q4": {"r1": "a2"}, "q5": "4"}
    said, texts = rules.clean(ASKED, raw)
    assert said == {"q1": "a1", "q2": ["a2"], "q4": {"r1": "a2"}, "q5": "4"}
    assert texts == {}
    with pytest.raises(rules.Missing):
        rules.clean(ASKED, {"q1": "a2"})


@pytest.mark.parametrize(
    "raw", [{"q1": "a9"}, {"q1": "a1", "q2": ["x"]}, {"q1": "a1", "q4": {"r1": "x"}},
            {"q1": "a1", "q5": "6"}],
)  # fmt: skip
def test_what_is_not_offered_is_refused(raw):
    with pytest.raises(rules.BadAnswer):
        rules.clean(ASKED, raw)


@given(st.lists(st.fixed_dictionaries({"q1": st.sampled_from(["a1", "a2"]),
       "q2": st.lists(st.sampled_from(["a1", "a2"]), unique=True, min_size=1)})))  # fmt: skip
def test_a_share_is_never_more_than_its_whole(answers):
    counted = rules.tally(ASKED, answers)
    for cell in counted.values():
        assert all(0 <= n <= cell.get("", 0) for n in cell.values())


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=2))
def test_no_small_cell_is_shown_nor_can_be_worked_out(counts):
    whole = sum(counts.values())
    shown = rules.hide_small(counts, whole, exclusive=True)
    assert not [n for n in shown.values() if n is not None and 0 < n < SMALLEST_WHOLE]
    missing = whole - sum(n or 0 for n in shown.values())
    several = sum(n is None and counts[key] > 0 for key, n in shown.items()) > 1
    assert missing == 0 or missing >= SMALLEST_WHOLE or not any(shown.values()) or several


def test_a_margin_shrinks_with_the_share_asked_and_is_none_where_all_answered():
    few, many = rules.margin(30, 100, 100_000), rules.margin(30, 100, 200)
    assert few is not None
    assert many is not None
    assert (many.high - many.low) < (few.high - few.low)
    assert rules.margin(30, 100, 100) is None
    assert few.low < 0.3 < few.high
    assert 0.21 < few.low < 0.22  # Wilson's own 21.9 % to 39.6 %
    assert 0.39 < few.high < 0.40


# ---- once, and only those invited ---------------------------------------------------------------
def test_the_same_answer_sent_twice_counts_once_and_shares_stay_under_one_hundred(cast):
    survey = a_survey(cast)
    for n in range(6):
        assert send(survey, {"q1": "a1"}, n).fresh
        assert not send(survey, {"q1": "a2"}, n).fresh
    done = close(cast, survey)
    assert (done.answered, Answer.objects.count()) == (6, 6)
    [result] = queries.results(done).results
    assert [(s.rate.part, s.rate.whole) for s in result.shares if s.rate] == [(6, 6), (0, 6)]


def test_who_is_drawn_can_be_drawn_again_and_answers_once(cast):
    unit = cast.bodies["haishu_party"]
    options = {"way": "invited", "audience": unit, "wanted": 10, "seed": "2026 年 第 104728 期"}
    extra = [
        Person(name=f"甲{n}", sort_key=f"jia {n}", initials="j", work_number=f"X{n}", unit=unit)
        for n in range(20)
    ]
    Person.objects.bulk_create(extra)
    survey = a_survey(cast, anonymous=True, **options)
    ids = Person.objects.filter(unit__path__startswith=unit.path).values_list(
        "public_id", flat=True
    )
    drawn = set(Seat.objects.values_list("person__public_id", flat=True))
    assert survey.seed == "2026104728"
    assert drawn == set(draw(ids, survey.seed, 10))
    assert (survey.population, survey.invited) == (len(ids), 10)
    with pytest.raises(NotFound):
        send(survey, {"q1": "a1"}, by=cast.actor("outsider"))


def test_few_are_not_asked_without_names(cast):
    with pytest.raises(rules.NobodyInvited):
        a_survey(cast, way="invited", anonymous=True)
    named = a_survey(cast, way="invited", anonymous=False)
    staff = cast.actor("staff")
    assert send(named, {"q1": "a1"}, 1, by=staff).fresh
    assert not send(named, {"q1": "a2"}, 2, by=staff).fresh
    signed = Signed.objects.get()
    assert (signed.person, signed.answer.said) == (cast.people["staff"], {"q1": "a1"})
    heads, [row] = files.export_rows(close(cast, named))
    assert (heads[0], row) == ("姓名", [signed.person.name, str(cast.bodies["unit"]), "a1"])
    with pytest.raises(rules.NobodyKnown):  # who scans a code has no name
        a_survey(cast, anonymous=False, way="open")


def test_outside_its_time_nothing_is_taken(cast):
    survey = a_survey(cast)
    for at in (AT - timedelta(days=1), days(10)):
        with pytest.raises(rules.SurveyShut):
            send(survey, {"q1": "a1"}, at=at)
    surveys.run_surveys(at=days(10))
    with pytest.raises(rules.SurveyShut):
        send(survey, {"q1": "a1"})


def test_a_quota_warns_the_unit_and_nobody_else(cast, at):
    survey = a_survey(cast, opened=False)
    chief, asked = cast.client("unit_secretary"), cast.client("staff")
    form = reverse("voices:survey_quotas", args=[survey.public_id, "q1"])
    assert chief.post(form, {"a1": "4"}).status_code == 422, "so small a number points at people"
    assert asked.get(form).status_code == 404
    assert chief.post(form, {"a1": "98765", "a2": ""}).status_code == 302
    surveys.open_survey(survey.public_id, by=CITY, at=AT)
    survey.refresh_from_db()
    assert survey.quotas == [["q1", "a1", 98_765]]
    page = queries.survey_page(cast.actor("unit_secretary"), survey)
    assert [quota.short for quota in page.quotas] == [True]
    shown = asked.get(reverse("voices:survey_answer", args=[survey.public_id]))
    assert "98765" not in shown.content.decode().partition("<main")[2]
    surveys.close_survey(survey.public_id, by=CITY, at=AT)
    surveys.publish_survey(survey.public_id, by=CITY, at=AT)
    results = reverse("voices:survey_results", args=[survey.public_id])
    assert "想要的数够不够" not in asked.get(results).content.decode()
    with pytest.raises(rules.WrongState):
        surveys.set_quotas(survey.public_id, "q1", {}, by=CITY)


def test_a_quota_says_of_a_hidden_cell_nothing_that_would_open_it(cast):
    survey = a_survey(cast, opened=False)
    surveys.set_quotas(survey.public_id, "q1", {"a1": 6, "a2": 5}, by=CITY)
    survey = surveys.open_survey(survey.public_id, by=CITY, at=AT)
    for n in range(8):
        send(survey, {"q1": "a1" if n < 5 else "a2"}, n)
    survey = surveys.close_survey(survey.public_id, by=CITY, at=AT)
    verdicts = [quota.short for quota in queries.wishes(survey, by_unit=True)]
    assert verdicts == [None, None]  # that five are fewer than six would tell of the three
    with pytest.raises(rules.WrongState):
        surveys.drop_question(survey.public_id, "q1", by=CITY)


def test_a_dropped_question_takes_its_quotas_along(cast):
    two = [surveys.NewQuestion("single", text, options=TWO) for text in ("一？", "二？")]
    survey = a_survey(cast, *two, opened=False)
    for key in ("q1", "q2"):
        surveys.set_quotas(survey.public_id, key, {"a1": 9}, by=CITY)
    surveys.drop_question(survey.public_id, "q1", by=CITY)
    survey.refresh_from_db()
    assert survey.quotas == [["q2", "a1", 9]]
    with pytest.raises(rules.BadQuota):
        surveys.set_quotas(survey.public_id, "q2", {"a9": 9}, by=CITY)


# ---- anonymous means anonymous ------------------------------------------------------------------
TEXT = surveys.NewQuestion("text", "还想说什么？")


def crowd(cast, n: int = 24) -> tuple[Survey, list[Person]]:
    """Invite so many and let them answer one after the other, each with words of their own."""
    unit = cast.bodies["other_unit"]
    people = Person.objects.bulk_create(
        Person(name=f"乙{i}", sort_key=f"yi {i}", initials="y", work_number=f"Y{i}", unit=unit)
        for i in range(n)
    )
    options = tuple((f"选项{i}", "") for i in range(20))
    asked = (surveys.NewQuestion("several", "哪几样？", options=options), TEXT)
    survey = a_survey(cast, *asked, way="invited", audience=unit)
    return survey, list(people)


def own_words(i: int) -> dict[str, object]:
    chosen = [f"a{bit + 1}" for bit in range(5) if i >> bit & 1] or ["a6"]
    return {"q1": chosen, "q2": f"第{i}个人的话" + "长" * i}


def answer_all(survey: Survey, people: list[Person]) -> None:
    for i, person in enumerate(people):
        by = Actor(account_id=10_000 + i, person_id=person.pk)
        send_answer(survey.public_id, own_words(i), client_key=f"c{i}", by=by, at=AT + timedelta(i))
        if i % 4 == 3:
            release(Survey.objects.get(pk=survey.pk), rng=Random(i))


def everything() -> list[dict[str, Any]]:
    """Dump every table as whoever holds the whole database would, in the order it lies there."""
    from django.apps import apps

    rows = [row for model in apps.get_models() for row in model._default_manager.all()]
    found: list[dict[str, Any]] = json.loads(serializers.serialize("json", rows))
    return found


def test_a_dump_of_everything_after_closing_joins_no_answer_to_a_person(
    cast, django_capture_on_commit_callbacks
):
    survey, people = crowd(cast)
    surveys.Survey.objects.filter(pk=survey.pk).update(closes_at=AT + timedelta(days=60))
    answer_all(survey, people)
    before = {row.key for row in Answer.objects.all()}
    with django_capture_on_commit_callbacks(execute=True):
        close(cast, survey)
    dump = everything()
    answers = [row for row in dump if row["model"] in ("voices.answer", "voices.text")]
    assert len(answers) == 2 * len(people)
    # Ids: no row of an answer names anything but its survey and its question; keys are new.
    for row in answers:
        assert set(row["fields"]) <= {"survey", "said", "question", "text", "taken_up"}
    keys = {row["pk"] for row in answers}
    assert not keys & before
    others = json.dumps([row for row in dump if row not in answers], ensure_ascii=False)
    assert not [key for key in keys if key in others]
    # Who answered: nothing left, and the key that could name them is gone.
    assert not [
        row for row in dump if row["model"] in ("voices.seat", "voices.right", "voices.held")
    ]
    with pytest.raises(vault.KeyGone):
        vault.mac(survey.vault_key, f"person {people[0].pk}")
    # Time: no field of a time, no trail, change or notice of an answer.
    verbs = TrailEntry.objects.filter(kind="voices.survey").values_list("verb", flat=True)
    assert set(verbs) == {"draft", "add_question", "open", "close"}
    [closing] = Change.objects.filter(kind__startswith="voices.survey")
    assert (closing.object_id, set(closing.after)) == (survey.public_id, {"day", "place"})
    # Words and choices of one hand lie in orders of their own.
    assert Text.objects.count() == len(people)


def positions(survey: Survey) -> list[int]:
    """Give, in the order the rows lie in the table, as which person's answer each was sent."""
    sent = {json.dumps(own_words(i)["q1"]): i for i in range(24)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM voices_answer WHERE survey_id = %s", [survey.pk])
        rows = [row[0] if isinstance(row[0], str) else json.dumps(row[0]) for row in cursor]
    return [sent[json.dumps(json.loads(row)["q1"])] for row in rows]


def test_where_the_rows_lie_says_nothing_of_the_order_they_came_in(cast):
    survey, people = crowd(cast)
    Survey.objects.filter(pk=survey.pk).update(closes_at=AT + timedelta(days=60))
    answer_all(survey, people)
    surveys.close_survey(
        survey.public_id, by=cast.actor("unit_secretary"), at=AT, rng=Random(20_200_519)
    )
    order = positions(survey)
    assert sorted(order) == list(range(24))
    expected = list(range(24))
    Random(1).shuffle(expected)
    # Spearman's footrule of a random order of 24 is about 192; of the order of arrival it is 0.
    footrule = sum(abs(place - came) for place, came in enumerate(order))
    assert footrule > 100
    runs = sum(b == a + 1 for a, b in itertools.pairwise(order))
    assert runs <= 4


def test_held_answers_leave_by_fives_and_five_stay(cast):
    survey = a_survey(cast, surveys.NewQuestion("single", "？", options=TWO), TEXT)
    for n in range(9):
        send(survey, {"q1": "a1", "q2": f"话{n}"}, n)
        assert release(survey, rng=Random(n)) == 0
    send(survey, {"q1": "a1", "q2": "话9"}, 9)
    assert release(survey, rng=Random(1)) == 5
    assert (Held.objects.count(), Answer.objects.count()) == (5, 5)
    assert Text.objects.filter(text="话9").count() + Held.objects.count() >= 5


def test_what_is_held_is_sealed_and_its_size_says_nothing(cast):
    survey = a_survey(cast, surveys.NewQuestion("single", "？", options=TWO), TEXT)
    for n, words in enumerate(("短", "长" * 200)):
        send(survey, {"q1": "a1", "q2": words}, n)
    sizes = {len(bytes(row.sealed)) for row in Held.objects.all()}
    assert len(sizes) == 1
    assert "短".encode() not in b"".join(bytes(row.sealed) for row in Held.objects.all())
    assert not any(str(n) in row.mark[:2] for n, row in enumerate(Right.objects.all()) if n > 9)


def test_fewer_than_five_show_nothing_and_leave_nothing(cast):
    survey = a_survey(cast, surveys.NewQuestion("single", "？", options=TWO), TEXT)
    for n in range(4):
        send(survey, {"q1": "a1", "q2": "话"}, n)
    done = close(cast, survey)
    assert (done.answered, Answer.objects.count(), Text.objects.count()) == (0, 0, 0)
    assert queries.results(done).hidden


def test_nothing_of_an_anonymous_survey_is_shown_before_it_closes(cast):
    survey = a_survey(cast)
    for n in range(20):
        send(survey, {"q1": "a1"}, n)
    release(survey, rng=Random(1))
    assert queries.results(survey).hidden
    with pytest.raises(NotFound):
        files.export_rows(survey)


def test_small_groups_are_hidden_and_their_sum_cannot_be_taken_from_the_whole(cast):
    groups = tuple((f"第{n}组", "") for n in range(3))
    group = surveys.NewQuestion("single", "哪一组？", options=groups, groups=True)
    survey = a_survey(cast, group, surveys.NewQuestion("single", "满意吗？", options=TWO))
    sizes = {"a1": 9, "a2": 7, "a3": 2}
    numbers = itertools.count()
    for key, n in sizes.items():
        for _one in range(n):
            send(survey, {"q1": key, "q2": "a1"}, next(numbers))
    done = close(cast, survey)
    parts = dict(queries.split(done, "q1"))
    assert [part.hidden for part in parts.values()] == [False, True, True]
    heads, rows = files.export_rows(done)
    assert (heads, len(rows)) == (["q2"], 18)  # the rows that leave say of nobody which group
    table = files.group_rows(done)
    assert [line[3] for line in table if line[0].endswith("第2组")] == ["人少，不显示"]


def test_nobody_alone_in_a_group_is_found_by_taking_the_others_from_the_whole(cast):
    groups = tuple((f"第{n}组", "") for n in range(2))
    group = surveys.NewQuestion("single", "哪一组？", options=groups, groups=True)
    survey = a_survey(cast, group, surveys.NewQuestion("single", "满意吗？", options=TWO))
    numbers = itertools.count()
    for key, option, n in (("a1", "a1", 12), ("a1", "a2", 1), ("a2", "a1", 8), ("a2", "a2", 5)):
        for _one in range(n):
            send(survey, {"q1": key, "q2": option}, next(numbers))
    done = close(cast, survey)
    whole = queries.results(done).results[1]
    assert [share.rate and share.rate.part for share in whole.shares] == [20, 6]
    for _label, part in queries.split(done, "q1"):
        assert [share.rate for share in part.results[1].shares] == [None, None]


def test_how_many_a_branch_was_shown_to_does_not_tell_a_hidden_choice(cast):
    first = surveys.NewQuestion("single", "去过吗？", options=(*TWO, ("没去", "")), required=True)
    then = surveys.NewQuestion(
        "single", "为什么？", options=TWO, required=True, shown_if=("q1", ("a3",))
    )
    survey = a_survey(cast, first, then)
    for n in range(16):
        send(survey, {"q1": "a3", "q2": "a1"} if n < 3 else {"q1": "a1" if n < 8 else "a2"}, n)
    done = close(cast, survey)
    asked, behind = queries.results(done).results
    assert [share.rate and share.rate.part for share in asked.shares] == [None, 8, None]
    assert (behind.n, [share.rate for share in behind.shares]) == (None, [None, None])
    _heads, rows = files.export_rows(done)
    assert {row[0] for row in rows} == {"", "a2"}
    assert {row[1] for row in rows} == {""}


# ---- pages and files ----------------------------------------------------------------------------
def test_an_export_has_a_codebook_in_both_languages_and_texts_apart(cast, at):
    survey = a_survey(cast, surveys.NewQuestion("single", "满意吗？", "Satisfied?", TWO), TEXT)
    for n in range(6):
        send(survey, {"q1": "a1", "q2": f"=1+1 话{n}"}, n)
    close(cast, survey)
    client = cast.client("unit_secretary")
    url = reverse("voices:survey_export", args=[survey.public_id])
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).content))
    assert [len(list(sheet.rows)) for sheet in book] == [7, 1, 5, 7]
    assert [cell.value for cell in list(book.worksheets[2].rows)[2]] == [
        "q1", "a1", "满意", "Satisfied",
    ]  # fmt: skip
    assert client.get(url + "?kind=csv").content.decode("utf-8-sig").splitlines()[0] == "q1"
    assert "Satisfied?" in client.get(url + "?kind=codebook").content.decode("utf-8-sig")


def test_words_are_found_and_become_a_matter_of_nobody(cast, at):
    survey = a_survey(cast, TEXT)
    for n in range(6):
        send(survey, {"q1": f"北门的路灯坏了{n}" if n else "都很好"}, n)
    done = close(cast, survey)
    by = cast.actor("unit_secretary")
    assert len(queries.texts(by, done, "路灯").rows) == 5
    found = queries.texts(by, done, "路灯").rows[0]
    client = cast.client("unit_secretary")
    url = reverse("voices:text_take_up", args=[found.key])
    category = Category.objects.get(code="roads")
    sent = {"words": found.text, "category": category.public_id}
    assert client.post(url, sent).status_code == 302
    matter = Matter.objects.get()
    assert (matter.source_kind, matter.source_id) == ("voices.survey", survey.public_id)
    assert Text.objects.get(key=found.key).taken_up
    again = client.post(url, sent)
    assert "已经立了一件事" in again.content.decode()
    assert Matter.objects.count() == 1
    with pytest.raises(NotFound):
        queries.text_to_take_up(cast.actor("other_secretary"), found.key)


def test_the_page_takes_an_answer_twice_and_says_so(cast, at):
    survey = a_survey(cast)
    url = reverse("voices:survey_answer", args=[survey.public_id])
    client = cast.client("resident")
    assert client.get(url).status_code == 200
    sent = {"q1": "a1", "client_key": "one"}
    first = client.post(url, sent, HTTP_HX_REQUEST="true")
    again = client.post(url, sent, HTTP_HX_REQUEST="true")
    assert "收到了" in first.content.decode()
    assert "先前已经收到" in again.content.decode()
    assert Right.objects.count() == 1
    bad = client.post(url, {"q1": "zz", "client_key": "two"}, HTTP_HX_REQUEST="true")
    assert bad.status_code == 422


def test_browsers_without_a_cookie_at_other_addresses_are_not_one_sender(cast, at):
    url = reverse("voices:survey_answer", args=[a_survey(cast).public_id])
    most = intake.LIMITS["send"].browser
    for n in range(most + 2):
        sent = {"q1": "a1", "client_key": f"k{n}"}
        answer = Client(REMOTE_ADDR=f"10.0.0.{n}").post(url, sent, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
    codes = [
        Client(REMOTE_ADDR="10.0.1.1")
        .post(url, {"q1": "a1", "client_key": f"same{n}"}, HTTP_HX_REQUEST="true")
        .status_code
        for n in range(most + 1)
    ]
    assert codes == [200] * most + [429]


def test_results_are_everybodys_once_published_in_their_language(cast, at):
    question = surveys.NewQuestion("single", "满意吗？", "Satisfied?", TWO)
    survey = a_survey(cast, question, title_en="Pick-up at school")
    for n in range(10):
        send(survey, {"q1": "a1" if n < 5 else "a2"}, n)
    close(cast, survey)
    url = reverse("voices:survey_results", args=[survey.public_id])
    assert cast.client("resident").get(url).status_code == 404
    chief = cast.client("unit_secretary")
    assert chief.post(reverse("voices:survey_publish", args=[survey.public_id])).status_code == 302
    page = cast.client("resident", locale="en").get(url).content.decode()
    assert "Satisfied?" in page
    assert "<h1>Pick-up at school</h1>" in page
    assert "50%" in page
    assert "5 / 10" in page


def test_a_draft_is_written_question_by_question(cast, at):
    client = cast.client("unit_secretary")
    draft = a_survey(cast, opened=False)
    add = reverse("voices:question_new", args=[draft.public_id])
    sent = {"kind": "single", "text": "去过吗？", "options": "去过 | Yes\n没去过 | No"}
    assert client.post(add, {**sent, "branch": ["q1:a1"]}).status_code == 302
    assert client.post(add, {"kind": "single", "text": "？", "options": "一个"}).status_code == 422
    row = draft.questions.get(key="q2")
    assert (row.options[0], row.shown_if) == (["a1", "去过", "Yes"], ["q1", ["a1"]])
    drop = reverse("voices:question_drop", args=[draft.public_id, "q1"])
    assert client.post(drop).status_code == 302
    row.refresh_from_db()
    assert row.shown_if is None
    assert client.get(reverse("voices:survey", args=[draft.public_id])).status_code == 200
    assert client.post(reverse("voices:survey_open", args=[draft.public_id])).status_code == 302
    assert client.post(add, sent).status_code == 422


def test_the_list_of_surveys_takes_a_constant_number_of_statements(
    cast, at, django_assert_max_num_queries
):
    for _n in range(35):
        a_survey(cast, opened=False)
    client = cast.client("unit_secretary")
    with django_assert_max_num_queries(18):
        page = client.get(reverse("voices:surveys"))
    assert len(page.context["listing"].rows) == queries.SIZE
