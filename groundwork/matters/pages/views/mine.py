"""The raiser's own pages: by the secret link without an account, or signed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.actor import Actor
from groundwork.base.errors import Conflict, NotFound, RuleBroken
from groundwork.base.http import Request
from groundwork.matters.actions import own as acts
from groundwork.matters.actions import verdict
from groundwork.matters.actions.knocking import keep_photo
from groundwork.matters.pages.forms import mine as forms
from groundwork.matters.queries import own as queries
from groundwork.matters.queries.own import OwnPage
from groundwork.web.errors import say
from groundwork.web.panels import panels_at

View = Callable[..., HttpResponseBase]


def private(view: View) -> View:
    """Keep a page behind a secret address out of caches, search engines and other sites' logs.

    The page's own meta element says "same-origin": with "no-referrer" browsers send the origin
    "null", and the forms could not be told from forged ones.
    """

    @wraps(view)
    def shown(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return shown


@login_required
@require_safe
@private
def own(request: Request) -> HttpResponse:
    """List what who is signed in raised or joined."""
    listing = queries.own_matters(request.actor, request.GET.get("after", ""))
    return render(request, "matters/mine_list.html", {"listing": listing})


@require_safe
@private
def mine(request: Request, key: str) -> HttpResponse:
    """Show one's matter: how far it is, and what one may say now."""
    return _page(request, queries.own_page(request.actor, key, clock.now()))


def _page(request: Request, page: OwnPage, *, status: int = 200, **forms_sent: Any) -> HttpResponse:
    blank: dict[str, Any] = {
        "refuse": page.may_say,
        "rate": page.may_rate,
        "thank": page.may_thank,
        "add": page.may_add,
        "appeal": page.may_appeal,
        "withdraw": page.may_withdraw,
    }
    blank = {slug: ACTS[slug].blank(page) for slug, may in blank.items() if may}
    context = {
        "page": page,
        "forms": blank | forms_sent,
        "sent": next(iter(forms_sent), ""),
        "panels": panels_at("matter", page.raiser.matter, by=request.actor, at=clock.now()),
        "said_path": reverse("matters:own"),  # the secret stays out of remarks on the software
    }
    return render(request, "matters/mine.html", context, status=status)


@require_POST
@private
def act(request: Request, key: str, slug: str) -> HttpResponse:
    """Do one act of a raiser; who was second is shown what stands."""
    way = ACTS.get(slug)
    if way is None:
        raise NotFound
    page = queries.own_page(request.actor, key, clock.now())
    form = way.form(request, page)
    if form is not None and not form.is_valid():
        return _page(request, page, status=422, **{slug: form})
    try:
        way.do(request.actor, key, form)
    except Conflict as error:
        messages.info(request, say(error))
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        messages.success(request, str(way.done()))
    return redirect("matters:mine", key)


class Way:
    """One act: its form, the action, what is said afterwards."""

    def __init__(
        self,
        form: type[django_forms.Form] | None,
        do: Callable[[Actor, str, Any], object],
        done: Callable[[], str],
    ) -> None:
        self._form, self.do, self.done = form, do, done

    def form(self, request: Request, page: OwnPage) -> django_forms.Form | None:
        """Bind the act's form to what was sent."""
        if self._form is None:
            return None
        return self._form(request.POST, request.FILES, **self._more(page))

    def blank(self, page: OwnPage) -> django_forms.Form | None:
        """Make the act's form before anything is sent."""
        return self._form(**self._more(page)) if self._form else None

    def _more(self, page: OwnPage) -> dict[str, Any]:
        """Several forms stand on the page: each has ids of its own."""
        assert self._form is not None
        more: dict[str, Any] = {"auto_id": f"{self._form.__name__.lower()}_%s"}
        return more | ({"open_questions": page.may_rate} if self._form is forms.RateForm else {})


def _words(form: django_forms.Form) -> str:
    return str(form.cleaned_data["words"])


def _add(by: Actor, key: str, form: forms.AddForm) -> None:
    photos = [keep_photo(file.read(), by=by) for file in form.files.getlist("photos")]
    acts.add_words(key, _words(form), photos, by=by)


ACTS: dict[str, Way] = {
    "confirm": Way(
        None,
        lambda by, key, form: verdict.confirm_matter(key, by=by),
        lambda: _("记下了：解决了。谢谢您告诉我们。"),
    ),
    "refuse": Way(
        forms.RefuseForm,
        lambda by, key, form: verdict.refuse_matter(key, _words(form), by=by),
        lambda: _("记下了：没有解决。已退回重办，新的期限在下面。"),
    ),
    "rate": Way(
        forms.RateForm,
        lambda by, key, form: verdict.rate_answer(key, form.said(), by=by),
        lambda: _("您的评价记下了。"),
    ),
    "thank": Way(
        forms.ThankForm,
        lambda by, key, form: acts.thank_matter(key, _words(form), by=by),
        lambda: _("您的感谢已转给承办单位。"),
    ),
    "add": Way(forms.AddForm, _add, lambda: _("补充的情况已交给承办单位。")),
    "appeal": Way(
        forms.AppealForm,
        lambda by, key, form: acts.appeal_matter(key, _words(form), by=by),
        lambda: _("已请受理部门再看一次。"),
    ),
    "withdraw": Way(
        forms.WithdrawForm,
        lambda by, key, form: acts.withdraw_matter(key, _words(form), by=by),
        lambda: _("已撤回。"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def details(request: Request, key: str) -> HttpResponse:
    """Show all that is kept of a raiser, to be corrected."""
    page = queries.own_page(request.actor, key, clock.now())
    form = forms.DetailsForm(request.POST or None, initial=forms.details_of(page.raiser))
    if request.method == "POST" and form.is_valid():
        acts.correct_details(key, form.details(), by=request.actor)
        messages.success(request, _("已更正。"))
        return redirect("matters:mine_details", key)
    kept = queries.kept_of(page)
    context = {"page": page, "form": form, "kept": kept, "said_path": reverse("matters:own")}
    return render(request, "matters/mine_details.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def erase(request: Request, key: str) -> HttpResponse:
    """Ask, then erase what is the raiser's; the link ends with it."""
    page = queries.own_page(request.actor, key, clock.now())
    if request.method == "POST":
        acts.erase_own(key, by=request.actor)
        messages.success(request, _("已删去。这个链接从现在起打不开了。"))
        return redirect("matters:board")
    alone = _(
        "您的姓名、电话、邮箱、写的话和照片都会删去，还在办的会撤回；只留一条没有文字的办理记录。"
    )
    shared = _("您的姓名、电话、邮箱和您补充的话会删去；还有别人提了同一件事，办理会继续。")
    context = {
        "question": _("删去我的信息？"),
        "consequence": (shared if page.others else alone)
        + _("删去后不能恢复，这个链接也打不开了。"),
        "verb": _("删去"),
        "danger": True,
        "back_url": reverse("matters:mine_details", args=[key]),
        "said_path": reverse("matters:own"),
    }
    return render(request, "web/confirm.html", context)


@require_safe
@private
def file(request: Request, key: str, file_id: str) -> FileResponse:
    """Give a photo or document of the own matter."""
    return file_response(queries.own_file(request.actor, key, file_id, clock.now()).attachment)


def file_response(attachment: Any) -> FileResponse:
    """Show a picture in the page; everything else is a download: nothing uploaded runs here."""
    picture = attachment.media_type.startswith("image/")
    response = FileResponse(
        attachment.file.open("rb"),
        as_attachment=not picture,
        filename=attachment.name,
        content_type=attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
