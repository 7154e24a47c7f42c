"""Every door of the city, by area."""

from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from config.api import api, nothing_there
from config.observe import healthz, metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("", include("groundwork.desk.pages.urls")),
    path("web/", include("groundwork.web.pages.urls")),
    path("access/", include("groundwork.access.pages.urls")),
    path("accounts/", include("groundwork.access.pages.door_urls")),
    path("live/", include("groundwork.live.pages.urls")),
    path("matters/", include("groundwork.matters.pages.urls")),
    path("api/v1/", api.urls),
    path("api/<path:rest>", csrf_exempt(nothing_there), name="api_nothing"),
    path("open311/v2/", include("groundwork.matters.api.urls_open311")),
    path("service/", include("groundwork.service.pages.urls")),
    path("duty/", include("groundwork.duty.pages.urls")),
    path("voices/", include("groundwork.voices.pages.urls")),
    path("campaigns/", include("groundwork.campaigns.pages.urls")),
    path("figures/", include("groundwork.figures.pages.urls")),
    path("study/", include("groundwork.study.pages.urls")),
    path("s/", include("groundwork.study.pages.urls_short")),
]
