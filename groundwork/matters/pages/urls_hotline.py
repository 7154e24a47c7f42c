"""Addresses of the exchange with the 12345 hotline."""

from django.urls import URLPattern, path

from groundwork.matters.pages.views import hotline

urlpatterns: list[URLPattern] = [
    path("hotline/", hotline.hotline, name="hotline"),
    path("hotline/template/", hotline.template, name="hotline_template"),
    path("hotline/export/", hotline.export, name="hotline_export"),
    path("hotline/<str:public_id>/", hotline.batch, name="hotline_batch"),
    path("hotline/<str:public_id>/choose/", hotline.choose, name="hotline_choose"),
    path("hotline/<str:public_id>/confirm/", hotline.confirm, name="hotline_confirm"),
    path("hotline/<str:public_id>/undo/", hotline.undo, name="hotline_undo"),
    path("hotline/<str:public_id>/marked/", hotline.marked, name="hotline_marked"),
]
