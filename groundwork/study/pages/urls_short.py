"""The short address in a room's QR code; it stands at the root, so that the code stays coarse."""

from django.urls import path

from groundwork.study.pages.views.sign_in import scan

app_name = "scan"
urlpatterns = [path("<str:room>/<str:token>", scan, name="room")]
