"""The switches keep the reader's wishes; the error pages stand when little else does."""

from __future__ import annotations

import pytest
from django.forms import Select
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.html import parse_html
from django.urls import reverse
from django.utils.translation import override

from groundwork.base.errors import Conflict, Forbidden, NotFound, RuleBroken
from groundwork.web.middleware import ErrorMiddleware

pytestmark = pytest.mark.django_db


def test_the_chosen_look_stays(client):
    response = client.post(reverse("web:appearance"), {"look": "dark", "next": "/web/forms/"})
    assert response.headers["Location"] == "/web/forms/"
    assert b'data-look="dark"' in client.get(reverse("web:catalogue")).content


def test_an_odd_look_is_ignored(client):
    client.cookies["look"] = '"><script>'
    assert b'data-look="auto"' in client.get(reverse("web:catalogue")).content
    assert "look" not in client.post(reverse("web:appearance"), {"look": "pink"}).cookies


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "javascript:1"])
@pytest.mark.parametrize("name", ["web:appearance", "web:language"])
def test_a_switch_never_leads_out_of_the_city(client, name, onward):
    data = {"look": "dark", "language": "en", "next": onward}
    assert client.post(reverse(name), data).headers["Location"] == "/"


@pytest.mark.parametrize("name", ["web:appearance", "web:catalogue_queue"])
def test_switches_want_a_token_and_a_post(name):
    client = Client(enforce_csrf_checks=True)
    assert client.post(reverse(name), {"look": "dark"}).status_code == 403
    assert client.get(reverse(name)).status_code == 405


def test_the_reader_may_change_the_language(client):
    client.post(reverse("web:language"), {"language": "en", "next": "/"})
    page = client.get(reverse("web:catalogue")).content.decode()
    assert '<html lang="en"' in page
    assert "Catalogue of components" in page


def test_the_catalogue_follows_its_key(client):
    first = client.get(reverse("web:catalogue")).content.decode()
    assert "第 3 件" in first
    assert "第 4 件" not in first
    assert "第 4 件" in client.get(reverse("web:catalogue"), {"after": "3"}).content.decode()
    assert client.get(reverse("web:catalogue"), {"after": "٣x"}).status_code == 200


def test_search_as_you_type_finds_namesakes(client):
    page = client.get(reverse("web:catalogue_choices"), {"q": "岭下"}).content.decode()
    assert page.count('role="option"') == 2


def test_the_forms_page_asks_for_the_forms_their_sum_and_what_is_asked_now(
    client, django_assert_num_queries
):
    with django_assert_num_queries(4):
        assert "软件维护人" in client.get(reverse("web:declared_forms")).content.decode()


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "429", "500", "503"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_need_no_context(status, language, django_assert_num_queries):
    with override(language), django_assert_num_queries(0):
        page = render_to_string(f"{status}.html")
    assert f'<html lang="{language}"' in page
    assert "<h1>" in page


def answer(error: Exception, **headers: str) -> HttpResponse | None:
    request = RequestFactory().get("/", headers=headers)
    return ErrorMiddleware(lambda _: HttpResponse()).process_exception(request, error)


def refusal(error: Exception, **headers: str) -> HttpResponse:
    response = answer(error, **headers)
    assert response is not None
    return response


class TooShort(RuleBroken):
    text = "夜学不少于 %(minutes)s 分钟。"


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound(), 404), (Forbidden(), 403), (Conflict(), 409), (TooShort(minutes=90), 422)],
)
def test_the_citys_errors_become_pages_with_their_sentence(error, status):
    response = refusal(error)
    assert response.status_code == status
    assert str(error) in response.content.decode()


def test_htmx_gets_the_sentence_alone():
    response = refusal(TooShort(minutes=90), **{"HX-Request": "true"})
    assert response.status_code == 422
    assert b"<html" not in response.content
    assert "夜学不少于 90 分钟。" in response.content.decode()


def test_other_errors_are_left_to_django():
    assert answer(ValueError()) is None


@pytest.mark.parametrize("path", ["/study/%00/", "/web/forms/?q=%00"])
def test_an_address_with_a_nul_is_not_there(client, path):
    assert client.get(path).status_code == 404


def test_a_select_is_drawn_as_django_draws_it():
    choices = [("", "全部<"), ("组", [("1", "一"), (2, "二")]), (1234, "一千")]
    select = Select(attrs={"class": "x", "required": True, "autofocus": False}, choices=choices)
    drawn = [
        select.render("a", "2", renderer=one) for one in (TemplatesSetting(), DjangoTemplates())
    ]
    assert parse_html(drawn[0]) == parse_html(drawn[1])
    assert 'value="1234"' in drawn[0]
