"""Addresses of the area; each subject keeps its own list beside this one."""

from groundwork.campaigns.pages import urls_alliances, urls_inquiry

app_name = "campaigns"
urlpatterns = [*urls_alliances.urlpatterns, *urls_inquiry.urlpatterns]
