"""Addresses of the hall."""

from django.urls import path

from groundwork.study.pages.views import hall, hall_desk, hall_figures

HALL = "evenings/<str:evening>/hall/"
urlpatterns = [
    path(HALL, hall.hall, name="hall"),
    path(f"{HALL}me/", hall.part, name="hall_part"),
    path(f"{HALL}ask/", hall.ask, name="hall_ask"),
    path(f"{HALL}questions/", hall.questions, name="hall_questions"),
    path(f"{HALL}quiz/", hall.quiz, name="hall_quiz"),
    path(f"{HALL}desk/", hall_desk.moderate, name="hall_moderate"),
    path(f"{HALL}desk/<str:question>/", hall_desk.move, name="hall_move"),
    path(f"{HALL}speaker/", hall_desk.speaker, name="hall_speaker"),
    path(f"{HALL}figures/", hall_figures.figures, name="hall_figures"),
    path(f"{HALL}figures/outside/", hall_figures.outside, name="hall_outside"),
    path(f"{HALL}screen/", hall_desk.screen, name="hall_screen"),
    path(f"{HALL}screen/now.json", hall_desk.now_json, name="hall_now"),
]
