"""Addresses of the area; each subject keeps its own list beside this one."""

from groundwork.campaigns.pages import urls_alliances

app_name = "campaigns"
urlpatterns = [*urls_alliances.urlpatterns]
