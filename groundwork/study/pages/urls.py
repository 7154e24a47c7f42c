"""Addresses of the area."""

from django.urls import URLPattern

from groundwork.study.pages import urls_hall, urls_plan, urls_roll

app_name = "study"
urlpatterns: list[URLPattern] = [
    *urls_plan.urlpatterns,
    *urls_roll.urlpatterns,
    *urls_hall.urlpatterns,
]
