"""Addresses of call-backs, audited samples and what is kept how long."""

from django.urls import URLPattern, path

from groundwork.matters.pages.views import calling, samples

urlpatterns: list[URLPattern] = [
    path("calls/", calling.calls, name="calls"),
    path("calls/<str:public_id>/", calling.call, name="call"),
    path("calls/<str:public_id>/take/", calling.call_take, name="call_take"),
    path("calls/<str:public_id>/record/", calling.call_record, name="call_record"),
    path("satisfaction/", calling.satisfaction, name="satisfaction"),
    path("samples/", samples.samples, name="samples"),
    path("samples/new/", samples.sample_new, name="sample_new"),
    path("samples/<str:public_id>/", samples.sample, name="sample"),
    path("samples/<str:public_id>/list.txt", samples.sample_list, name="sample_list"),
    path("samples/<str:public_id>/draw/", samples.sample_draw, name="sample_draw"),
    path("samples/<str:public_id>/close/", samples.sample_close, name="sample_close"),
    path("samples/closures/<str:public_id>/", samples.sample_item, name="sample_item"),
    path("samples/closures/<str:public_id>/reply/", samples.sample_reply, name="sample_reply"),
    path("samples/closures/<str:public_id>/phone/", samples.sample_phone, name="sample_phone"),
    path("kept/", samples.kept, name="kept"),
]
