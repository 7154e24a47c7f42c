"""Addresses of evenings, programmes, tours and the library."""

from django.urls import URLPattern, path

from groundwork.study.pages.views import evenings, library, programmes

urlpatterns: list[URLPattern] = [
    path("evenings/", evenings.evenings, name="evenings"),
    path("evenings/new/", evenings.evening_new, name="evening_new"),
    path("evenings/<str:public_id>/", evenings.evening, name="evening"),
    path("evenings/<str:public_id>/edit/", evenings.evening_edit, name="evening_edit"),
    path("evenings/<str:public_id>/publish/", evenings.evening_publish, name="evening_publish"),
    path("evenings/<str:public_id>/copy/", evenings.evening_copy, name="evening_copy"),
    path("evenings/<str:public_id>/move/", evenings.evening_move, name="evening_move"),
    path("evenings/<str:public_id>/cancel/", evenings.evening_cancel, name="evening_cancel"),
    path("evenings/<str:public_id>/close/", evenings.evening_close, name="evening_close"),
    path("evenings/<str:public_id>/rooms/", evenings.room_add, name="room_add"),
    path(
        "evenings/<str:public_id>/rooms/<str:room_id>/remove/",
        evenings.room_remove,
        name="room_remove",
    ),
    path("choices/bodies/", evenings.choices_bodies, name="choices_bodies"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<str:public_id>/", programmes.programme, name="programme"),
    path("programmes/<str:public_id>/edit/", programmes.programme_edit, name="programme_edit"),
    path("programmes/<str:public_id>/term/", programmes.programme_term, name="programme_term"),
    path(
        "programmes/<str:public_id>/publish/",
        programmes.programme_publish,
        name="programme_publish",
    ),
    path("tours/new/", programmes.tour_new, name="tour_new"),
    path("tours/<str:public_id>/", programmes.tour, name="tour"),
    path("tours/<str:public_id>/publish/", programmes.tour_publish, name="tour_publish"),
    path("library/", library.library, name="library"),
    path("library/new/", library.material_new, name="material_new"),
    path("library/topics/", library.topic_add, name="topic_add"),
    path("library/<str:public_id>/", library.material, name="material"),
    path("library/<str:public_id>/edit/", library.material_edit, name="material_edit"),
    path("library/<str:public_id>/file/", library.material_file, name="material_file"),
]
