"""Two pages for everybody: what this is, and what it keeps about people."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from groundwork.base.http import Request
from groundwork.desk.privacy import KINDS


@require_GET
def about(request: Request) -> HttpResponse:
    """Say what this software is for and what it will not do."""
    return render(request, "desk/about.html")


@require_GET
def privacy(request: Request) -> HttpResponse:
    """Say, per kind of record, what is kept, why, who reads it and for how long."""
    return render(request, "desk/privacy.html", {"kinds": KINDS})
