"""Addresses of raisers and the public: the own page, the board, its feeds, a community's page."""

from django.urls import URLPattern, path

from groundwork.matters.pages.views import board, community, feeds, mine

urlpatterns: list[URLPattern] = [
    path("mine/", mine.own, name="own"),
    path("mine/<str:key>/", mine.mine, name="mine"),
    path("mine/<str:key>/say/<slug:slug>/", mine.act, name="mine_act"),
    path("mine/<str:key>/details/", mine.details, name="mine_details"),
    path("mine/<str:key>/erase/", mine.erase, name="mine_erase"),
    path("mine/<str:key>/files/<str:file_id>/", mine.file, name="mine_file"),
    path("board/", board.board, name="board"),
    path("board/rss.xml", feeds.rss, name="board_rss"),
    path("board/atom.xml", feeds.atom, name="board_atom"),
    path("board/open.csv", feeds.open_csv, name="board_csv"),
    path("board/open.json", feeds.open_json, name="board_json"),
    path("board/<str:public_id>/", board.matter, name="board_matter"),
    path("board/<str:public_id>/files/<str:file_id>/", board.file, name="board_file"),
    path("community/<str:public_id>/", community.community, name="community"),
]
