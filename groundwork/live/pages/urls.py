"""Addresses of the area."""

from django.urls import path

from groundwork.live.pages.views import door, files, hosting, watching

app_name = "live"
urlpatterns = [
    path("rtmp/publish", door.on_publish, name="on_publish"),
    path("hls/<path:path>", files.hls, name="hls"),
    path("recordings/<str:public_id>/trim/", hosting.trim_page, name="trim_page"),
    path("recordings/<str:public_id>/cut/", hosting.trim, name="trim"),
    path("recordings/<str:public_id>/show/", hosting.show, name="show"),
    path("<str:public_id>/", hosting.stream, name="stream"),
    path("<str:public_id>/still.jpg", hosting.still, name="still"),
    path("<str:public_id>/key/", hosting.key, name="key"),
    path("<str:public_id>/close/", hosting.close, name="close"),
    path("<str:public_id>/reopen/", hosting.reopen, name="reopen"),
    path("<str:public_id>/upload/", hosting.upload, name="upload"),
    path("<str:public_id>/captions/", hosting.put_captions, name="put_captions"),
    path("<str:public_id>/now.json", watching.now_json, name="now"),
    path("<str:public_id>/captions.vtt", watching.captions, name="captions"),
]
