"""Addresses of the design system: two switches of the reader, and the catalogue."""

from django.urls import path
from django.views.i18n import set_language

from groundwork.web.pages import views

app_name = "web"
urlpatterns = [
    path("language/", set_language, name="language"),
    path("appearance/", views.appearance, name="appearance"),
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/phone/", views.catalogue_phone, name="catalogue_phone"),
    path("catalogue/choices/", views.catalogue_choices, name="catalogue_choices"),
    path("catalogue/queue/", views.catalogue_queue, name="catalogue_queue"),
    path("forms/", views.declared_forms, name="declared_forms"),
]
