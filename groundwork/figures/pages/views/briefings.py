"""Documents with live numbers: begin, write, have checked, publish, correct, take along."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundwork.base import clock
from groundwork.base.chart import Chart
from groundwork.base.errors import RuleBroken
from groundwork.base.http import Request
from groundwork.figures import policy
from groundwork.figures.actions import briefings as acts
from groundwork.figures.actions.briefings import Wording
from groundwork.figures.models import Briefing
from groundwork.figures.pages.forms import CorrectForm, NewForm, ReturnForm
from groundwork.figures.pages.periods import label_of, name_of
from groundwork.figures.pages.writing import line_of
from groundwork.figures.queries import briefings as queries
from groundwork.figures.queries.briefings import Paragraph
from groundwork.figures.queries.curves import chart_of
from groundwork.figures.queries.paper import caption_of
from groundwork.figures.rules.periods import read, year_before
from groundwork.figures.rules.templates import BY_KEY, begin
from groundwork.registry.models import Place
from groundwork.web.errors import say
from groundwork.web.sending import sent

TONES = {"draft": "plain", "checking": "due", "published": "ok", "corrected": "late"}


def page_of(public_id: str) -> str:
    """Address a document."""
    return reverse("figures:briefing", args=[public_id])


@require_GET
def briefings(request: Request) -> HttpResponse:
    """List the documents a reader sees, the newest first."""
    by = request.actor
    listing = queries.briefings(by, request.GET.get("after", ""))
    context = {
        "listing": listing,
        "lines": [(row, TONES[row.state]) for row in listing.rows],
        "writes": policy.writes(by),
    }
    return render(request, "figures/briefings.html", context)


def form_page(
    request: Request, form: Form, act: Callable[[], str], title: str, verb: str, back: str
) -> HttpResponse:
    context = {"form": form, "title": title, "verb": verb, "back_url": back}
    status = 422 if form.errors else 200
    return sent(request, form, act, _("已保存。")) or render(
        request, "figures/form.html", context, status=status
    )


def _tapped(request: Request, act: Callable[[], object], done: str, target: str) -> HttpResponse:
    try:
        act()
    except RuleBroken as error:
        messages.error(request, say(error))
    else:
        messages.success(request, done)
    return redirect(target)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a document from a template, of a place and a period."""
    by = request.actor
    policy.require_writer(by)
    places = policy.written_places(by)
    form = NewForm(request.POST or None, places=places, today=clock.today())

    def act() -> str:
        data = form.cleaned_data
        place = next(one for one in places if one.public_id == data["place"])
        return page_of(_begun(data["template"], place, data["period"], data["issuer"], request))

    back = reverse("figures:briefings")
    return form_page(request, form, act, _("写一份文稿"), _("起草"), back)


def _begun(key: str, place: Place, period_key: str, issuer: str, request: Request) -> str:
    template, period = BY_KEY[key], read(period_key)
    with override("zh-hans"):  # the document's own language
        when = name_of(period)
    title, text = begin(
        template,
        when=when,
        place=place.name,
        place_code=place.code,
        period=period,
        silent=queries.silent_figures(place, year_before(period), clock.now()),
    )
    wording = Wording(issuer=issuer, title=title, text=text)
    return acts.draft_briefing(template.kind, place, wording, by=request.actor).public_id


@require_GET
def briefing(request: Request, public_id: str) -> HttpResponse:
    """Show a document: its numbers live and red where they changed, or frozen with an appendix."""
    by = request.actor
    found = policy.briefing_for(by, public_id)
    seen = queries.looks(found, clock.now())
    writes, checks = policy.may(by, found, "write"), policy.may(by, found, "check")
    waiting = checks and found.state == "checking"
    own = waiting and queries.sender_of(found) == by.account_id
    correction = getattr(found, "correction", None)
    out = correction if correction and correction.published_at else None
    context = {
        "briefing": found,
        "tone": TONES[found.state],
        "paragraphs": [(one, drawn_of(one)) for one in queries.paragraphs(found.text, seen)],
        "numbers": [line_of(look) for look in seen],
        "changed": sum(look.changed for look in seen),
        "correction": out,
        "correcting": correction if correction and not out and writes else None,
        "steps": _steps(found) if writes or checks else [],
        "edits": writes and found.state == "draft",
        "checks": waiting and not own,
        "waits": own,
        "looks": checks and found.published_at is None,
        "corrects": writes and found.state == "published" and correction is None,
        "works": writes or checks,
        "layouts": _layouts(),
    }
    return render(request, "figures/briefing.html", context)


def drawn_of(paragraph: Paragraph) -> Chart | None:
    """Make the curve of a paragraph that is one, in Chinese as the document is."""
    if paragraph.drawn is None:
        return None
    with override("zh-hans"):
        return chart_of(caption_of(paragraph.drawn, name_of), paragraph.drawn.curve, label_of)


def _layouts() -> list[tuple[str, str]]:
    return [("board", _("三个一排")), ("column", _("竖排，给手机")), ("strip", _("横条"))]


def _steps(found: Briefing) -> list[tuple[str, str, object, str]]:
    said = {
        "draft": _("起草"),
        "send": _("送核"),
        "return": _("退回修改"),
        "publish": _("核对并发布"),
        "correct": _("发布了更正"),
    }
    return [(said[s.verb], s.name, s.at, s.note) for s in queries.steps_of(found)]


@login_required
@require_POST
def look(request: Request, public_id: str) -> HttpResponse:
    """Say that one has looked at what changed."""
    by = request.actor
    chosen = [int(key) for key in request.POST.getlist("number") if key.isdigit()]
    act = lambda: acts.look_again(public_id, chosen or None, by=by)  # noqa: E731
    return _tapped(request, act, _("看过了，按现在的数。"), page_of(public_id))


@login_required
@require_POST
def send(request: Request, public_id: str) -> HttpResponse:
    """Send a draft to be checked."""
    act = lambda: acts.send_briefing(public_id, by=request.actor)  # noqa: E731
    return _tapped(request, act, _("已送核，请另一个人核对并发布。"), page_of(public_id))


@login_required
@require_POST
def publish(request: Request, public_id: str) -> HttpResponse:
    """Publish a checked document."""
    act = lambda: acts.publish_briefing(public_id, by=request.actor)  # noqa: E731
    return _tapped(request, act, _("已发布，数已冻结。"), page_of(public_id))


@login_required
@require_http_methods(["GET", "POST"])
def give_back(request: Request, public_id: str) -> HttpResponse:
    """Give a document back to be written again."""
    by = request.actor
    policy.briefing_for(by, public_id, "check")
    form = ReturnForm(request.POST or None)

    def act() -> str:
        acts.return_briefing(public_id, form.cleaned_data["note"], by=by)
        return page_of(public_id)

    return form_page(request, form, act, _("退回修改"), _("退回"), page_of(public_id))


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: Request, public_id: str) -> HttpResponse:
    """Begin the correction of a published document."""
    by = request.actor
    policy.briefing_for(by, public_id, "write")
    form = CorrectForm(request.POST or None)

    def act() -> str:
        made = acts.correct_briefing(public_id, form.cleaned_data["why"], by=by)
        return page_of(made.public_id)

    return form_page(request, form, act, _("更正"), _("起草更正"), page_of(public_id))
