"""What figures lay on the pages of others: a unit's card opens onto its figures."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from groundwork.base.actor import Actor
from groundwork.figures import policy
from groundwork.registry.models import Body
from groundwork.web.panels import Panel, panel


@panel("body")
def figures_of_a_body(body: Body, by: Actor, at: datetime) -> Panel | None:
    """Lead to a unit's figures, for who may read them."""
    if not policy.reads_bodies(by) or not policy.visible_bodies(by).filter(pk=body.pk).exists():
        return None
    query = urlencode({"body": body.public_id})
    return Panel("figures/panel.html", f"{reverse('figures:figures')}?{query}")


@panel("forms")
def figures_of_the_forms(about: None, by: Actor, at: datetime) -> Panel:
    """Let the total of the forms open onto what it is made of."""
    return Panel("figures/forms_panel.html", reverse("figures:figure", args=["forms.minutes"]))
