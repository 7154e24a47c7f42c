"""Addresses of the directory: people, bodies, places, priorities, imports."""

from django.urls import URLPattern, URLResolver, path

from groundwork.desk.pages.views import bodies, imports, people, places, priorities

urlpatterns: list[URLPattern | URLResolver] = [
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/export/", people.people_export, name="people_export"),
    path("people/<str:public_id>/", people.person, name="person"),
    path("people/<str:public_id>/edit/", people.person_edit, name="person_edit"),
    path("people/<str:public_id>/move/", people.person_move, name="person_move"),
    path("people/<str:public_id>/home/", people.person_home, name="person_home"),
    path("people/<str:public_id>/status/", people.person_status, name="person_status"),
    path("people/<str:public_id>/hand-over/", people.person_hand_over, name="person_hand_over"),
    path("people/<str:public_id>/merge/", people.person_merge, name="person_merge"),
    path("people/<str:public_id>/phone/", people.person_phone, name="person_phone"),
    path("bodies/", bodies.bodies, name="bodies"),
    path("bodies/<str:public_id>/", bodies.body, name="body"),
    path("bodies/<str:public_id>/add/", bodies.body_add, name="body_add"),
    path("bodies/<str:public_id>/edit/", bodies.body_edit, name="body_edit"),
    path("bodies/<str:public_id>/move/", bodies.body_move, name="body_move"),
    path("bodies/<str:public_id>/close/", bodies.body_close, name="body_close"),
    path("places/", places.places, name="places"),
    path("places/<str:public_id>/", places.place, name="place"),
    path("places/<str:public_id>/edit/", places.place_edit, name="place_edit"),
    path("places/<str:public_id>/grid/", places.grid_add, name="grid_add"),
    path("places/<str:public_id>/close/", places.grid_close, name="grid_close"),
    path("priorities/", priorities.priorities, name="priorities"),
    path("priorities/add/", priorities.priority_add, name="priority_add"),
    path("priorities/<str:public_id>/", priorities.priority_edit, name="priority_edit"),
    path("imports/", imports.imports, name="imports"),
    path("imports/template/<str:kind>/", imports.import_template, name="import_template"),
    path("imports/<str:public_id>/", imports.import_batch, name="import"),
    path("imports/<str:public_id>/choose/", imports.import_choose, name="import_choose"),
    path("imports/<str:public_id>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<str:public_id>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<str:public_id>/marked/", imports.import_marked, name="import_marked"),
    path("choices/people/", people.choices_people, name="choices_people"),
    path("choices/bodies/", bodies.choices_bodies, name="choices_bodies"),
    path("choices/units/", bodies.choices_units, name="choices_units"),
    path("choices/communities/", places.choices_communities, name="choices_communities"),
]
