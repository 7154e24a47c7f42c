"""The form in three steps, the same at three doors; nothing typed or sent up is ever lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from groundwork.base import clock
from groundwork.base.errors import GroundworkError
from groundwork.base.faults import in_words
from groundwork.base.http import Request
from groundwork.base.models import Attachment
from groundwork.matters.actions import joining
from groundwork.matters.actions.knocking import TooMany, count_knock
from groundwork.matters.actions.raising import Receipt, Telling, receipt_of
from groundwork.matters.models import Door, Matter
from groundwork.matters.pages.forms.raising import LAST, STEPS, _SteppedForm
from groundwork.matters.pages.views.doors import photo_token, receipt_url, sender_of, take_photos
from groundwork.matters.policy.joining import joinable_for
from groundwork.matters.queries import similar
from groundwork.matters.rules import intake
from groundwork.registry.models import Body
from groundwork.web.declared import read_opened
from groundwork.web.errors import say

WAIT = 3600  # seconds in Retry-After; the page says the hour


@dataclass(frozen=True)
class Entrance:
    """One door: its form, who tells, and whether strangers are counted at it."""

    door: Door
    form: type[_SteppedForm]
    account_id: int | None = None  # of who raises; who writes for somebody else is not that
    guarded: bool = False
    initial: Mapping[str, str] = field(default_factory=dict)
    enterprise: Body | None = None


@dataclass
class Sheet:
    """The form as it lies before the reader: its step, photos, and what stands nearby."""

    entrance: Entrance
    form: _SteppedForm
    step: int = 1
    photos: list[Attachment] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    status: int = 200


def answer(request: Request, entrance: Entrance) -> HttpResponse:
    """Show the form, take one step, or send it."""
    at = clock.now()
    if request.method != "POST":
        return _show(request, Sheet(entrance, entrance.form(initial=dict(entrance.initial))), at)
    form = entrance.form(request.POST)
    again = receipt_of(entrance.door, _key(entrance, form), entrance.account_id)
    if again is not None:  # a second tap, or the answer was lost on its way
        return redirect(receipt_url(again.secret))
    photos, faults = take_photos(request, counted=entrance.guarded, at=at)
    sheet = Sheet(entrance, form, _step(request), photos, faults)
    go, chosen = request.POST.get("go", "next"), request.POST.get("to", "")
    if "drop" in request.POST:
        form.errors.clear()
        return _show(request, sheet, at)
    if go == "back":
        form.errors.clear()
        sheet.step = max(1, sheet.step - 1)
        form.put(join="")
        return _show(request, sheet, at)
    if chosen:
        form.put(join=chosen)
    fault = form.first_fault(sheet.step)
    if fault or faults:
        sheet.step, sheet.status = fault or sheet.step, 422
        return _show(request, sheet, at)
    form.put(place=form.cleaned_data["place"].public_id, place_q=str(form.cleaned_data["place"]))
    if sheet.step < LAST:
        sheet.step = LAST if form.joins else sheet.step + 1
        return _show(request, sheet, at)
    return _send(request, sheet, at)


def _step(request: Request) -> int:
    step = request.POST.get("step", "")
    return int(step) if step in {str(n) for n in range(1, LAST + 1)} else LAST


def _key(entrance: Entrance, form: _SteppedForm) -> str:
    """Name a sending; a key of one door is none at another."""
    return f"{entrance.door}.{form.client_key.replace('-', '')}"


def _send(request: Request, sheet: Sheet, at: datetime) -> HttpResponse:
    form, entrance = sheet.form, sheet.entrance
    doubt = _doubt(form, at) if entrance.guarded else ""
    if doubt:
        form.put(website="")
        form.add_error(None, doubt)
        sheet.status = 422
        return _show(request, sheet, at)
    try:
        with in_words():
            if entrance.guarded:
                count_knock("send", sender_of(request), at=at)
            receipt = _write(request, sheet, at)
    except GroundworkError as error:
        form.add_error(None, say(error))
        sheet.status = error.status
        if isinstance(error, joining.Closed):
            form.put(join="")
            sheet.step = 2
        return _show(request, sheet, at)
    return redirect(receipt_url(receipt.secret))


def _write(request: Request, sheet: Sheet, at: datetime) -> Receipt:
    form, entrance = sheet.form, sheet.entrance
    telling = Telling(
        **{"category": None, **form.telling_fields()},
        door=entrance.door,
        files=tuple(sheet.photos),
        client_key=_key(entrance, form),
    )
    teller = form.teller(account_id=entrance.account_id, body=entrance.enterprise)
    if form.joins:
        return joining.join_matter(form.joins, telling, teller, by=request.actor, at=at)
    return joining.raise_or_join(telling, teller, by=request.actor, at=at)


def _doubt(form: _SteppedForm, at: datetime) -> str:
    """Ask once more where a robot is likely; a person taps again and is through."""
    if form.cleaned_data.get("website"):
        return _("有一栏本该空着，却填了字，已替您清掉。请再点一次“提交”。")
    opened = read_opened(form.data.get("_opened", ""))
    if opened is None or intake.too_quick(opened[1], at):
        return _("提交得太快了，请看一眼写得对不对，再点一次“提交”。")
    return ""


def _show(request: Request, sheet: Sheet, at: datetime) -> HttpResponse:
    form, step = sheet.form, sheet.step
    form.step = step
    for name in (name for i, names in enumerate(STEPS, 1) if i != step for name in names):
        form.errors.pop(name, None)
    page: dict[str, Any] = {
        "sheet": sheet,
        "form": form,
        "step": step,
        "last": LAST,
        "entrance": sheet.entrance,
        "photos": [(photo_token(photo), photo) for photo in sheet.photos],
        "most_photos": intake.MOST_PHOTOS,
        "joined": _joined(form, at) if step == LAST else None,
    }
    if step == 2:
        page |= _nearby(form, at)
    response = render(request, "matters/portal_raise.html", page, status=sheet.status)
    if sheet.status == TooMany.status:
        response["Retry-After"] = str(WAIT)
    return response


def _joined(form: _SteppedForm, at: datetime) -> Matter | None:
    """Give the matter to be joined; one that is gone from the board is none."""
    if not form.joins:
        return None
    try:
        return joinable_for(form.joins, at=at)
    except GroundworkError:
        form.put(join="")
        return None


def _nearby(form: _SteppedForm, at: datetime) -> dict[str, Any]:
    """Look around and suggest a category; one chosen by hand is left alone."""
    place = form.cleaned_data.get("place")
    if place is None:
        return {}
    text = form.data["words"]
    around = similar.around(text, place, at=at)
    guesses = similar.guess_categories(text, form.offered, around.alike)
    best = guesses[0] if guesses else None
    if form.data.get("category", "") in ("", form.data.get("guessed", "")):
        chosen = best.category.public_id if best else ""
        form.put(category=chosen, guessed=chosen)
    if not form.data.get("kind"):
        form.put(kind=str(form.fields["kind"].initial))
    return {"around": around, "guess": best}
