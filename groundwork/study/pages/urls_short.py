"""The short address in a room's QR code; it stands at the root, so that the code stays coarse."""

from django.urls import URLPattern

app_name = "scan"
urlpatterns: list[URLPattern] = []
