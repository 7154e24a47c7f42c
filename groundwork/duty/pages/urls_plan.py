"""Addresses of the plan and the people on it."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
