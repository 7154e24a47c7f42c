"""Addresses of the area."""

from django.urls import path

from groundwork.voices.pages.views import calls, deeds, drives, home, marks

app_name = "voices"
urlpatterns = [
    path("", home.home, name="home"),
    path("register/", home.register, name="register"),
    path("register/<str:public_id>/withdraw/", home.withdraw, name="withdraw"),
    path("community/", home.community, name="community"),
    path("asks/<str:public_id>/confirm/", home.confirm, name="confirm"),
    path("asks/<str:public_id>/refuse/", home.refuse, name="refuse"),
    path("choices/communities/", home.choices_communities, name="choices_communities"),
    path("calls/", calls.calls, name="calls"),
    path("calls/new/", calls.call_new, name="call_new"),
    path("calls/<str:public_id>/", calls.call, name="call"),
    path("calls/<str:public_id>/take/", calls.take, name="take"),
    path("calls/<str:public_id>/off/", calls.off, name="call_off"),
    path("takings/<str:public_id>/give-back/", calls.give_back, name="give_back"),
    path("takings/<str:public_id>/confirm/", calls.confirm, name="taking_confirm"),
    path("takings/<str:public_id>/release/", calls.release, name="taking_release"),
    path("hours/", calls.hours, name="hours"),
    path("hours/export/", calls.hours_export, name="hours_export"),
    path("deeds/", deeds.sheets, name="deeds"),
    path("deeds/template/", deeds.template, name="deeds_template"),
    path("deeds/<str:public_id>/", deeds.sheet, name="deed_sheet"),
    path("deeds/<str:public_id>/confirm/", deeds.confirm, name="deed_confirm"),
    path("deeds/<str:public_id>/undo/", deeds.undo, name="deed_undo"),
    path("deeds/<str:public_id>/marked/", deeds.marked, name="deed_marked"),
    path("marks/", marks.marks, name="marks"),
    path("marks/new/", marks.mark_new, name="mark_new"),
    path("marks/year/", marks.year, name="marks_year"),
    path("marks/<str:public_id>/", marks.mark, name="mark"),
    path("marks/<str:public_id>/<str:verb>/", marks.say, name="mark_say"),
    path("drives/", drives.drives, name="drives"),
    path("drives/new/", drives.drive_new, name="drive_new"),
    path("drives/<str:public_id>/", drives.drive, name="drive"),
    path("drives/<str:public_id>/tap/", drives.tap, name="drive_tap"),
    path("drives/<str:public_id>/spot/", drives.spot, name="drive_spot"),
    path("drives/<str:public_id>/shut/", drives.shut, name="drive_shut"),
    path("pictures/<str:public_id>/", drives.picture, name="picture"),
]
