"""Addresses of Open311 GeoReport v2."""

from django.urls import path

from groundwork.matters.api import open311

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", open311.discovery, name="discovery"),
    path("services.<str:form>", open311.services, name="services"),
    path("services/<str:code>.<str:form>", open311.service, name="service"),
    path("requests.<str:form>", open311.requests, name="requests"),
    path("requests/<str:public_id>.<str:form>", open311.request_, name="request"),
    path("tokens/<str:secret>.<str:form>", open311.token, name="token"),
    path("servicerequestupdates.<str:form>", open311.updates, name="updates"),
]
