"""Addresses of the area."""

from django.urls import path

from groundwork.live.pages.views import watching

app_name = "live"
urlpatterns = [
    path("<str:public_id>/now.json", watching.now_json, name="now"),
    path("<str:public_id>/captions.vtt", watching.captions, name="captions"),
]
