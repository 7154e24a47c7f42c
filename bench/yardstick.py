"""The city's addresses and, beside them, the trivial view that benches measure against."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from bench.common import TRIVIAL
from config.urls import urlpatterns as city
from groundwork.registry.models import Place


@require_GET
def trivial(request: HttpRequest) -> HttpResponse:
    """Read one row by an indexed key and render the base template with an empty body."""
    place = Place.objects.get(code="3302")
    return render(request, "web/base.html", {"place": place})


urlpatterns = [path(TRIVIAL.lstrip("/"), trivial), *city]
