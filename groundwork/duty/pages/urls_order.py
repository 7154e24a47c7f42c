"""Addresses of orders, needs and supply."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
