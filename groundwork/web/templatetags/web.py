"""Tags of the design system; a builtin of every template (see TEMPLATES in the settings)."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from functools import lru_cache
from math import ceil, floor
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import segno
from django import template
from django.forms import BaseForm, BoundField
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundwork.base import dates
from groundwork.base.chart import Chart, labels_of, lines_of, path_of, share_of
from groundwork.base.errors import GroundworkError
from groundwork.base.numbers import Count, Interval, Median, Number, Rate, Ratio, Share
from groundwork.web.declared import Declaration, declaration_of, opened_token
from groundwork.web.errors import say as say_error

register = template.Library()

DOCK_PLACES = 5  # as many as fit 360 px with words and 44 px targets
NOTHING = "—"
_SPAN = re.compile(r"\d\d:\d\d–\d\d:\d\d")  # "18:15–19:50" stays on one line where there is room


# ---- small marks ----------------------------------------------------------------------------
@lru_cache(maxsize=256)
def _picture(name: str) -> SafeString:
    """Draw a symbol once: its address is the same as long as the process runs."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw a symbol of the sprite; decoration unless a label names it."""
    picture = _picture(name)
    return format_html('{}<span class="sr">{}</span>', picture, label) if label else picture


@register.simple_tag
def chip(state: str, text: str, symbol: str = "") -> SafeString:
    """Show a state in words; `state` is ok, due, late, act or plain."""
    return _chip(state, text if isinstance(text, SafeString) else str(text), symbol)


@lru_cache(maxsize=1024, typed=True)  # the same signs marked safe are another text
def _chip(state: str, text: str, symbol: str) -> SafeString:
    """Draw a chip once: a list has thirty of them, in few words."""
    return format_html(
        '<span class="chip {}">{}{}</span>', state, icon(symbol) if symbol else "", text
    )


@lru_cache(maxsize=256)
def _around(name: str, prefix: str, urlconf: str | None) -> tuple[str, str]:
    """Give what stands before and behind the one id in an address."""
    before, _mark, behind = reverse(name, args=["~"], urlconf=urlconf).partition("~")
    return before, behind


@register.simple_tag
def page_of(name: str, public_id: str) -> str:
    """Give the address of one thing's page, as `url` does: for lists, whose thirty lines differ in
    nothing but the id.
    """
    before, behind = _around(name, get_script_prefix(), get_urlconf())
    return f"{before}{quote(public_id, safe='')}{behind}"


@register.filter
def said(error: GroundworkError) -> str:
    """Say an error of the city in the reader's language."""
    return say_error(error)


# ---- numbers --------------------------------------------------------------------------------
def _grouped(number: int) -> str:
    return f"{number:,}"


@register.simple_tag
def count(value: Count | int | None, cap: int | None = None) -> SafeString:
    """Write a number of things; over the cap "1,000+"."""
    if value is None:
        return mark_safe(NOTHING)
    n, capped = (value.n, value.capped) if isinstance(value, Count) else (value, False)
    if cap is not None and n > cap:
        n, capped = cap, True
    return format_html('<span class="num">{}{}</span>', _grouped(n), "+" if capped else "")


@register.simple_tag
def rate(value: Rate | Ratio | Share | None, detail: bool = True) -> SafeString:
    """Write a share with its part and whole, a ratio as a plain number; no % under n = 5.

    Raises TypeError for a bare number: only the value types know what the whole is.
    """
    if value is None:
        return mark_safe(NOTHING)
    if isinstance(value, Ratio):
        basis = f"{_grouped(value.number)} ÷ {_grouped(value.per)}"
        return _with_basis(value.shown, basis, detail)
    if isinstance(value, Share):
        value = value.rate
    if not isinstance(value, Rate):
        raise TypeError("a percentage reaches a page only from base.numbers.Rate")
    basis = f"{_grouped(value.part)} / {_grouped(value.whole)}"
    if value.percent is None:
        return format_html('<span class="num">{}</span>', basis)
    return _with_basis(value.shown, basis, detail)


@register.simple_tag
def number(value: Number | None) -> SafeString:
    """Write any kind of number a figure has, with what it is made of."""
    if isinstance(value, Median):
        n = _grouped(value.n)
        return _with_basis(value.shown, f"n = {n}", True)
    if isinstance(value, Count):
        return count(value)
    return rate(value)


