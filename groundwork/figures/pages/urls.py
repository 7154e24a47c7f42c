"""Addresses of the figures."""

from django.urls import path

from groundwork.figures.pages import views

app_name = "figures"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("<str:key>/", views.figure, name="figure"),
    path("<str:key>/records/", views.records, name="records"),
    path("<str:key>/records/<str:which>/", views.records, name="records_of"),
]
