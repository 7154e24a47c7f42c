"""Addresses of rooms, sign-in, roll, record and register; the roll engineer's."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
