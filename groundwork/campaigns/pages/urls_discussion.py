"""Addresses of discussions in three phases, and of the rectification ledger."""

from django.urls import path

from groundwork.campaigns.pages.views import discussion, discussion_desk, rectify, talking

OF = "discussions/<str:public_id>/"
WORD = "words/<str:public_id>/"
urlpatterns = [
    path("discussions/", discussion.discussions, name="discussions"),
    path("discussions/new/", discussion_desk.discussion_new, name="discussion_new"),
    path(OF, discussion.discussion, name="discussion"),
    path(f"{OF}edit/", discussion_desk.discussion_edit, name="discussion_edit"),
    path(f"{OF}copy/", discussion_desk.discussion_copy, name="discussion_copy"),
    path(f"{OF}move/<str:verb>/", discussion_desk.discussion_move, name="discussion_move"),
    path(f"{OF}phases/<str:kind>/", discussion_desk.phase_edit, name="phase_edit"),
    path(f"{OF}tasks/", discussion_desk.task_new, name="task_new"),
    path(f"{OF}tasks/<str:task>/", discussion.task, name="task"),
    path(f"{OF}tasks/<str:task>/drop/", discussion_desk.task_drop, name="task_drop"),
    path(f"{OF}tasks/<str:task>/report/", talking.task_report, name="task_report"),
    path(f"{OF}questions/", discussion_desk.question_new, name="question_new"),
    path(f"{OF}questions/<str:question>/", discussion.question, name="question"),
    path(
        f"{OF}questions/<str:question>/drop/", discussion_desk.question_drop, name="question_drop"
    ),
    path(f"{OF}gatherings/", discussion_desk.gathering_new, name="gathering_new"),
    path(
        f"{OF}gatherings/<str:gathering>/drop/",
        discussion_desk.gathering_drop,
        name="gathering_drop",
    ),
    path(f"{OF}say/<str:kind>/", talking.word_new, name="word_new"),
    path(f"{OF}words/<str:kind>/", discussion.words, name="words"),
    path(f"{OF}findings/", rectify.ledger, name="findings"),
    path(f"{OF}findings/new/", rectify.finding_new, name="finding_new"),
    path(WORD, talking.word, name="word"),
    path(f"{WORD}recording/", talking.word_recording, name="word_recording"),
    path(f"{WORD}rewrite/", talking.word_rewrite, name="word_rewrite"),
    path(f"{WORD}withdraw/", talking.word_withdraw, name="word_withdraw"),
    path(f"{WORD}show/", talking.word_show, name="word_show"),
    path(f"{WORD}refuse/", talking.word_refuse, name="word_refuse"),
    path(f"{WORD}take-up/", talking.word_take_up, name="word_take_up"),
    path(f"{WORD}adopt/", talking.word_adopt, name="word_adopt"),
    path("findings/<str:public_id>/", rectify.finding, name="finding"),
    path("findings/<str:public_id>/fix/", rectify.finding_fix, name="finding_fix"),
    path("findings/<str:public_id>/check/", rectify.finding_check, name="finding_check"),
]
