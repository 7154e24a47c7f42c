"""The open door: say it in three short steps, see what others said, take the receipt along."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from groundwork.base.errors import Forbidden, NotFound
from groundwork.base.http import Request
from groundwork.matters.actions.knocking import count_knock
from groundwork.matters.models import Door
from groundwork.matters.pages.forms.raising import BehalfForm, EnterpriseForm, PortalForm
from groundwork.matters.pages.views.doors import absolute, name_browser, photo_of, sender_of
from groundwork.matters.pages.views.mine import private
from groundwork.matters.pages.views.stepping import Entrance, answer
from groundwork.matters.policy import raiser_by_secret
from groundwork.matters.policy.joining import may_take_calls
from groundwork.matters.queries import intake as queries
from groundwork.registry.models import Body, Place
from groundwork.web.widgets import Choice

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def portal(request: Request) -> HttpResponse:
    """Say what can be done here, and where to call."""
    page = {
        "phone": settings.HOTLINE_NUMBER,
        "enterprise": queries.enterprise_of(request.actor),
        "may_phone": may_take_calls(request.actor),
    }
    return render(request, "matters/portal.html", page)


@never_cache
@form_page
def raise_here(request: Request) -> HttpResponse:
    """Raise a matter without an account; who is signed in finds it among the own ones."""
    entrance = Entrance(
        door=Door.PORTAL,
        form=PortalForm,
        account_id=request.actor.account_id,
        guarded=request.actor.is_anonymous,
    )
    return name_browser(request, answer(request, entrance))


@never_cache
@login_required
@form_page
def raise_enterprise(request: Request) -> HttpResponse:
    """Raise a matter of the enterprise that the account speaks for."""
    body = queries.enterprise_of(request.actor)
    if body is None:
        raise Forbidden
    entrance = Entrance(
        door=Door.ENTERPRISE,
        form=EnterpriseForm,
        account_id=request.actor.account_id,
        initial=_own_place(body),
        enterprise=body,
    )
    return answer(request, entrance)


def _own_place(body: Body) -> dict[str, str]:
    """Fill in where an enterprise lies, if that is near enough to find it."""
    place, near = body.place, (Place.Level.TOWNSHIP, Place.Level.COMMUNITY, Place.Level.GRID)
    return {"place": place.public_id} if place and place.level in near else {}


@never_cache
@login_required
@form_page
def raise_for(request: Request) -> HttpResponse:
    """Raise a matter on behalf of somebody; the one who writes it down is not the raiser."""
    if request.actor.person_id is None:
        raise Forbidden
    return answer(request, Entrance(door=Door.STAFF, form=BehalfForm))


@require_safe
@private
def receipt(request: Request, secret: str) -> HttpResponse:
    """Show number, link and QR code: what a raiser takes along."""
    raiser = raiser_by_secret(secret)
    matter = raiser.matter
    page = {
        "raiser": raiser,
        "matter": matter,
        "link": absolute(link_path(secret)),
        "link_path": link_path(secret),
        "others": matter.raisers_count - 1,
        "said_path": reverse("matters:portal"),  # the secret stays out of remarks on the software
        "next_url": _next_of(request, matter.door),
    }
    return render(request, "matters/portal_receipt.html", page)


def link_path(secret: str) -> str:
    """Give the path of the raiser's own page."""
    return reverse("matters:mine", args=[secret])


def _next_of(request: Request, door: str) -> str:
    names = {
        Door.STAFF: "matters:raise_for",
        Door.PHONE: "matters:phone",
        Door.TELEVISION: "matters:withheld",
    }
    if request.actor.person_id is None or door not in names:
        return ""
    return reverse(names[Door(door)])


@require_safe
def portal_photo(request: Request, token: str) -> FileResponse:
    """Show a photo of a form not yet sent to whom the form belongs."""
    photo = photo_of(token)
    if photo is None or not photo.file:
        raise NotFound
    response = FileResponse(photo.file.open("rb"), content_type=photo.media_type)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def portal_places(request: Request) -> HttpResponse:
    """Answer the field that looks for a community."""
    return _looked(request, queries.find_places)


@require_safe
def portal_units(request: Request) -> HttpResponse:
    """Answer the field that looks for the unit complained of."""
    return _looked(request, queries.find_units)


def _looked(request: Request, find: Callable[[str], list[tuple[str, str, str]]]) -> HttpResponse:
    """Answer what was typed so far; a stranger's looking is counted. Raises TooMany."""
    typed = request.GET.get("q", "")
    if typed.strip() and request.actor.is_anonymous:
        count_knock("look", sender_of(request))
    page = {"choices": [Choice(*row) for row in find(typed)]}
    return render(request, "web/parts/choices.html", page)
