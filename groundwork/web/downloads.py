"""Give a spreadsheet to take along."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from groundwork.base.attachments import XLSX


def sheet_file(content: bytes, name: str) -> HttpResponse:
    """Send a spreadsheet under a name without ending; nothing on the way keeps a copy."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response
