"""The board for programs: RSS, Atom, and open data as CSV and JSON, each with the filter kept."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import feedgenerator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from groundwork.base import clock
from groundwork.base.http import Request
from groundwork.matters.pages.views.board import asked, wanted_of
from groundwork.matters.queries import board as queries
from groundwork.matters.queries.board import Line
from groundwork.matters.rules.feeds import COLUMNS, safe_cell
from groundwork.matters.rules.open311 import confirmed

CACHED = "public, max-age=300"


def _absolute(path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path


def _address(name: str, said: dict[str, str]) -> str:
    return _absolute(reverse(name) + (f"?{urlencode(said)}" if said else ""))


@require_safe
def rss(request: Request) -> HttpResponse:
    """Give the newest of a filter as RSS 2.0."""
    return _feed(request, feedgenerator.Rss201rev2Feed, "matters:board_rss")


@require_safe
def atom(request: Request) -> HttpResponse:
    """Give the newest of a filter as Atom."""
    return _feed(request, feedgenerator.Atom1Feed, "matters:board_atom")


def _feed(
    request: Request, kind: type[feedgenerator.Rss201rev2Feed | feedgenerator.Atom1Feed], name: str
) -> HttpResponse:
    said = asked(request)
    lines = queries.feed_lines(wanted_of(request), clock.now())
    with override(settings.LANGUAGE_CODE):  # programs read it: one language, whoever asks
        feed = kind(
            title=_("公开台账"),
            link=_address("matters:board", said),
            description=_("提了什么、谁负责、什么时候办好、答复了什么、提出人怎么说。"),
            language=settings.LANGUAGE_CODE,
            feed_url=_address(name, said),
        )
        for line in lines:
            link = _absolute(reverse("matters:board_matter", args=[line.matter.public_id]))
            feed.add_item(
                title=line.title,
                link=link,
                description=_told(line),
                unique_id=link,
                unique_id_is_permalink=True,
                pubdate=line.matter.raised_at,
                updateddate=line.matter.state_since,
                categories=[str(line.matter.category)],
            )
        body = feed.writeString("utf-8")
    response = HttpResponse(body, content_type=feed.content_type)
    response["Cache-Control"] = CACHED
    return response


def _told(line: Line) -> str:
    parts = [line.text, str(line.now)]
    if line.matter.lead is not None:
        parts.append(_("承办单位：") + str(line.matter.lead))
    if line.answer:
        parts.append(_("答复：") + line.answer)
    return "\n".join(parts)


def _row(line: Line) -> dict[str, Any]:
    """Give the open data of one matter by the names of `rules.feeds.COLUMNS`."""
    matter = line.matter
    return {
        "id": matter.public_id,
        "receipt": matter.receipt,
        "url": _absolute(reverse("matters:board_matter", args=[matter.public_id])),
        "text": line.text,
        "category": matter.category.code,
        "category_name": matter.category.name,
        "kind": matter.kind,
        "door": matter.door,
        "district": matter.district.name if matter.district else "",
        "township": matter.township.name if matter.township else "",
        "place": matter.place.name,
        "place_code": matter.place.code,
        "raised_at": _moment(matter.raised_at),
        "lead": matter.lead.name if matter.lead else "",
        "state": matter.state,
        "state_since": _moment(matter.state_since),
        "due_at": _moment(matter.due_at),
        "answered_at": _moment(matter.answered_at),
        "answer": line.answer,
        "confirmed_by_raiser": confirmed(matter.state),
        "reopened": matter.redo_count > 0,
        "redo_count": matter.redo_count,
        "closed_at": _moment(matter.closed_at),
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(clock.ZONE).isoformat(timespec="seconds") if at else ""


class _Echo:
    def write(self, value: str) -> str:
        """Give a written line back instead of keeping it."""
        return value


@require_safe
def open_csv(request: Request) -> StreamingHttpResponse:
    """Stream a filter as CSV (UTF-8 with a mark, as Excel wants it)."""
    found = queries.export(wanted_of(request), clock.now())

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow(COLUMNS)
        for line in found.lines:
            row = _row(line)
            yield writer.writerow([safe_cell(row[name]) for name in COLUMNS])

    return _stream(request, lines(), "text/csv; charset=utf-8", "csv", found.next)


@require_safe
def open_json(request: Request) -> StreamingHttpResponse:
    """Stream a filter as JSON: `matters`, and `next` where more follows."""
    found = queries.export(wanted_of(request), clock.now())
    following = _following(request, "json", found.next)

    def pieces() -> Iterator[str]:
        yield '{"matters":['
        for n, line in enumerate(found.lines):
            yield ("," if n else "") + json.dumps(_row(line), ensure_ascii=False)
        yield '],"next":' + json.dumps(following or None) + "}"

    return _stream(request, pieces(), "application/json", "json", found.next)


def _following(request: Request, form: str, after: str) -> str:
    return _address(f"matters:board_{form}", asked(request) | {"after": after}) if after else ""


def _stream(
    request: Request, pieces: Iterator[str], content_type: str, form: str, after: str
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_gathered(pieces), content_type=content_type)
    response["Cache-Control"] = CACHED
    response["Access-Control-Allow-Origin"] = "*"  # open data, for anybody's page
    response["Content-Disposition"] = f'attachment; filename="matters.{form}"'
    if after:
        response["Link"] = f'<{_following(request, form, after)}>; rel="next"'
    return response


def _gathered(pieces: Iterator[str]) -> Iterator[bytes]:
    """Send some hundred lines at a time: a packet for each would be slow."""
    held: list[str] = []
    for piece in pieces:
        held.append(piece)
        if len(held) == 200:
            yield "".join(held).encode()
            held.clear()
    yield "".join(held).encode()
