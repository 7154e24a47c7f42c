"""Addresses of the area."""

from django.urls import path

from groundwork.service.pages.views import areas, asking, points, rounds, schedules, studios, visits

app_name = "service"
urlpatterns = [
    path("worker.js", visits.worker, name="worker"),
    path("visits/", visits.visits, name="visits"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/export/", visits.visits_export, name="visits_export"),
    path("visits/category/", visits.category_hint, name="category_hint"),
    path("visits/held/<str:public_id>/", visits.visit_held, name="visit_held"),
    path("visits/held/<str:public_id>/drop/", visits.visit_drop, name="visit_drop"),
    path("visits/<str:public_id>/", visits.visit, name="visit"),
    path("visits/<str:public_id>/add/", visits.visit_add, name="visit_add"),
    path("visits/<str:public_id>/withdraw/", visits.visit_withdraw, name="visit_withdraw"),
    path("choices/where/", visits.choices_where, name="choices_where"),
    path("choices/units/", points.choices_units, name="choices_units"),
    path("choices/places/", points.choices_places, name="choices_places"),
    path("choices/areas/", points.choices_areas, name="choices_areas"),
    path("points/", points.points, name="points"),
    path("points/new/", points.point_new, name="point_new"),
    path("points/<str:public_id>/", points.point, name="point"),
    path("points/<str:public_id>/edit/", points.point_edit, name="point_edit"),
    path("points/<str:public_id>/close/", points.point_close, name="point_close"),
    path("points/<str:public_id>/squad/", points.squad_join, name="squad_join"),
    path(
        "points/<str:public_id>/squad/<str:person>/leave/", points.squad_leave, name="squad_leave"
    ),
    path("studios/", studios.studios, name="studios"),
    path("studios/<str:public_id>/", studios.studio, name="studio"),
    path("studios/<str:public_id>/squad/", studios.studio_join, name="studio_join"),
    path(
        "studios/<str:public_id>/squad/<str:person>/leave/",
        studios.studio_leave,
        name="studio_leave",
    ),
    path("areas/", areas.areas, name="areas"),
    path("areas/new/", areas.area_new, name="area_new"),
    path("areas/<str:public_id>/", areas.area, name="area"),
    path("areas/<str:public_id>/edit/", areas.area_edit, name="area_edit"),
    path("areas/<str:public_id>/close/", areas.area_close, name="area_close"),
    path("areas/<str:public_id>/patrol/", areas.patrol, name="patrol"),
    path("place/<str:public_id>/", areas.place, name="place"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/new/", rounds.round_new, name="round_new"),
    path("rounds/<str:public_id>/", rounds.round_page, name="round"),
    path("rounds/<str:public_id>/edit/", rounds.round_edit, name="round_edit"),
    path("rounds/<str:public_id>/open/", rounds.round_open, name="round_open"),
    path("rounds/<str:public_id>/close/", rounds.round_close, name="round_close"),
    path("rounds/<str:public_id>/copy/", rounds.round_copy, name="round_copy"),
    path("rounds/<str:public_id>/report/", rounds.round_report, name="round_report"),
    path("rounds/<str:public_id>/schedule/", schedules.schedule, name="round_schedule"),
    path("schedules/<str:public_id>/pause/", schedules.pause, name="schedule_pause"),
    path("schedules/<str:public_id>/resume/", schedules.resume, name="schedule_resume"),
    path("schedules/<str:public_id>/end/", schedules.end, name="schedule_end"),
    path("replies/<str:public_id>/take-up/", rounds.take_up, name="take_up"),
    path("asking/", asking.asking, name="asking"),
    path("asking/<str:public_id>/", asking.ask, name="ask"),
    path("asking/<str:public_id>/outcome/", asking.outcome, name="outcome"),
]
