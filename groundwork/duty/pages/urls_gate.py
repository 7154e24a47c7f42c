"""Addresses of the gate and what is kept there."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
