"""Addresses of alliances."""

from django.urls import path

from groundwork.campaigns.pages.views import alliances, supplies

urlpatterns = [
    path("alliances/", alliances.alliances, name="alliances"),
    path("alliances/new/", alliances.alliance_new, name="alliance_new"),
    path("alliances/choices/", alliances.choices_enterprises, name="choices_enterprises"),
    path("alliances/leaders/", alliances.choices_leaders, name="choices_leaders"),
    path("alliances/<str:public_id>/", alliances.alliance, name="alliance"),
    path("alliances/<str:public_id>/close/", alliances.alliance_close, name="alliance_close"),
    path("alliances/<str:public_id>/members/", alliances.member_new, name="member_new"),
    path("alliances/<str:public_id>/links/", alliances.link_new, name="link_new"),
    path("alliances/<str:public_id>/propose/", supplies.propose, name="propose"),
    path("members/<str:public_id>/drop/", alliances.member_drop, name="member_drop"),
    path("members/<str:public_id>/resumed/", alliances.member_resumed, name="member_resumed"),
    path("members/<str:public_id>/entries/", supplies.entry_new, name="entry_new"),
    path(
        "members/<str:public_id>/supplies/<str:customer>/drop/",
        alliances.link_drop,
        name="link_drop",
    ),
    path("entries/<str:public_id>/withdraw/", supplies.entry_withdraw, name="entry_withdraw"),
    path("entries/<str:public_id>/pass-on/", supplies.entry_pass, name="entry_pass"),
    path("pairs/<str:public_id>/", supplies.pair, name="pair"),
    path("pairs/<str:public_id>/<str:side>/accept/", supplies.pair_accept, name="pair_accept"),
    path("pairs/<str:public_id>/<str:side>/decline/", supplies.pair_decline, name="pair_decline"),
]
