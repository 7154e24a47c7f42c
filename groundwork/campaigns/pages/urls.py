"""Addresses of the area; each subject keeps its own list beside this one."""

from django.urls import URLPattern

app_name = "campaigns"
urlpatterns: list[URLPattern] = []
