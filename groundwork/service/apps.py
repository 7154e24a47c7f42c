"""Visits, contact points, patrols and rounds of consultation."""

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    name = "groundwork.service"
    label = "service"
