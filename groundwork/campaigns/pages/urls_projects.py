"""Addresses of assistance projects."""

from django.urls import path

from groundwork.campaigns.pages.views import projects

urlpatterns = [
    path("projects/", projects.projects, name="projects"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/choices/", projects.choices_sent, name="choices_sent"),
    path("projects/<str:public_id>/", projects.project, name="project"),
    path("projects/<str:public_id>/report/", projects.project_report, name="project_report"),
    path("projects/<str:public_id>/end/", projects.project_end, name="project_end"),
    path("projects/<str:public_id>/people/", projects.posting_new, name="posting_new"),
    path(
        "projects/<str:public_id>/people/<str:posting>/back/",
        projects.posting_end,
        name="posting_end",
    ),
    path("projects/<str:public_id>/milestones/", projects.milestone_new, name="milestone_new"),
    path(
        "projects/<str:public_id>/milestones/<str:milestone>/<str:verb>/",
        projects.milestone_settle,
        name="milestone_settle",
    ),
    path("projects/<str:public_id>/notes/", projects.note_new, name="note_new"),
    path("notes/<str:public_id>/picture/", projects.note_picture, name="note_picture"),
]
