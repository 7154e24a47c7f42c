"""Addresses of the area; each subject keeps its own list beside this one."""

from groundwork.campaigns.pages import (
    urls_alliances,
    urls_discussion,
    urls_inquiry,
    urls_projects,
)

app_name = "campaigns"
urlpatterns = [
    *urls_alliances.urlpatterns,
    *urls_inquiry.urlpatterns,
    *urls_projects.urlpatterns,
    *urls_discussion.urlpatterns,
]
