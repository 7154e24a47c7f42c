"""Addresses of the area, one file per subject."""

from django.urls import URLPattern

from groundwork.matters.pages import urls_desk, urls_hotline, urls_portal, urls_public, urls_trust

app_name = "matters"
urlpatterns: list[URLPattern] = [
    *urls_desk.urlpatterns,
    *urls_hotline.urlpatterns,
    *urls_portal.urlpatterns,
    *urls_public.urlpatterns,
    *urls_trust.urlpatterns,
]
