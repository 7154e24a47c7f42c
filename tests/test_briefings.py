"""Documents with live numbers: written, checked, published, corrected; by whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from groundwork.base.errors import Conflict, Forbidden, NotFound
from groundwork.base.models import TrailEntry
from groundwork.figures import policy
from groundwork.figures.actions import briefings as acts
from groundwork.figures.actions.briefings import Wording
from groundwork.figures.actions.retention import erase_due
from groundwork.figures.models import Briefing, BriefingStep
from groundwork.figures.queries.briefing_todo import todo
from groundwork.figures.queries.briefings import looks, paragraphs
from groundwork.figures.rules import briefing as rules
from groundwork.figures.rules.briefing import Token
from groundwork.figures.rules.catalogue import FIGURES
from groundwork.matters.models import Matter
from groundwork.matters.tests.make import at_state
from tests.cast import EVENING, ROLES

pytestmark = pytest.mark.django_db

RAISED = Token("matters.raised", "2026-11", "3302")
RATE = Token("matters.resolution_rate", "2026-11", "3302", whole=True)
TEXT = f"一、总的情况\n本月共提出诉求{RAISED}件，办结率{RATE}。"

BEGUN = {"issuer": "宁波市夜学", "title": "十一月简报", "text": TEXT, "public": True}


@pytest.fixture
def town(cast, at):
    for state in ("solved", "solved", "handling"):
        at_state(cast, state)
    return cast


def draft(cast, who="city_operator", place="city", **more) -> Briefing:
    wording = Wording(**(BEGUN | more))
    return acts.draft_briefing("briefing", cast.places[place], wording, by=cast.actor(who))


def published(cast, **more) -> Briefing:
    made = draft(cast, **more)
    acts.send_briefing(made.public_id, by=cast.actor("city_operator"))
    acts.publish_briefing(made.public_id, by=cast.actor("auditor"))
    made.refresh_from_db()
    return made


def read(briefing: Briefing, at=EVENING) -> str:
    return paragraphs(briefing.text, looks(briefing, at))[1].text


def test_a_draft_shows_its_numbers_as_they_are_now(town):
    made = draft(town)
    assert read(made) == "本月共提出诉求3件，办结率2 / 3。"
    at_state(town, "accepted")
    assert read(made).startswith("本月共提出诉求4件")


def test_a_number_that_changed_is_red_and_goes_no_further_until_somebody_looks(town):
    by, made = town.actor("city_operator"), draft(town)
    assert not [look for look in looks(made, EVENING) if look.changed]
    at_state(town, "accepted")
    assert len([look for look in looks(made, EVENING) if look.changed]) == 2
    with pytest.raises(rules.NumbersChanged):
        acts.send_briefing(made.public_id, by=by)
    assert acts.look_again(made.public_id, by=by) == 2
    acts.send_briefing(made.public_id, by=by)
    at_state(town, "accepted")
    with pytest.raises(rules.NumbersChanged):
        acts.publish_briefing(made.public_id, by=town.actor("auditor"))
    acts.look_again(made.public_id, by=town.actor("auditor"))
    acts.publish_briefing(made.public_id, by=town.actor("auditor"))


def test_a_definition_that_changed_is_red_too(town, monkeypatch):
    made = draft(town)
    monkeypatch.setattr(type(FIGURES["matters.raised"]), "edition", property(lambda self: "0" * 8))
    found = looks(made, EVENING)
    assert all(look.redefined and look.changed for look in found)
    with pytest.raises(rules.NumbersChanged):
        acts.send_briefing(made.public_id, by=town.actor("city_operator"))


def test_published_numbers_stay_with_definition_edition_n_and_cut_off(town):
    made = published(town)
    before = read(made)
    at_state(town, "accepted")
    assert read(made) == before
    [raised, rate] = looks(made, EVENING)
    assert (raised.reference.n, raised.reference.cutoff) == (3, EVENING)
    assert raised.reference.edition == FIGURES["matters.raised"].edition
    assert rate.reference.definition == FIGURES["matters.resolution_rate"].definition
    assert rate.reference.number == {"kind": "rate", "part": 2, "whole": 3}
    with pytest.raises(rules.WrongState):
        acts.look_again(made.public_id, by=town.actor("city_operator"))
    with pytest.raises(rules.WrongState):
        acts.edit_briefing(made.public_id, Wording("x", "x", "x"), by=town.actor("city_operator"))


def test_a_curve_is_a_reference_too_red_when_a_step_moved_and_frozen_in_print(town):
    by = town.actor("city_operator")
    curve = Token("matters.raised", "2026-11", "3302", curve=True)
    made = draft(town)
    acts.put_number(made.public_id, curve, 1, by=by)
    made.refresh_from_db()
    assert made.text.endswith(f"。\n{curve}"), "a paragraph of its own"
    drawn = paragraphs(made.text, looks(made, EVENING))[2].drawn
    assert drawn is not None
    points = [(period.key, number.n) for period, number in drawn.curve]
    assert [key for key, _n in points][-1] == "week-2026-11-23"
    assert sum(n for _key, n in points) == 3
    first = Matter.objects.order_by("pk").first()
    assert first is not None
    Matter.objects.filter(pk=first.pk).update(raised_at=EVENING - timedelta(days=15))
    [moved] = [look for look in looks(made, EVENING) if look.changed]
    assert (moved.alone, moved.then) == ("3", "3"), "the number stands, a step of it does not"
    acts.look_again(made.public_id, by=by)
    acts.send_briefing(made.public_id, by=by)
    acts.publish_briefing(made.public_id, by=town.actor("auditor"))
    made.refresh_from_db()
    at_state(town, "accepted")
    frozen = paragraphs(made.text, looks(made, EVENING))[2].drawn
    assert frozen is not None
    assert sum(number.n for _period, number in frozen.curve) == 3
    page = town.client("resident").get(f"/figures/briefings/{made.public_id}/")
    assert 'class="chart"' in page.content.decode()


def test_what_has_one_step_only_has_no_curve(town):
    one = Token("matters.raised", "2026-11-24_2026-11-24", "3302", curve=True)
    with pytest.raises(rules.NoCurve):
        draft(town, text=str(one))


def test_a_published_text_outlives_the_figure_it_speaks_of(town, monkeypatch):
    made = published(town)
    monkeypatch.delitem(FIGURES, "matters.raised")
    assert read(made) == "本月共提出诉求3件，办结率2 / 3。"


def test_who_sent_it_does_not_publish_it_and_who_only_checks_does_not_write(town):
    made = draft(town)
    acts.send_briefing(made.public_id, by=town.actor("city_operator"))
    with pytest.raises(rules.SameHand):
        acts.publish_briefing(made.public_id, by=town.actor("city_operator"))
    acts.return_briefing(made.public_id, "标题太长。", by=town.actor("auditor"))
    with pytest.raises(Forbidden):
        acts.send_briefing(made.public_id, by=town.actor("auditor"))
    assert list(made.steps.values_list("verb", "note"))[-1] == ("return", "标题太长。")


def test_a_correction_stands_on_the_original_and_both_stay(town):
    by, made = town.actor("city_operator"), published(town)
    with pytest.raises(rules.NoWhy):
        acts.correct_briefing(made.public_id, " ", by=by)
    fixed = acts.correct_briefing(made.public_id, "漏了一件。", by=by)
    with pytest.raises(Conflict):
        acts.correct_briefing(made.public_id, "又一次", by=by)
    made.refresh_from_db()
    assert made.state == "published", "it stands until the correction is out"
    acts.send_briefing(fixed.public_id, by=by)
    acts.publish_briefing(fixed.public_id, by=town.actor("auditor"))
    made.refresh_from_db()
    assert (made.state, made.correction.pk) == ("corrected", fixed.pk)
    assert read(made) == "本月共提出诉求3件，办结率2 / 3。"
    with pytest.raises(rules.WrongState):
        acts.correct_briefing(made.public_id, "第三次", by=by)


def test_two_hands_in_one_draft_do_not_overwrite_each_other(town):
    by, made = town.actor("city_operator"), draft(town)
    new = Wording("宁波市夜学", "十一月简报", f"改过的{RAISED}。")
    acts.edit_briefing(made.public_id, new, by=by, read=TEXT.replace("\n", "\r\n"))
    made.refresh_from_db()
    assert made.references.count() == 1, "the number that is gone from the text is gone"
    with pytest.raises(Conflict):
        acts.edit_briefing(made.public_id, new, by=by, read=TEXT)


def test_a_text_with_a_typed_number_of_no_place_is_refused_whole(town):
    nowhere = Token("matters.raised", "2026-11", "9999")
    with pytest.raises(rules.BadReference):
        draft(town, text=f"共{nowhere}件。")
    assert not Briefing.objects.exists()


def test_a_number_is_put_where_the_writer_says(town):
    by, made = town.actor("city_operator"), draft(town)
    people = Token("study.people", "2026-11", "330203")
    acts.put_number(made.public_id, people, 0, by=by)
    made.refresh_from_db()
    assert made.text.startswith(f"一、总的情况{people}\n")
    assert made.references.order_by("order")[0].figure == "study.people"


@pytest.mark.parametrize(
    ("who", "place", "may"),
    [
        ("city_operator", "haishu", True),
        ("district_operator", "haishu", True),
        ("district_operator", "yinzhou", False),
        ("district_operator", "city", False),
        ("auditor", "city", False),
        ("staff", "city", False),
        ("resident", "city", False),
    ],
)
def test_who_writes_of_which_place(town, who, place, may):
    if may:
        assert draft(town, who, place).state == "draft"
    else:
        with pytest.raises(Forbidden):
            draft(town, who, place)


def test_a_draft_is_nobody_elses_and_a_closed_one_is_for_staff(town):
    made = draft(town)
    for who in ("staff", "resident", "enterprise", "district_operator"):
        with pytest.raises(NotFound):
            policy.briefing_for(town.actor(who), made.public_id)
    assert policy.briefing_for(town.actor("auditor"), made.public_id)
    inside = published(town, public=False)
    assert policy.briefing_for(town.actor("staff"), inside.public_id)
    for who in ("resident", "enterprise"):
        with pytest.raises(NotFound):
            policy.briefing_for(town.actor(who), inside.public_id)


def test_what_was_done_is_on_the_trail_and_who_did_it_is_forgotten_after_two_years(town):
    made = published(town)
    verbs = TrailEntry.objects.filter(kind="figures.briefing", object_id=made.public_id)
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        "draft", "send", "publish",
    ]  # fmt: skip
    by = town.actor("city_operator")
    assert erase_due(by=by, at=EVENING + timedelta(days=729)) == 0
    assert erase_due(by=by, at=EVENING + timedelta(days=731)) == 3
    assert not BriefingStep.objects.exclude(name="", account_id=None).exists()
    assert made.steps.count() == 3


def test_a_document_costs_the_same_statements_however_many_numbers_of_one_source(
    town, django_assert_num_queries
):
    made = draft(town)
    with django_assert_num_queries(4):  # rows, names of places, places, one count
        looks(made, EVENING)
    by = town.actor("city_operator")
    for key in ("matters.confirmed_rate", "matters.found_rate", "matters.enterprise"):
        acts.put_number(made.public_id, Token(key, "2026-11", "3302"), 1, by=by)
    with django_assert_num_queries(4):
        looks(made, EVENING)


def test_what_is_sent_waits_on_the_home_of_whoever_may_publish_it_and_not_of_the_sender(town, at):
    made = draft(town)
    acts.send_briefing(made.public_id, by=town.actor("city_operator"))
    lines = {
        who: [line.title for line in todo(town.actor(who), at)]
        for who in ROLES
        if who != "resident"
    }
    assert {who for who in lines if lines[who]} == {"auditor"}
    assert lines["auditor"] == ["核对并发布：十一月简报"]
    page = reverse("figures:briefing", args=[made.public_id])
    publish = reverse("figures:briefing_publish", args=[made.public_id])
    assert publish in town.client("auditor").get(page).content.decode()
    own = town.client("city_operator").get(page).content.decode()
    assert publish not in own
    assert "要由另一个人核对" in own
    acts.publish_briefing(made.public_id, by=town.actor("auditor"))
    assert todo(town.actor("auditor"), at) == []


def test_a_writer_reads_names_beside_values_and_puts_numbers_in_without_a_script(town):
    made = draft(town)
    client = town.client("city_operator")
    page = reverse("figures:briefing_edit", args=[made.public_id])
    at_state(town, "accepted")
    shown = client.get(page).content.decode()
    assert "本月共提出诉求【提出的诉求】件，办结率【办结率·含分子分母】。" in shown
    assert "变了：上次看是 3" in shown
    typed = {
        "title": "十一月简报",
        "issuer": "宁波市夜学",
        "text": "本月共提出诉求【提出的诉求】件。",
        "read": TEXT,
    }
    put = client.post(page, typed | {"insert": "【走访】"}).content.decode()
    assert "本月共提出诉求【提出的诉求】件【走访】。</textarea>" in put
    assert "预览，还没有保存。" in put
    made.refresh_from_db()
    assert made.text == TEXT, "nothing was kept"
    assert "不是一个数" in client.post(page, typed | {"text": "【没有的】"}).content.decode()
    assert client.post(page, typed).status_code == 302
    made.refresh_from_db()
    assert (made.text, made.public) == (f"本月共提出诉求{RAISED}件。", False)
