"""Every write of the area, by subject."""

from groundwork.access.actions.accounts import (
    close_account,
    open_accounts,
    reopen_account,
    set_locale,
    sign_in_demo,
)
from groundwork.access.actions.grants import act_as, appoint_acting, end_grant, grant_role
from groundwork.access.actions.notices import (
    Message,
    choose_notices,
    mark_all_read,
    mark_read,
    notify,
    notify_many,
)
from groundwork.access.actions.personal import (
    answer_remark,
    issue_feed_key,
    record_own_export,
    request_correction,
    revoke_feed_key,
    send_remark,
)
from groundwork.access.actions.slips import IssuedSlip, issue_slip, issue_slips, use_slip
from groundwork.access.actions.tokens import issue_token, note_use, revoke_token

__all__ = [
    "IssuedSlip",
    "Message",
    "act_as",
    "answer_remark",
    "appoint_acting",
    "choose_notices",
    "close_account",
    "end_grant",
    "grant_role",
    "issue_feed_key",
    "issue_slip",
    "issue_slips",
    "issue_token",
    "mark_all_read",
    "mark_read",
    "note_use",
    "notify",
    "notify_many",
    "open_accounts",
    "record_own_export",
    "reopen_account",
    "request_correction",
    "revoke_feed_key",
    "revoke_token",
    "send_remark",
    "set_locale",
    "sign_in_demo",
    "use_slip",
]
