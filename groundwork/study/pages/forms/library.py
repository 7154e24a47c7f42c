"""Put something into the library, add a topic, search."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from groundwork.study.actions.library import Upload
from groundwork.study.models import Material, Theme, Topic
from groundwork.study.pages.forms.evening import AUTHORITY, NONE, OWNER, UNTIL
from groundwork.study.pages.forms.programme import _HostedBase, host_field
from groundwork.study.queries import choices
from groundwork.web.declared import declare_form
from groundwork.web.forms import FilterForm
from groundwork.web.widgets import Segments


@declare_form("study.material", OWNER, AUTHORITY, UNTIL)
class MaterialForm(_HostedBase):
    """Put something to study into the library."""

    title = forms.CharField(label=_("标题"), max_length=160)
    theme = forms.ChoiceField(label=_("主题"), choices=Theme.choices, widget=Segments())
    topic = forms.ChoiceField(label=_("专题"), required=False)
    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("PDF、Word、PPT、Excel、图片、文本、MP3 或 MP4，最大 20 MB。"),
    )
    link = forms.URLField(label=_("链接"), required=False, assume_scheme="https")
    summary = forms.CharField(
        label=_("摘要"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写几句要点，以后按词就能找到。"),
    )
    host = host_field()

    def __init__(self, *args: Any, fixed_host: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = {topic.public_id: topic for topic in choices.topics()}
        offered = [(key, str(topic)) for key, topic in self.topics.items()]
        self.fields["topic"].choices = NONE + offered  # type: ignore[attr-defined]
        if fixed_host:
            del self.fields["host"]

    def values(self) -> dict[str, Any]:
        """Give what the actions take."""
        data = self.cleaned_data
        names = ("title", "theme", "link", "summary", "host")
        file = data.get("file")
        return {name: data[name] for name in names if name in data} | {
            "topic": self.topics.get(data["topic"]),
            "upload": Upload(file.name, file.read()) if file else None,
        }


def initial_of(material: Material) -> dict[str, Any]:
    """Fill the form with a material as it stands."""
    return {
        "title": material.title,
        "theme": material.theme,
        "topic": material.topic.public_id if material.topic else "",
        "link": material.link,
        "summary": material.summary,
    }


@declare_form("study.topic", OWNER, AUTHORITY, UNTIL)
class TopicForm(forms.Form):
    """Add a topic to the city's list."""

    theme = forms.ChoiceField(label=_("主题"), choices=Theme.choices, widget=Segments())
    name = forms.CharField(label=_("专题名称"), max_length=60)


class LibraryFilter(FilterForm):
    """Search the library."""

    q = forms.CharField(label=_("按词查找"), required=False, max_length=60)
    theme = forms.ChoiceField(
        label=_("主题"), required=False, choices=[("", _("全部主题")), *Theme.choices]
    )
    topic = forms.ChoiceField(label=_("专题"), required=False)

    def __init__(self, *args: Any, topics: list[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pairs = [("", _("全部专题")), *((t.public_id, t.name) for t in topics)]
        self.fields["topic"].choices = pairs  # type: ignore[attr-defined]
