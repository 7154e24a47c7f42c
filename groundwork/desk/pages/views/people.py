"""People: the list, the card, every act on one person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from groundwork.base import clock
from groundwork.base.errors import Forbidden
from groundwork.base.http import Request
from groundwork.desk.pages.forms import registry as forms
from groundwork.desk.pages.views.forming import choices_page, form_page
from groundwork.registry import actions, policy, queries
from groundwork.registry.actions import NewPerson
from groundwork.registry.models import Membership, Person
from groundwork.web.downloads import sheet_file

form_methods = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def people(request: Request) -> HttpResponse:
    """List people one may look up, with search and filters."""
    by = request.actor
    if not policy.may_look_up_people(by):
        return render(
            request, "desk/people_forbidden.html", {"own": queries.own_public_id(by)}, status=403
        )
    form = forms.PeopleFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = queries.people_page(
        by,
        q=wanted.get("q", ""),
        unit=wanted.get("unit", ""),
        status=wanted.get("status", ""),
        cursor=request.GET.get("after", ""),
    )
    context = {
        "page": page,
        "filter": wanted,
        "statuses": Person.Status.choices,
        "may_add": policy.may_add_people(by),
        "may_import": policy.may_import(by, "people"),
    }
    return render(request, "desk/people.html", context)


@login_required
@require_POST
def people_export(request: Request) -> HttpResponse:
    """Send the filtered list as a sheet; the trail keeps that it left."""
    content = actions.export_people_list(
        q=request.POST.get("q", ""), unit=request.POST.get("unit", ""), by=request.actor
    )
    return sheet_file(content, "people")


@login_required
@require_safe
def person(request: Request, public_id: str) -> HttpResponse:
    """Show the person card."""
    card = queries.person_card(request.actor, public_id)
    context = {
        "card": card,
        "may_list": policy.may_look_up_people(request.actor),
        "kinds": dict(Membership.Kind.choices),
        "statuses": dict(Person.Status.choices),
        "namesakes": queries.namesakes(request.actor, card.person) if card.may_edit else [],
    }
    return render(request, "desk/person.html", context)


@login_required
@require_POST
def person_phone(request: Request, public_id: str) -> HttpResponse:
    """Reveal the phone number once; the trail keeps who looked."""
    subject = policy.person_for(request.actor, public_id, "reveal_phone")
    phone = actions.reveal_phone(subject, by=request.actor)
    if request.htmx:
        return render(request, "desk/person_phone.html", {"phone": phone})
    messages.info(request, _("%(name)s的电话：%(phone)s") % {"name": subject.name, "phone": phone})
    return redirect("desk:person", public_id)


@login_required
@form_methods
def person_add(request: Request) -> HttpResponse:
    """Add one person."""
    by = request.actor
    if not policy.may_add_people(by):
        raise Forbidden
    unit = request.GET.get("unit", "")
    form = forms.PersonForm(request.POST or None, by=by, initial={"unit": unit} if unit else None)

    def act(said: dict[str, Any]) -> str:
        body = policy.body_for(by, said["unit"], "add_person")
        home = said["home"] and policy.place_for(by, said["home"], "view")
        row = NewPerson(
            name=said["name"],
            work_number=said["work_number"],
            unit_id=body.pk,
            office_id=_body_pk(request, said["office"]),
            branch_id=_body_pk(request, said["branch"]),
            home_community_id=home.pk if home else None,
            status=said["status"],
            party_member=said["party_member"],
            phone=said["phone"],
            since=said["since"],
        )
        return _card(actions.add_person(row, by=by))

    return form_page(
        request,
        form,
        act,
        title=_("新增人员"),
        done=_("已新增。"),
        back=reverse("desk:people"),
        verb=_("新增"),
        crumbs=(_("人员"), reverse("desk:people"), _("新增人员")),
    )


def _body_pk(request: Request, public_id: str | None) -> int | None:
    return policy.body_for(request.actor, public_id, "view").pk if public_id else None


def _card(subject: Person) -> str:
    return reverse("desk:person", args=[subject.public_id])


def _way(subject: Person, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "back": _card(subject),
        "crumbs": (_("人员"), reverse("desk:people"), subject.name, _card(subject), title),
    }


@login_required
@form_methods
def person_edit(request: Request, public_id: str) -> HttpResponse:
    """Mend an entry."""
    by = request.actor
    subject = policy.person_for(by, public_id, "edit")
    initial = {
        "name": subject.name,
        "sort_key": subject.sort_key,
        "party_member": subject.party_member,
    }
    form = forms.PersonEditForm(request.POST or None, initial=initial)

    def act(said: dict[str, Any]) -> str:
        phone = said["phone"] or None
        actions.edit_person(
            subject,
            name=said["name"],
            sort_key=said["sort_key"] if said["sort_key"] != subject.sort_key else None,
            party_member=said["party_member"],
            phone="" if phone == "无" else phone,
            by=by,
        )
        return _card(subject)

    return form_page(
        request, form, act, done=_("已保存。"), verb=_("保存"), **_way(subject, _("修改资料"))
    )


@login_required
@form_methods
def person_move(request: Request, public_id: str) -> HttpResponse:
    """Move a person."""
    by = request.actor
    subject = policy.person_for(by, public_id, "move")
    initial = {
        "unit": subject.unit.public_id,
        "office": subject.office.public_id if subject.office else "",
        "branch": subject.branch.public_id if subject.branch else "",
        "since": clock.today(),
    }
    form = forms.MoveForm(request.POST or None, by=by, initial=initial)

    def act(said: dict[str, Any]) -> str:
        office, branch = (
            policy.body_for(by, said[name], "view") if said[name] else None
            for name in ("office", "branch")
        )
        actions.move_person(
            subject,
            unit=policy.body_for(by, said["unit"], "add_person"),
            office=office,
            branch=branch,
            since=said["since"],
            by=by,
        )
        return _card(subject)

    return form_page(
        request, form, act, done=_("已调整。"), verb=_("调整"), **_way(subject, _("调整单位"))
    )


@login_required
@form_methods
def person_home(request: Request, public_id: str) -> HttpResponse:
    """Say where a person lives."""
    by = request.actor
    subject = policy.person_for(by, public_id, "edit")
    home = subject.home_community
    initial = {"home": home.public_id if home else "", "since": clock.today()}
    form = forms.HomeForm(request.POST or None, by=by, initial=initial)

    def act(said: dict[str, Any]) -> str:
        place = policy.place_for(by, said["home"], "view") if said["home"] else None
        actions.set_home_community(subject, place=place, since=said["since"], by=by)
        return _card(subject)

    return form_page(
        request, form, act, done=_("已保存。"), verb=_("保存"), **_way(subject, _("登记居住社区"))
    )


@login_required
@form_methods
def person_status(request: Request, public_id: str) -> HttpResponse:
    """Second, return, retire, let go."""
    by = request.actor
    subject = policy.person_for(by, public_id, "edit")
    form = forms.StatusForm(request.POST or None, initial={"since": clock.today()})
    acts = {
        "second": actions.second_person,
        "return": actions.return_person,
        "retire": actions.retire_person,
        "leave": actions.leave_person,
    }

    def act(said: dict[str, Any]) -> str:
        acts[said["act"]](subject, since=said["since"], by=by)
        return _card(subject)

    return form_page(
        request,
        form,
        act,
        done=_("已登记。"),
        verb=_("登记"),
        note=_("退休和调出会结束这个人的授权。有未办完的事，请先交接。"),
        **_way(subject, _("身份变动")),
    )


@login_required
@form_methods
def person_hand_over(request: Request, public_id: str) -> HttpResponse:
    """Hand everything open to a successor."""
    by = request.actor
    subject = policy.person_for(by, public_id, "hand_over")
    form = forms.HandOverForm(request.POST or None, by=by)

    def act(said: dict[str, Any]) -> str:
        successor = policy.person_for(by, said["successor"], "hand_over")
        actions.hand_over(subject, successor=successor, by=by)
        return _card(successor)

    return form_page(
        request,
        form,
        act,
        done=_("已全部交接。"),
        verb=_("全部交接"),
        note=_("这个人的授权和没有办完的事，一次全部转给接手的人；办完的留在原处。"),
        danger=True,
        **_way(subject, _("交接")),
    )


@login_required
@form_methods
def person_merge(request: Request, public_id: str) -> HttpResponse:
    """Merge a duplicate into another entry."""
    by = request.actor
    subject = policy.person_for(by, public_id, "merge")
    initial = {"into": request.GET.get("into", "")}
    form = forms.MergeForm(request.POST or None, by=by, initial=initial)

    def act(said: dict[str, Any]) -> str:
        into = policy.person_for(by, said["into"], "merge")
        return _card(actions.merge_people(subject, into=into, by=by))

    note = _("%(name)s（工号 %(number)s）会作为重复记录并入所选的记录，历史保留，不能撤回。") % {
        "name": subject.name,
        "number": subject.work_number,
    }
    return form_page(
        request,
        form,
        act,
        done=_("已合并。"),
        verb=_("合并"),
        note=note,
        danger=True,
        **_way(subject, _("合并重复记录")),
    )


@login_required
@require_safe
def choices_people(request: Request) -> HttpResponse:
    """Answer a field that looks for people."""
    return choices_page(request, queries.find_people(request.actor, request.GET.get("q", "")))
