"""The city's addresses, the trivial view, and beside them a trivial view that writes."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST

from bench.yardstick import urlpatterns as measured
from groundwork.base.models import Lease
from groundwork.registry.models import Place

WRITE = "/bench/write/"


@require_POST
def trivial_write(request: HttpRequest) -> HttpResponse:
    """Read one row by an indexed key, write one row, render the base template, empty."""
    place = Place.objects.get(code="3302")
    with transaction.atomic():
        Lease.objects.update_or_create(
            name=f"bench {request.user.pk}", defaults={"holder": place.code}
        )
    return render(request, "web/base.html", {"place": place})


urlpatterns = [path(WRITE.lstrip("/"), trivial_write), *measured]
