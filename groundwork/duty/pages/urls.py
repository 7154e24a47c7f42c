"""Addresses of the area; a file per subject."""

from groundwork.duty.pages.urls_gate import urlpatterns as gate
from groundwork.duty.pages.urls_order import urlpatterns as order
from groundwork.duty.pages.urls_plan import urlpatterns as plan

app_name = "duty"
urlpatterns = [*order, *plan, *gate]
