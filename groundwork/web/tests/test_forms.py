"""Forms come out with labels, faults and ways to mend them."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict

from groundwork.web import widgets
from groundwork.web.widgets import Choice

VILLAGES = [
    Choice("a", "岭下村", "鄞州区"),
    Choice("b", "岭下村", "奉化区"),
    Choice("c", "静远社区"),
]


def find(text: str) -> list[Choice]:
    return [village for village in VILLAGES if text in village.label]


class Sample(forms.Form):
    title = forms.CharField(label="题目", help_text="写明白。")
    place = widgets.PickField(
        url_name="web:catalogue_choices",
        find=find,
        label_of=lambda key: {v.id: v.label for v in VILLAGES}[key],
        label="地点",
    )
    here = forms.ChoiceField(widget=widgets.Segments, choices=[("y", "到场"), ("n", "缺席")])
    agree = forms.BooleanField(label="我已核对", required=False)


def sent(query: str) -> Sample:
    return Sample(QueryDict(query))


def test_a_label_a_help_and_the_word_required_belong_to_their_input():
    page = str(Sample()["title"].as_field_group())
    assert '<label for="id_title">题目<span class="need">必填</span></label>' in page
    assert 'aria-describedby="id_title_helptext"' in page
    assert 'id="id_title_helptext"' in page


def test_faults_stand_on_top_and_lead_to_their_fields():
    page = str(sent("title="))
    assert page.index('class="summary"') < page.index('name="title"')
    assert 'href="#id_title"' in page
    assert 'aria-invalid="true"' in page


def test_a_fresh_form_shows_no_faults():
    assert "summary" not in str(Sample())


def test_a_tapped_choice_is_taken_by_its_id():
    form = sent("title=x&here=y&place=b&place_q=岭下村")
    assert form.is_valid()
    assert form.cleaned_data["place"] == "b"


def test_a_typed_name_that_one_thing_bears_needs_no_script():
    form = sent("title=x&here=y&place=&place_q=静远社区")
    assert form.is_valid()
    assert form.cleaned_data["place"] == "c"


def test_an_ambiguous_name_comes_back_as_a_choice():
    form = sent("title=x&here=y&place=&place_q=岭下村")
    assert form.has_error("place", "many")
    page = str(form["place"])
    assert page.count('type="radio"') == 2
    assert "奉化区" in page


def test_the_namesakes_of_one_reader_never_meet_another():
    sent("place_q=岭下村").is_valid()
    assert 'type="radio"' not in str(Sample()["place"])


@pytest.mark.parametrize(("typed", "code"), [("无此村", "none"), ("", "required")])
def test_an_unknown_or_missing_name_is_refused(typed, code):
    assert sent(f"place=&place_q={typed}").has_error("place", code)


def test_a_chosen_thing_is_shown_by_name():
    assert 'value="静远社区"' in str(Sample(initial={"place": "c"})["place"])


def test_a_form_in_any_of_djangos_shapes_looks_the_same():
    assert str(Sample().as_p()).split() == str(Sample().as_div()).split()
