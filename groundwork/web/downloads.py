"""Give a spreadsheet to take along, or a film piece by piece."""

from __future__ import annotations

import os
import re
from typing import IO

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from groundwork.base.attachments import XLSX


def sheet_file(content: bytes, name: str) -> HttpResponse:
    """Send a spreadsheet under a name without ending; nothing on the way keeps a copy."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response


_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
LONGEST_PIECE = 4 * 2**20  # bytes; a player asks for the next


def ranged_file(request: HttpRequest, file: FieldFile, media_type: str) -> HttpResponseBase:
    """Send a stored file to be shown in the page, whole or the one range that is asked for.

    Phones' players ask a film piece by piece and show none that cannot be had so (RFC 9110, 14).
    """
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    size = file.size
    span = _span(found[1], found[2], size) if found and (found[1] or found[2]) else None
    if found and (found[1] or found[2]) and span is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{size}"
        return refused
    if span is None:
        answer: HttpResponseBase = FileResponse(file.open("rb"), content_type=media_type)
    else:
        start, end = span
        with file.open("rb") as opened:
            piece = _piece(opened, start, end + 1 - start)
        answer = HttpResponse(piece, status=206, content_type=media_type)
        answer["Content-Range"] = f"bytes {start}-{end}/{size}"
    answer["Accept-Ranges"] = "bytes"
    return answer


def _span(first: str, last: str, size: int) -> tuple[int, int] | None:
    """Give the first and last byte asked for, at most a piece; None where there are none."""
    if first:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    else:
        start, end = max(size - int(last), 0), size - 1
    if start > end:
        return None
    return start, min(end, start + LONGEST_PIECE - 1)


def _piece(opened: IO[bytes], start: int, length: int) -> bytes:
    opened.seek(start, os.SEEK_SET)
    return opened.read(length)
