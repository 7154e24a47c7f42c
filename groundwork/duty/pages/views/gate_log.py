"""The log of a gate for its community: counts in the open, names only with a reason."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groundwork.base import clock
from groundwork.base.errors import GroundworkError
from groundwork.base.http import Request
from groundwork.duty.actions.entries import reveal_entries
from groundwork.duty.pages.forms.gate import RevealForm
from groundwork.duty.policy.gates import gate_for
from groundwork.duty.queries import at_gate
from groundwork.web.errors import say


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def log(request: Request, public_id: str) -> HttpResponse:
    """Show what a gate counted, who had names opened and why; open them on POST."""
    gate, at = gate_for(request.actor, public_id, "edit"), clock.now()
    form, opened, status = RevealForm(request.POST or None), None, 200
    if request.method == "POST":
        if form.is_valid():
            said = form.cleaned_data
            try:
                opened = reveal_entries(
                    public_id, said["from_at"], said["to_at"], said["reason"], by=request.actor
                )
            except GroundworkError as error:
                form.add_error(None, say(error))
        status = 422 if form.errors else 200
    context = {
        "gate": gate,
        "form": form,
        "opened": opened,
        "days": at_gate.days_counted(gate, at),
        "reveals": at_gate.reveals_of(gate),
    }
    return render(request, "duty/log.html", context, status=status)
