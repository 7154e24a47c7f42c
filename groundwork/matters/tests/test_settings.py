"""What the office sets: never edited in the past, never by who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from groundwork.base.clock import day_of
from groundwork.base.errors import Forbidden, NotFound
from groundwork.matters.actions.dispatch import accept_matter
from groundwork.matters.actions.settings import (
    add_category,
    close_category,
    delete_template,
    edit_category,
    save_template,
    write_term,
)
from groundwork.matters.models import AnswerTemplate, Category, Matter, Term
from groundwork.matters.policy.settings import visible_templates
from groundwork.matters.queries.terms import days_in_force, promise
from groundwork.matters.rules import settings as rules
from groundwork.matters.tests.make import at_state, raise_one, the_category

DAY = timedelta(days=1)


def test_a_new_version_of_deadlines_holds_from_its_day_and_leaves_promises_alone(cast, at):
    by, noise, today = cast.actor("city_operator"), the_category("noise"), day_of(at)
    promised = at_state(cast, "handling")
    write_term(noise, "normal", 0, 1, 4, today + DAY, by=by, at=at)
    assert days_in_force(noise, "normal", today).solve == 15
    assert days_in_force(noise, "normal", today + DAY).solve == 4
    assert Matter.objects.get(pk=promised.pk).solve_by == promised.solve_by
    fresh = raise_one(cast, at=at + DAY).matter
    accept_matter(fresh.public_id, by=cast.actor("dispatcher"), at=at + DAY)
    solve_by = Matter.objects.get(pk=fresh.pk).solve_by
    assert solve_by == promise(noise, "normal", at + DAY).solve_by
    assert Term.objects.filter(category=None, urgency="normal").count() == 1  # untouched


def test_the_category_goes_before_its_parent_and_the_parent_before_all(cast, at):
    by, today = cast.actor("city_operator"), day_of(at)
    noise, city = the_category("noise"), the_category("city")
    write_term(city, "normal", 1, 2, 9, today, by=by, at=at)
    assert days_in_force(noise, "normal", today).solve == 9
    write_term(noise, "normal", 1, 2, 6, today, by=by, at=at)
    assert days_in_force(noise, "normal", today).solve == 6
    assert days_in_force(the_category("roads"), "normal", today).solve == 9
    assert days_in_force(the_category("waste"), "normal", today).solve == 15


def test_no_version_for_yesterday_none_twice_for_a_day_none_that_makes_no_sense(cast, at):
    by, today = cast.actor("city_operator"), day_of(at)
    with pytest.raises(rules.NotInThePast):
        write_term(None, "normal", 1, 2, 9, today - DAY, by=by, at=at)
    write_term(None, "normal", 1, 2, 9, today, by=by, at=at)
    with pytest.raises(rules.TermWritten):
        write_term(None, "normal", 1, 2, 8, today, by=by, at=at)
    for days in ((5, 1, 4), (1, 5, 4), (-1, 1, 4), (1, 1, 999)):
        with pytest.raises(rules.DaysWrong):
            write_term(None, "urgent", *days, today, by=by, at=at)
    for who in ("district_operator", "dispatcher", "unit_secretary", "auditor"):
        with pytest.raises(Forbidden):
            write_term(None, "urgent", 1, 1, 4, today, by=cast.actor(who), at=at)


def test_categories_are_added_on_two_levels_renamed_and_closed_with_what_is_below(cast, at):
    by = cast.actor("city_operator")
    top = add_category(code="sports", name="体育健身", by=by, at=at)
    part = add_category(
        code="courts", name="球场", parent=top, words=["球场", " 球场 ", ""], by=by, at=at
    )
    assert part.words == ["球场"]
    with pytest.raises(rules.TwoLevels):
        add_category(code="nets", name="球网", parent=part, by=by)
    with pytest.raises(rules.CodeTaken):
        add_category(code="sports", name="又一个", by=by)
    with pytest.raises(rules.BadCode):
        add_category(code="体育", name="体育", by=by)
    edit_category(part.public_id, name="公共球场", by=by)
    assert Category.objects.get(pk=part.pk).name == "公共球场"
    close_category(top.public_id, by=by, at=at)
    assert Category.objects.get(pk=part.pk).valid_to == day_of(at) - DAY
    with pytest.raises(rules.ClosedAlready):
        close_category(top.public_id, by=by, at=at)
    with pytest.raises(Forbidden):
        edit_category(part.public_id, name="球", by=cast.actor("dispatcher"))
    with pytest.raises(NotFound):
        edit_category("nowhere", name="球", by=by)


def test_a_bodys_templates_are_its_own(cast, at):
    mine, theirs = cast.actor("unit_handler"), cast.actor("other_handler")
    unit = cast.bodies["unit"]
    row = save_template(unit, title="现场查看", text="已于______到现场查看。", by=mine, at=at)
    save_template(
        unit, title="查看", text="已______查看。", public_id=row.public_id, by=mine, at=at
    )
    assert [template.title for template in visible_templates(mine)] == ["查看"]
    assert not visible_templates(theirs).exists()
    with pytest.raises(Forbidden):
        save_template(unit, title="别人的", text="不行。", by=theirs)
    with pytest.raises(NotFound):
        delete_template(row.public_id, by=theirs)
    with pytest.raises(rules.NoName):
        save_template(unit, title="", text="没有题目。", by=mine)
    with pytest.raises(rules.NoGap):  # it could be sent unread
        save_template(unit, title="套话", text="您反映的问题已办结。", by=mine)
    delete_template(row.public_id, by=mine)
    assert not AnswerTemplate.objects.exists()
