"""Addresses of the doors: portal, enterprise, on behalf, phone."""

from django.urls import path

from groundwork.matters.pages.views import portal, raise_for

urlpatterns = [
    path("", portal.portal, name="portal"),
    path("raise/", portal.raise_here, name="raise"),
    path("raise/photo/<str:token>/", portal.portal_photo, name="portal_photo"),
    path("raise/places/", portal.portal_places, name="portal_places"),
    path("raise/units/", portal.portal_units, name="portal_units"),
    path("raise/enterprise/", portal.raise_enterprise, name="raise_enterprise"),
    path("raise/for/", portal.raise_for, name="raise_for"),
    path("raise/phone/", raise_for.phone, name="phone"),
    path("raise/phone/earlier/", raise_for.phone_earlier, name="phone_earlier"),
    path("raise/phone/near/", raise_for.phone_near, name="phone_near"),
    path("receipt/<str:secret>/", portal.receipt, name="receipt"),
]