@register.simple_tag
def interval(value: Interval | None) -> SafeString:
    """Write between which percentages a share lies, rounded outwards; nothing under n = 5."""
    if value is None or value.percents is None:
        return mark_safe(NOTHING)
    low, high = value.percents
    shown = f"{floor(low * 100) / 100:g}%–{ceil(high * 100) / 100:g}%"
    return format_html('<span class="num">{}</span>', shown)


def _with_basis(number: str, basis: str, detail: bool) -> SafeString:
    if not detail:
        return format_html('<span class="num">{}</span>', number)
    return format_html(
        '<span class="num">{} <span class="quiet small">（{}）</span></span>', number, basis
    )


@register.inclusion_tag("web/parts/figure.html")
def figure(
    title: str,
    value: Number | int | None,
    unit: str = "",
    definition: str = "",
    records: int | Count | None = None,
    url: str = "",
    cutoff: datetime | None = None,
    whole_url: str = "",
    asked_url: str = "",
    curve: str = "",
) -> dict[str, Any]:
    """Show one number with its sentence, its n, its cut-off and the way to its records.

    `curve` is what `draw_chart` gave: whoever shows many of them keeps them drawn.
    """
    share = value if isinstance(value, Share) else None
    value = share.rate if share else value
    small_whole = isinstance(value, Rate) and value.percent is None
    return {
        "title": title,
        "value": value,
        "is_rate": isinstance(value, Rate) and not small_whole,
        "percent": value.shown[:-1] if isinstance(value, Rate) and not small_whole else "",
        "is_part": small_whole,
        "is_ratio": isinstance(value, Ratio),
        "is_median": isinstance(value, Median),
        "share": share,
        "unit": unit,
        "definition": definition,
        "records": records,
        "url": url,
        "cutoff": cutoff,
        "whole_url": whole_url,
        "asked_url": asked_url,
        "curve": curve,
    }


@register.inclusion_tag("web/parts/chart.html")
def chart(drawn: Chart, table: str = "", heads: str = "") -> dict[str, Any]:
    """Draw a chart; `table` says how its numbers stand beside it: fold, open or hidden.

    Words are words of the page and grow with it; only lines are drawn. Bars are the table itself.
    "" leaves the table to the page.
    """
    lines = [path_of(line) for line in lines_of(drawn)] if drawn.kind == "curve" else []
    floor = [
        f"{path_of(line)}L{line[-1][0]:g} 40L{line[0][0]:g} 40Z"
        for line in (lines_of(drawn) if lines else [])
        if len(line) > 1
    ]
    return {
        "chart": drawn,
        "lines": lines,
        "areas": floor,
        "labels": [mark.label for _i, mark in labels_of(drawn)],
        "bars": [(mark, f"{share_of(drawn, mark):g}") for mark in drawn.marks],
        "table": table,
        "head": heads or _("时段"),
        "last": drawn.known[-1] if drawn.known else None,
    }


def draw_chart(drawn: Chart, table: str = "") -> SafeString:
    """Draw a chart as `{% chart %}` does, for a page that keeps it."""
    return render_to_string("web/parts/chart.html", chart(drawn, table))


# ---- days and times -------------------------------------------------------------------------
@register.simple_tag
def zh_date(day: date | datetime | None, weekday: bool = False, year: bool = True) -> SafeString:
    """Write a day in the reader's language, in one piece: 2026年11月24日 / 24 Nov 2026."""
    if day is None:
        return mark_safe(NOTHING)
    text = dates.day_text(day, weekday=weekday, year=year)
    return format_html('<span class="keep">{}</span>', text)


@register.simple_tag
def zh_time(moment: datetime | time | None) -> str:
    """Write a time on the 24-hour clock."""
    return NOTHING if moment is None else dates.time_text(moment)


@register.simple_tag
def when(
    start: datetime | None,
    end: datetime | None = None,
    weekday: bool = False,
    year: bool = True,
) -> SafeString:
    """Write a moment or a span, machine-readable too."""
    if start is None:
        return mark_safe(NOTHING)
    return _when(start, end, weekday, year, get_language())


