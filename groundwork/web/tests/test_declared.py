"""Every form says who wants it, by what authority, until when; its minutes are of nobody."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse, HttpResponseRedirect
from django.template import Context, Template
from django.test import RequestFactory, override_settings
from django.urls import get_resolver

from groundwork.base import clock
from groundwork.base.models import FormTiming
from groundwork.web import declared
from groundwork.web.checks import check_declared_forms, faults_of
from groundwork.web.declared import declare_form, opened_token, read_opened
from groundwork.web.forms import FilterForm
from groundwork.web.middleware import FormTimingMiddleware
from groundwork.web.queries import form_burdens, quarter_total

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=clock.ZONE)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    """Forms declared in a test are forgotten after it; the pages' own are loaded before."""
    assert get_resolver().url_patterns
    monkeypatch.setattr(declared, "_declared", {})
    with clock.at(NOON):
        yield


def make_form(until: date = date(2026, 12, 31), key: str = "test.leave") -> type[forms.Form]:
    class LeaveForm(forms.Form):
        reason = forms.CharField()

        def clean(self):
            if self.cleaned_data.get("reason") == "no":
                raise forms.ValidationError("own rule")
            return super().clean()

    return declare_form(key, "市人社局", "〔2026〕3号", until)(LeaveForm)


def test_a_declared_form_is_sent_on_its_last_day():
    assert make_form(until=NOON.date())({"reason": "trip"}).is_valid()


def test_a_form_past_its_last_day_is_refused():
    form = make_form(until=NOON.date() - timedelta(days=1))({"reason": "trip"})
    assert not form.is_valid()
    assert form.non_field_errors().as_data()[0].code == "form_over"


def test_the_forms_own_rules_stay_in_force():
    assert make_form()({"reason": "no"}).non_field_errors() == ["own rule"]


def test_the_city_may_prolong_a_form_without_new_code():
    form_class = make_form(until=date(2026, 1, 1))
    with override_settings(FORM_UNTIL={"test.leave": "2027-06-30"}):
        assert form_class({"reason": "trip"}).is_valid()
        assert faults_of(form_class) == []


def test_the_check_refuses_a_form_nobody_answers_for():
    class Undeclared(forms.Form):
        pass

    assert [fault.id for fault in faults_of(Undeclared)] == ["web.E001"]


def test_a_declaration_is_not_inherited():
    longer = type("Longer", (make_form(),), {"phone": forms.CharField()})
    assert [fault.id for fault in faults_of(longer)] == ["web.E001"]


def test_the_check_refuses_a_form_past_its_end():
    assert [fault.id for fault in faults_of(make_form(date(2026, 11, 23)))] == ["web.W002"]
    assert faults_of(make_form(date(2026, 11, 24))) == []


def test_a_filter_of_a_list_declares_nothing():
    class Filter(FilterForm):
        q = forms.CharField()

    assert faults_of(Filter) == []


def test_the_product_has_no_undeclared_form():
    assert check_declared_forms() == []


def test_two_forms_cannot_share_a_key():
    make_form()
    with pytest.raises(ImproperlyConfigured):

        @declare_form("test.leave", "x", "y", date(2027, 1, 1))
        class Other(forms.Form):
            pass

    of_another_area = type(make_form().__name__, (forms.Form,), {"__module__": "elsewhere"})
    of_another_area.__qualname__ = make_form().__qualname__
    with pytest.raises(ImproperlyConfigured):
        declare_form("test.leave", "x", "y", date(2027, 1, 1))(of_another_area)


def test_the_page_says_who_asks_by_what_authority_until_when():
    page = Template("{{ form }}").render(Context({"form": make_form()()}))
    assert "用表单位：市人社局 · 依据：〔2026〕3号 · 有效期至：" in page
    assert "2026年12月31日" in page
    assert 'name="_opened"' in page


def sent(token: str, response: HttpResponse, **headers: str) -> list[FormTiming]:
    request = RequestFactory().post("/", {"_opened": token}, headers=headers)
    FormTimingMiddleware(lambda _: response)(request)
    return list(FormTiming.objects.all())


@pytest.fixture
def token():
    declaration = declared.declaration_of(make_form())
    assert declaration is not None
    return opened_token(declaration)


def test_a_sent_form_leaves_its_seconds_and_the_day(db, token):
    with clock.at(NOON + timedelta(seconds=95)):
        [row] = sent(token, HttpResponseRedirect("/"))
    assert (row.form_key, row.day, row.seconds) == ("test.leave", NOON.date(), 95)


def test_htmx_success_counts_too(db, token):
    assert len(sent(token, HttpResponse(), **{"HX-Request": "true"})) == 1


def test_a_form_that_came_back_with_faults_is_not_timed_yet(db, token):
    assert sent(token, HttpResponse()) == []
    assert sent(token, HttpResponse(status=422), **{"HX-Request": "true"}) == []


def test_a_form_with_faults_keeps_its_first_opening(token):
    bound = make_form(key="test.again")({"_opened": token})
    assert token in Template("{% declared form %}").render(Context({"form": bound}))


@pytest.mark.parametrize("forged", ["", "x", "WyJ0ZXN0Il0:forged:mac"])
def test_a_forged_opening_is_ignored(db, forged):
    assert sent(forged, HttpResponseRedirect("/")) == []


def test_an_opening_of_an_unknown_form_is_ignored(token, monkeypatch):
    assert read_opened(token) == ("test.leave", int(NOON.timestamp()))
    monkeypatch.setattr(declared, "_declared", {})
    assert read_opened(token) is None


def test_a_form_left_open_over_lunch_is_not_timed(db, token):
    with clock.at(NOON + timedelta(hours=2, seconds=1)):
        assert sent(token, HttpResponseRedirect("/")) == []


def test_a_timing_names_no_person_and_no_time_of_day():
    assert {f.name for f in FormTiming._meta.get_fields()} == {"id", "form_key", "day", "seconds"}


def test_a_median_is_told_from_five_sends_on(db):
    make_form()
    for seconds in (10, 20, 30, 40):
        FormTiming.objects.create(form_key="test.leave", day=NOON.date(), seconds=seconds)
    assert form_burdens()[0].each.value is None
    FormTiming.objects.create(form_key="test.leave", day=NOON.date(), seconds=500)
    [burden] = form_burdens()
    assert (burden.sends, burden.each.value, burden.total_minutes) == (5, 0.5, 10)


def test_last_quarters_sends_are_not_this_quarters(db):
    make_form()
    FormTiming.objects.create(form_key="test.leave", day=date(2026, 9, 30), seconds=60)
    assert form_burdens()[0].sends == 0


def test_the_quarters_total_adds_up_every_form_of_the_quarter_and_nothing_before(db):
    assert (quarter_total().sends, quarter_total().minutes) == (0, 0)
    for key, day, seconds in (
        ("test.leave", date(2026, 9, 30), 900),
        ("test.leave", date(2026, 10, 1), 100),
        ("test.other", NOON.date(), 200),
        ("test.other", NOON.date() + timedelta(days=1), 900),
    ):
        FormTiming.objects.create(form_key=key, day=day, seconds=seconds)
    found = quarter_total()
    assert (found.first, found.last) == (date(2026, 10, 1), NOON.date())
    assert (found.sends, found.minutes) == (2, 5)
