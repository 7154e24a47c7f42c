"""The audited sample: the public's pages, the auditor's and the lead's."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.errors import Forbidden, GroundworkError, RuleBroken
from groundwork.base.http import Request
from groundwork.matters.actions import sampling as actions
from groundwork.matters.models import Sample
from groundwork.matters.pages.forms.trust import DrawForm, FindingForm, ReplyForm, SampleForm
from groundwork.matters.policy import audit as policy
from groundwork.matters.queries import retention as kept_queries
from groundwork.matters.queries import sampling as queries
from groundwork.matters.rules.sampling import SCRIPT, SEED_DIGITS
from groundwork.web.errors import say
from groundwork.web.sending import sent

form_methods = require_http_methods(["GET", "POST"])


def _aims(most_false: Decimal, confidence: Decimal) -> dict[str, str]:
    """Write what was set beforehand; these are no measured shares."""
    return {"most": f"{100 * float(most_false):g}%", "sure": f"{100 * float(confidence):g}%"}


@require_GET
def samples(request: Request) -> HttpResponse:
    """List all samples, to everybody; to auditors and leads also what waits for them."""
    by, at = request.actor, clock.now()
    context = {
        "samples": queries.samples(request.GET.get("after", "")),
        "work": [] if by.is_anonymous else queries.own_work(by, at),
        "may_audit": policy.may_audit(by),
    }
    return render(request, "matters/samples.html", context)


@login_required
@form_methods
def sample_new(request: Request) -> HttpResponse:
    """Set population and assurance, see how many that takes, publish the list."""
    by, at = request.actor, clock.now()
    if not policy.may_audit(by):
        raise Forbidden
    places = {row.public_id: row for row in policy.audited_places(by)}
    form = SampleForm(request.POST or None, places=places.values())
    preview = None
    if form.is_bound and form.is_valid():
        said = {**form.cleaned_data, "place": places[form.cleaned_data["place"]]}
        try:
            if "publish" in request.POST:
                sample = actions.publish_sample(actions.Plan(**said), by=by)
                messages.success(request, _("名单已公布。到了时候，凭公开事件的数字抽取。"))
                return redirect("matters:sample", sample.public_id)
            names = ("place", "closed_from", "closed_to", "most_false", "confidence")
            preview = queries.preview(**{name: said[name] for name in names}, at=at)
        except RuleBroken as error:
            form.add_error(None, say(error))
    context: dict[str, object] = {"form": form, "preview": preview, "digits": SEED_DIGITS}
    if preview is not None:
        context |= _aims(said["most_false"], said["confidence"])
    status = 422 if form.errors else 200
    return render(request, "matters/sample_new.html", context, status=status)


@require_GET
def sample(request: Request, public_id: str) -> HttpResponse:
    """Show a sample with everything that is needed to run it again."""
    found = policy.sample_for(request.actor, public_id, "view")
    return _sample(request, found, DrawForm())


def _sample(request: Request, found: Sample, form: DrawForm, status: int = 200) -> HttpResponse:
    page = queries.sample_page(found, request.actor, clock.now(), request.GET.get("after", ""))
    context: dict[str, object] = {"page": page, "sample": found, "script": SCRIPT, "form": form}
    context |= _aims(found.most_false, found.confidence)
    return render(request, "matters/sample.html", context, status=status)


@require_GET
def sample_list(request: Request, public_id: str) -> HttpResponse:
    """Give the published list of hashes as a file."""
    found = policy.sample_for(request.actor, public_id, "view")
    response = HttpResponse(queries.list_bytes(found), content_type="text/plain; charset=utf-8")
    name = f"{found.public_id}.txt"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@login_required
def sample_draw(request: Request, public_id: str) -> HttpResponse:
    """Draw by the digits of the public act."""
    found = policy.sample_for(request.actor, public_id, "draw")
    form = DrawForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        actions.draw_sample(public_id, said["seed"], said["witness"], by=request.actor)
        return reverse("matters:sample", args=[public_id])

    done = _("已抽取。任何人都可以用名单和种子重算一遍。")
    return sent(request, form, act, done) or _sample(request, found, form, status=422)


@require_POST
@login_required
def sample_close(request: Request, public_id: str) -> HttpResponse:
    """Publish the findings."""
    actions.close_sample(public_id, by=request.actor)
    messages.success(request, _("核查结果已公布。"))
    return redirect("matters:sample", public_id)


@never_cache
@login_required
@form_methods
def sample_item(request: Request, public_id: str) -> HttpResponse:
    """Show one drawn closure to its auditor and to its lead; the auditor writes the finding."""
    if request.method == "GET":
        return _item(request, public_id)
    policy.item_for(request.actor, public_id, "find", at=clock.now())
    form = FindingForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        item = actions.record_finding(public_id, said["finding"], said["note"], by=request.actor)
        return reverse("matters:sample", args=[item.sample.public_id])

    gone = sent(request, form, act, _("已记下。"))
    return gone or _item(request, public_id, form=form, status=422)


@require_POST
@login_required
def sample_reply(request: Request, public_id: str) -> HttpResponse:
    """Let the lead say its side."""
    reply = ReplyForm(request.POST)
    try:
        policy.item_for(request.actor, public_id, "reply", at=clock.now())
        if reply.is_valid():
            actions.reply_to_finding(public_id, reply.cleaned_data["words"], by=request.actor)
            messages.success(request, _("说明已记下，与结论一起公布。"))
            return redirect("matters:sample_item", public_id)
    except RuleBroken as error:
        reply.add_error(None, say(error))
    return _item(request, public_id, reply=reply, status=422)


@require_POST
@never_cache
@login_required
def sample_phone(request: Request, public_id: str) -> HttpResponse:
    """Show the checking auditor who raised it; the trail keeps who looked."""
    return _item(request, public_id, raisers=actions.reveal_raiser(public_id, by=request.actor))


def _item(
    request: Request,
    public_id: str,
    *,
    form: FindingForm | None = None,
    reply: ReplyForm | None = None,
    raisers: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    item = policy.item_for(request.actor, public_id, "view", at=at)
    checks, replies = (_may(request, public_id, verb) for verb in ("find", "reply"))
    initial = {"finding": item.finding, "note": item.note}
    context = {
        "item": item,
        "form": (form or FindingForm(initial=initial)) if checks else None,
        "reply": (reply or ReplyForm(initial={"words": item.reply})) if replies else None,
        "reply_open": item.reply_by is not None and at <= item.reply_by,
        "raisers": raisers,
    }
    return render(request, "matters/sample_item.html", context, status=status)


def _may(request: Request, public_id: str, verb: policy.ItemVerb) -> bool:
    try:
        policy.item_for(request.actor, public_id, verb, at=clock.now())
    except GroundworkError:
        return False
    return True


@require_GET
def kept(request: Request) -> HttpResponse:
    """Say how long what is kept, and what was erased so far."""
    return render(request, "matters/kept.html", {"lines": kept_queries.rules()})
