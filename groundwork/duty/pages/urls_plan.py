"""Addresses of the plan and the people on it."""

from django.urls import path

from groundwork.duty.pages.views import answers, board, plan, shift, swaps, tonight

urlpatterns = [
    # The planner's.
    path("orders/<str:public_id>/plan/", plan.runs, name="runs"),
    path("orders/<str:public_id>/replan/", plan.replan, name="replan"),
    path("runs/<str:public_id>/", plan.run, name="run"),
    path("runs/<str:public_id>/stop/", plan.stop, name="run_stop"),
    path("runs/<str:public_id>/publish/", plan.publish, name="run_publish"),
    path("runs/<str:public_id>/drop/", plan.drop, name="run_drop"),
    # The order's board and its lists.
    path("orders/<str:public_id>/board/", board.board, name="board"),
    path("orders/<str:public_id>/shifts/", board.shifts, name="shifts"),
    path("shifts/<str:public_id>/", shift.shift, name="shift"),
    path("shifts/<str:public_id>/sign-up/", shift.sign_up, name="sign_up"),
    path("shifts/<str:public_id>/why/", shift.why, name="why"),
    path("shifts/<str:public_id>/assign/", shift.assign, name="assign"),
    path("places/<str:public_id>/tonight/", tonight.tonight, name="tonight"),
    # The person's own.
    path("my/", answers.mine, name="mine"),
    path("my/open/", answers.open_shifts, name="open"),
    path("my/swaps/", swaps.swaps, name="swaps"),
    path("posts/<str:public_id>/", answers.post, name="post"),
    path("posts/<str:public_id>/confirm/", answers.confirm, name="confirm"),
    path("posts/<str:public_id>/decline/", answers.decline, name="decline"),
    path("posts/<str:public_id>/cannot/", shift.cannot, name="cannot"),
    path("posts/<str:public_id>/why/", answers.post_why, name="post_why"),
    path("posts/<str:public_id>/swap/", swaps.offer, name="swap_offer"),
    path("swaps/<str:public_id>/take/", swaps.take, name="swap_take"),
    path("swaps/<str:public_id>/withdraw/", swaps.withdraw, name="swap_withdraw"),
]
