"""Addresses of the figures. A figure's key has a dot in it; no other word here has one."""

from django.urls import path

from groundwork.figures.pages.views import export, reading

app_name = "figures"
urlpatterns = [
    path("", reading.figures, name="figures"),
    path("open/", export.open_data, name="open"),
    path("open/figures.csv", export.open_csv, name="open_csv"),
    path("open/figures.json", export.open_json, name="open_json"),
    path("<str:key>/", reading.figure, name="figure"),
    path("<str:key>/records/", reading.records, name="records"),
    path("<str:key>/records/<str:which>/", reading.records, name="records_of"),
    path("<str:key>/export/<str:form>/", export.export, name="export"),
]
