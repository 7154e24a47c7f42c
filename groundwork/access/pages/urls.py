"""Addresses of the area; the library's own pages are in `door_urls`."""

from django.urls import path

from groundwork.access.pages.views import entrance, inbox, keeping, me, tokens

app_name = "access"
urlpatterns = [
    path("slip/", entrance.slip, name="slip"),
    path("keys/", entrance.keys, name="keys"),
    path("demo/", entrance.demo, name="demo"),
    path("demo/<str:public_id>/", entrance.demo_enter, name="demo_enter"),
    path("me/", me.me, name="me"),
    path("me/as/", me.act_as, name="act_as"),
    path("me/language/", me.language, name="language"),
    path("me/notices/", me.notice_settings, name="notice_settings"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<str:public_id>/revoke/", tokens.revoke, name="revoke_token"),
    path("me/data/", me.own_data, name="own_data"),
    path("me/data/correct/", me.correct, name="correct"),
    path("me/data/my-data.<str:form>", me.own_data_export, name="own_data_export"),
    path("notices/", inbox.inbox, name="notices"),
    path("notices/read/", inbox.read_all, name="read_all"),
    path("notices/<str:public_id>/", inbox.open_notice, name="notice"),
    path("remark/", inbox.remark, name="remark"),
    path("remarks/", inbox.remark_list, name="remarks"),
    path("remarks/<str:public_id>/", inbox.answer, name="answer"),
    path("accounts/", keeping.account_list, name="accounts"),
    path("accounts/<str:public_id>/", keeping.account, name="account"),
    path("accounts/<str:public_id>/switch/", keeping.switch_account, name="switch_account"),
    path("accounts/<str:public_id>/slip/", keeping.issue_slip, name="issue_slip"),
    path("accounts/<str:public_id>/give/", keeping.give, name="give"),
    path("slips/", keeping.issue_slips, name="issue_slips"),
    path("grants/", keeping.grant_list, name="grants"),
    path("grants/<str:public_id>/end/", keeping.end_grant, name="end_grant"),
    path("grants/<str:public_id>/acting/", keeping.act_for, name="act_for"),
    path("pick/node/", keeping.pick_node, name="pick_node"),
    path("pick/account/", keeping.pick_account, name="pick_account"),
    path("trail/", keeping.trail, name="trail"),
]
