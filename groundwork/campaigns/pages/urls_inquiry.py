"""Addresses of the television inquiry."""

from django.urls import path

from groundwork.campaigns.pages.views import inquiry, inquiry_desk, inquiry_items, inquiry_jury

EPISODE, ITEM, CLIP = "tv/episodes/<str:public_id>/", "tv/items/<str:public_id>/", "tv/clips/"
urlpatterns = [
    path("tv/", inquiry.seasons, name="inquiry"),
    path("tv/seasons/new/", inquiry_desk.season_new, name="inquiry_season_new"),
    path("tv/seasons/<str:public_id>/", inquiry.season, name="inquiry_season"),
    path(
        "tv/seasons/<str:public_id>/episodes/new/",
        inquiry_desk.episode_new,
        name="inquiry_episode_new",
    ),
    path("tv/checks/", inquiry_desk.checks, name="inquiry_checks"),
    path(EPISODE, inquiry.episode, name="inquiry_episode"),
    path(f"{EPISODE}order/", inquiry.order, name="inquiry_order"),
    path(f"{EPISODE}hour/", inquiry_desk.hour, name="inquiry_hour"),
    path(f"{EPISODE}off/", inquiry_desk.off, name="inquiry_off"),
    path(f"{EPISODE}act/<str:verb>/", inquiry_desk.act, name="inquiry_act"),
    path(f"{EPISODE}links/", inquiry_desk.links, name="inquiry_links"),
    path(f"{EPISODE}jurors/", inquiry_jury.jurors, name="inquiry_jurors"),
    path(f"{EPISODE}jury/", inquiry_jury.jury, name="inquiry_jury"),
    path(f"{EPISODE}questions/new/", inquiry_items.question_new, name="inquiry_question_new"),
    path(f"{EPISODE}matters/", inquiry_items.matter_put, name="inquiry_matter_put"),
    path(f"{EPISODE}clips/new/", inquiry_items.clip_new, name="inquiry_clip_new"),
    path(ITEM, inquiry.item, name="inquiry_item"),
    path(f"{ITEM}edit/", inquiry_items.edit, name="inquiry_item_edit"),
    path(f"{ITEM}move/<str:way>/", inquiry_items.move, name="inquiry_item_move"),
    path(f"{ITEM}show/<str:way>/", inquiry_items.show, name="inquiry_item_show"),
    path(f"{ITEM}drop/", inquiry_items.drop, name="inquiry_item_drop"),
    path(f"{ITEM}promise/", inquiry_items.promise, name="inquiry_promise"),
    path(f"{ITEM}look/", inquiry_items.look, name="inquiry_look"),
    path(f"{ITEM}vote/<str:word>/", inquiry_jury.vote, name="inquiry_vote"),
    path(f"{CLIP}<str:public_id>/file/", inquiry.clip_file, name="inquiry_clip_file"),
    path(f"{CLIP}<str:public_id>/subtitles.vtt", inquiry.subtitles, name="inquiry_subtitles"),
    path(f"{CLIP}<str:public_id>/drop/", inquiry_items.clip_drop, name="inquiry_clip_drop"),
]
