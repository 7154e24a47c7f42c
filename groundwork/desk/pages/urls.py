"""Addresses of the desk; those of the directory are in `urls_registry`."""

from django.urls import URLPattern, URLResolver, path

from groundwork.desk.pages import urls_registry
from groundwork.desk.pages.views import about, calendar, deployments, home, search

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("calendar/", calendar.address, name="calendar"),
    path("calendar/revoke/", calendar.revoke, name="calendar_revoke"),
    path("calendar/<str:secret>.ics", calendar.feed, name="feed"),
    path("about/", about.about, name="about"),
    path("privacy/", about.privacy, name="privacy"),
    path("deployments/<str:order>/", deployments.deployments, name="deployments"),
    path(
        "deployments/<str:order>/<str:unit>/<str:place>/",
        deployments.deployment_point,
        name="deployment_point",
    ),
    *urls_registry.urlpatterns,
]
