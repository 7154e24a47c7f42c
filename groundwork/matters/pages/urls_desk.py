"""Addresses of the desk: queue, the matter's page and its acts, register, settings."""

from django.urls import URLPattern, path

from groundwork.matters.pages.views import card, dispatch, queue, register, settings

urlpatterns: list[URLPattern] = [
    path("queue/", queue.queue, name="queue"),
    path("queue/accept/", dispatch.accept_many, name="accept_many"),
    path("queue/assign/", dispatch.assign_many, name="assign_many"),
    path("queue/answer/", dispatch.answer_many, name="answer_many"),
    path("choices/bodies/", queue.choices_bodies, name="choices_bodies"),
    path("choices/outside/", queue.choices_outside, name="choices_outside"),
    path("choices/places/", queue.choices_places, name="choices_places"),
    path("choices/people/", queue.choices_people, name="choices_people"),
    path("m/<str:public_id>/", card.card, name="matter"),
    path("m/<str:public_id>/accept/", dispatch.accept, name="accept"),
    path("m/<str:public_id>/assign/", dispatch.assign, name="assign"),
    path("m/<str:public_id>/reassign/", dispatch.assign, name="reassign"),
    path("m/<str:public_id>/merge/", dispatch.merge, name="merge"),
    path("m/<str:public_id>/split/", dispatch.split, name="split"),
    path("m/<str:public_id>/raisers/", card.reveal, name="reveal"),
    path("m/<str:public_id>/files/<str:file_id>/", card.file, name="staff_file"),
    path("m/<str:public_id>/do/<slug:slug>/", card.act, name="act"),
    path("requests/<str:public_id>/", card.decide, name="decide"),
    path("register/", register.own_register, name="own_register"),
    path("register/<str:body>/", register.register, name="register"),
    path("register/<str:body>/print/", register.paper, name="register_print"),
    path("register/<str:body>/export/", register.download, name="register_export"),
    path("settings/", settings.overview, name="settings"),
    path("settings/categories/", settings.categories, name="settings_categories"),
    path("settings/categories/add/", settings.category_add, name="category_add"),
    path("settings/categories/<str:public_id>/", settings.category_edit, name="category_edit"),
    path(
        "settings/categories/<str:public_id>/close/",
        settings.category_close,
        name="category_close",
    ),
    path("settings/terms/", settings.terms, name="settings_terms"),
    path("settings/terms/write/", settings.term_write, name="term_write"),
    path("settings/routes/", settings.routes, name="settings_routes"),
    path("settings/routes/add/", settings.route_add, name="route_add"),
    path("settings/routes/<str:public_id>/close/", settings.route_close, name="route_close"),
    path("settings/templates/", settings.templates, name="settings_templates"),
    path("settings/templates/write/", settings.template_write, name="template_write"),
    path("settings/templates/<str:public_id>/", settings.template_edit, name="template_edit"),
    path(
        "settings/templates/<str:public_id>/delete/",
        settings.template_delete,
        name="template_delete",
    ),
]
