"""Addresses of the gate and what is kept there."""

from django.urls import path

from groundwork.duty.pages.views import after, alarms, coming, gate_log, gate_phone

urlpatterns = [
    # The phone at the gate: its token opens one gate, nobody is signed in.
    path("phone/", gate_phone.phone, name="phone"),
    path("phone/worker.js", gate_phone.worker, name="phone_worker"),
    path("phone/manifest.webmanifest", gate_phone.manifest, name="phone_manifest"),
    path("phone/state/", gate_phone.state, name="phone_state"),
    path("phone/sync/", gate_phone.sync, name="phone_sync"),
    path("gates/<str:public_id>/phone/", gate_phone.open_phone, name="phone_open"),
    path("gates/<str:public_id>/phone/close/", gate_phone.close_phones, name="phone_close"),
    # The person's own phone.
    path("come/<str:gate>/<str:code>/", coming.scan, name="come"),
    path("come/", coming.come, name="come_here"),
    path("come.js", coming.worker, name="come_worker"),
    path("p/<str:code>/", coming.poster, name="poster"),
    path("p/<str:code>/here/", coming.poster_here, name="poster_here"),
    path("p/<str:code>/thanks/", after.thank, name="thank"),
    # The log and the alarms, for the community.
    path("gates/<str:public_id>/log/", gate_log.log, name="log"),
    path("alarms/", alarms.alarms, name="alarms"),
    path("alarms/<str:public_id>/", alarms.alarm, name="alarm"),
    # After the shift.
    path("hours/", after.hours, name="hours"),
    path("hours/approve/", after.approve, name="hours_approve"),
    path("posts/<str:public_id>/here/", after.mark_come, name="mark_come"),
    path("posts/<str:public_id>/gone/", after.mark_gone, name="mark_gone"),
    path("posts/<str:public_id>/missed/", after.mark_missed, name="mark_missed"),
    path("posts/<str:public_id>/settle/", after.settle, name="settle"),
    path("posts/<str:public_id>/contest/", after.contest, name="contest"),
    path("thanks/<str:public_id>/show/", after.thanks_show, name="thanks_show"),
    path("my/certificate/<str:public_id>/", after.certificate, name="certificate"),
]
