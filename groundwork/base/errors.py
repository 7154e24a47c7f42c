"""What can go wrong, as classes with a code; their text is translated where it meets a reader.

No Django here: rules raise these. `text` is the Chinese sentence and at the same time the msgid.
"""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark a text for translation without translating it."""
    return text


class GroundworkError(Exception):
    """Say what went wrong, with a stable code and named values for the sentence.

    `text` is a template in the main language; `params` fill its `%(name)s` places.
    """

    code = "error"
    status = 400
    text = N_("出错了，请重试。")

    def __init__(self, text: str | None = None, /, **params: object) -> None:
        self.text = text or type(self).text
        self.params = params
        super().__init__(self.code)

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


class RuleBroken(GroundworkError):
    """Refuse an act that a rule forbids; the reader can mend it."""

    code = "rule"
    status = 422


class NotFound(GroundworkError):
    """Say that nothing of that name is in the reader's scope."""

    code = "not_found"
    status = 404
    text = N_("没有找到，或者不在您的范围内。")


class Forbidden(GroundworkError):
    """Refuse an act on a thing the reader may see."""

    code = "forbidden"
    status = 403
    text = N_("以您现在的身份不能这样做。")


class Conflict(GroundworkError):
    """Tell the second of two people that the first was quicker."""

    code = "conflict"
    status = 409
    text = N_("别人刚刚改过，请看最新内容再决定。")
