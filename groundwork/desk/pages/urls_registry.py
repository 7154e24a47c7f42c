"""Addresses of the directory: people, bodies, places, priorities, imports."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
