"""Addresses of orders, needs and supply."""

from django.urls import path

from groundwork.duty.pages.views import gates, needs, order_papers, orders, supply

urlpatterns = [
    path("orders/", orders.orders, name="orders"),
    path("orders/new/", orders.order_new, name="order_new"),
    path("orders/<str:public_id>/", orders.order, name="order"),
    path("orders/<str:public_id>/edit/", orders.order_edit, name="order_edit"),
    path("orders/<str:public_id>/activate/", orders.order_activate, name="order_activate"),
    path("orders/<str:public_id>/prolong/", orders.order_prolong, name="order_prolong"),
    path(
        "orders/<str:public_id>/switch/<str:door>/<str:to>/",
        orders.order_switch,
        name="order_switch",
    ),
    path("orders/<str:public_id>/end/", orders.order_end, name="order_end"),
    path("notices/<str:public_id>/", order_papers.notice, name="notice"),
    path("orders/<str:public_id>/notice/", order_papers.notice_edit, name="notice_edit"),
    path("orders/<str:public_id>/branch/", order_papers.branch_new, name="branch_new"),
    path("choices/places/", order_papers.choices_places, name="choices_places"),
    path("choices/bodies/", order_papers.choices_bodies, name="choices_bodies"),
    # What is needed.
    path("orders/<str:public_id>/gates/", gates.gates, name="gates"),
    path("orders/<str:public_id>/gates/new/", gates.gate_new, name="gate_new"),
    path("orders/<str:public_id>/needs/", needs.needs, name="needs"),
    path("orders/<str:public_id>/needs/copy/", needs.needs_copy, name="needs_copy"),
    path("orders/<str:public_id>/needs/many/", needs.needs_many, name="needs_many"),
    path("orders/<str:public_id>/needs/sheet/", needs.needs_sheet, name="needs_sheet"),
    path("orders/<str:public_id>/needs/template/", needs.needs_template, name="needs_template"),
    path("orders/<str:public_id>/needs/export/", needs.needs_export, name="needs_export"),
    path("sheets/<str:public_id>/", needs.sheet, name="sheet"),
    path("sheets/<str:public_id>/confirm/", needs.sheet_confirm, name="sheet_confirm"),
    path("sheets/<str:public_id>/marked/", needs.sheet_marked, name="sheet_marked"),
    path("gates/<str:public_id>/", gates.gate, name="gate"),
    path("gates/<str:public_id>/edit/", gates.gate_edit, name="gate_edit"),
    path("gates/<str:public_id>/shifts/", gates.gate_shifts, name="gate_shifts"),
    path("gates/<str:public_id>/copy/", gates.gate_copy, name="gate_copy"),
    path("gates/<str:public_id>/close/", gates.gate_close, name="gate_close"),
    path("gates/<str:public_id>/reopen/", gates.gate_reopen, name="gate_reopen"),
    path("gates/<str:public_id>/poster/", order_papers.gate_poster, name="gate_poster"),
    path("shifts/<str:public_id>/numbers/", gates.shift_numbers, name="shift_numbers"),
    path("shifts/<str:public_id>/call-off/", gates.shift_call_off, name="shift_call_off"),
    # Who can come.
    path("orders/<str:public_id>/call/", supply.order_call, name="order_call"),
    path("orders/<str:public_id>/me/", supply.supply, name="supply"),
    path("orders/<str:public_id>/units/", supply.units, name="units"),
    path("orders/<str:public_id>/units/<str:unit>/", supply.unit, name="unit"),
    path(
        "orders/<str:public_id>/units/<str:unit>/release/",
        supply.unit_release,
        name="unit_release",
    ),
    path("orders/<str:public_id>/people/<str:volunteer>/hold/", supply.unit_hold, name="unit_hold"),
]
