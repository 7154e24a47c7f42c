"""Addresses of the figures. A figure's key has a dot in it; no other word here has one."""

from django.urls import path

from groundwork.figures.pages.views import (
    bodies,
    briefings,
    export,
    paper,
    reading,
    spring,
    wall,
    writing,
)

app_name = "figures"
urlpatterns = [
    path("", reading.figures, name="figures"),
    path("spring-2020/", spring.spring, name="spring"),
    path("wall/", wall.wall, name="wall"),
    path("wall/part/", wall.wall_part, name="wall_part"),
    path("open/", export.open_data, name="open"),
    path("open/figures.csv", export.open_csv, name="open_csv"),
    path("open/figures.json", export.open_json, name="open_json"),
    path("open/editions/<str:public_id>.<str:form>", export.edition, name="edition"),
    path("briefings/", briefings.briefings, name="briefings"),
    path("briefings/new/", briefings.new, name="briefing_new"),
    path("briefings/<str:public_id>/", briefings.briefing, name="briefing"),
    path("briefings/<str:public_id>/edit/", writing.edit, name="briefing_edit"),
    path("briefings/<str:public_id>/number/", writing.number, name="briefing_number"),
    path("briefings/<str:public_id>/look/", briefings.look, name="briefing_look"),
    path("briefings/<str:public_id>/send/", briefings.send, name="briefing_send"),
    path("briefings/<str:public_id>/return/", briefings.give_back, name="briefing_return"),
    path("briefings/<str:public_id>/publish/", briefings.publish, name="briefing_publish"),
    path("briefings/<str:public_id>/correct/", briefings.correct, name="briefing_correct"),
    path("briefings/<str:public_id>/file/<str:form>/", paper.file, name="briefing_file"),
    path(
        "briefings/<str:public_id>/picture/<str:layout>.<str:form>",
        paper.picture,
        name="briefing_picture",
    ),
    path("bodies/", bodies.bodies, name="bodies"),
    path("<str:key>/", reading.figure, name="figure"),
    path("<str:key>/bodies/", bodies.bodies_of, name="bodies_of"),
    path("<str:key>/records/", reading.records, name="records"),
    path("<str:key>/records/<str:which>/", reading.records, name="records_of"),
    path("<str:key>/export/<str:form>/", export.export, name="export"),
]