@lru_cache(maxsize=4096)
def _when(
    start: datetime, end: datetime | None, weekday: bool, year: bool, _language: str | None
) -> SafeString:
    """Write it once for all who read it: who opens a list reads what others read before."""
    text = (
        dates.moment_text(start, weekday=weekday, year=year)
        if end is None
        else dates.span_text(start, end, weekday=weekday, year=year)
    )
    body = mark_safe(_SPAN.sub(r'<span class="keep">\g<0></span>', conditional_escape(text)))
    kept = "num keep" if end is None else "num"
    return format_html('<time class="{}" datetime="{}">{}</time>', kept, start.isoformat(), body)


# ---- forms ----------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Render one field: label, help, error, input."""
    return bound.as_field_group()


@register.inclusion_tag("web/parts/summary.html")
def summary(form: BaseForm) -> dict[str, Any]:
    """List what is wrong at the top of the form, each linked to its field."""
    return {"form": form, "faults": [bound for bound in form if bound.errors]}


@register.inclusion_tag("web/parts/declared.html")
def declared(form: BaseForm) -> dict[str, Any]:
    """Say who wants a form, by what authority, until when; and note when it was opened.

    Stands once inside `<form>` where the fields are laid out by hand; `{{ form }}` has it.
    """
    declaration: Declaration | None = declaration_of(type(form))
    opened = form.data.get("_opened") if form.is_bound else None
    return {
        "declaration": declaration,
        "opened": opened or (opened_token(declaration) if declaration else ""),
    }


@register.simple_tag
def client_key() -> SafeString:
    """Name this sending once: however often it arrives, the server counts it once."""
    return format_html('<input type="hidden" name="client_key" value="{}">', uuid4())


# ---- states of a list -----------------------------------------------------------------------
@register.inclusion_tag("web/parts/empty.html")
def empty(
    text: str, url: str = "", label: str = "", hint: str = "", symbol: str = "circle-check"
) -> dict[str, str]:
    """Say that nothing is here and what to do next."""
    return {"text": text, "url": url, "label": label, "hint": hint, "symbol": symbol}


@register.inclusion_tag("web/parts/forbidden.html")
def forbidden(text: str = "", hint: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Say that this may be seen but not done, and by whom it may be done."""
    return {
        "text": text or _("以您现在的身份不能这样做。"),
        "hint": hint,
        "url": url,
        "label": label,
    }


@register.inclusion_tag("web/parts/cursor.html", takes_context=True)
def cursor(
    context: Context, following: str | None, rows: str = "#rows", param: str = "after"
) -> dict[str, Any]:
    """Offer the rows after a key: a plain link, appended in place where htmx runs."""
    request = context.get("request")
    query: QueryDict = request.GET.copy() if request else QueryDict(mutable=True)
    query[param] = following or ""
    return {
        "following": following,
        "href": f"?{query.urlencode()}",
        "rows": rows,
        "more_id": rows.lstrip("#") + "-more",
    }


# ---- ways -----------------------------------------------------------------------------------
@register.simple_tag
def crumbs(*pairs: str) -> SafeString:
    """Render the way here: text and address in turn; the last text stands alone."""
    steps = [pairs[i : i + 2] for i in range(0, len(pairs), 2)]
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (
                format_html('<a href="{}">{}</a>', step[1], step[0])
                if len(step) == 2 and step[1]
                else format_html('<span aria-current="page">{}</span>', step[0]),
            )
            for step in steps
        ),
    )
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>', _("当前位置"), items
    )


@register.filter
def docked(nav: list[Any] | None) -> list[Any]:
    """Pick what stands in the phone's bottom bar; room is left for the way to all sections."""
    items = list(nav or [])
    phone = [item for item in items if getattr(item, "phone", False)]
    places = DOCK_PLACES if len(phone) == len(items) else DOCK_PLACES - 1
    return phone[:places]


@register.simple_tag
def qr(text: str, caption: str = "") -> SafeString:
    """Draw a QR code as inline SVG, dark on white in both looks."""
    drawing = segno.make(text, error="m").svg_inline(
        border=1, omitsize=True, svgclass=None, lineclass=None, dark="#000", title=caption or text
    )
    return format_html(
        '<figure class="qr">{}{}</figure>',
        mark_safe(drawing),
        format_html("<figcaption>{}</figcaption>", caption) if caption else "",
    )
