"""Operations, the design system, the ways in, and the keeping of accounts."""

from groundwork.access.queries import AS_STAFF
from tests.matrix.row import ALL, EVERYBODY, GET, POST, others, row

# Keepers of the accounts of 海曙区教育局, and keepers of any accounts at all.
UNIT_KEEPERS = "city_operator district_operator unit_secretary clerk"
KEEPERS = f"{UNIT_KEEPERS} other_secretary"
# Who may give a role at 海曙区教育局: a clerk prints slips but gives nothing.
UNIT_GIVERS = "city_operator district_operator unit_secretary"
GIVERS = f"{UNIT_GIVERS} other_secretary community_secretary other_community_secretary"
SEES_GRANTS = f"{KEEPERS} auditor community_secretary other_community_secretary"
TRAIL_READERS = "city_operator district_operator auditor"

ROWS = [
    row("healthz", GET, EVERYBODY, page=False),
    row("metrics", GET, "", anonymous="404"),  # answers on this machine only: see tests/ground
    # The design system
    row("web:language", POST, EVERYBODY),
    row("web:appearance", POST, EVERYBODY),
    row("web:catalogue", GET, EVERYBODY),
    row("web:catalogue_phone", GET, EVERYBODY),
    row("web:catalogue_choices", GET, EVERYBODY, page=False),
    row("web:catalogue_queue", POST, EVERYBODY),
    row("web:declared_forms", GET, EVERYBODY),
    # Coming in
    row("access:slip", GET, EVERYBODY, reader="resident"),
    row("access:slip", POST, EVERYBODY),
    row("access:keys", GET, ALL, reader="staff"),
    row("access:demo", GET, "", anonymous="404"),  # only in the demo city
    row("access:demo_enter", POST, "", thing="account:staff", anonymous="404"),
    # One's own
    row("access:me", GET, ALL),
    row("access:act_as", GET, ALL),
    row("access:act_as", POST, ALL, values=lambda world: {"as": AS_STAFF}),
    row("access:language", POST, ALL),
    row("access:notice_settings", GET, ALL),
    row("access:notice_settings", POST, ALL),
    row("access:tokens", GET, ALL),
    row("access:tokens", POST, ALL, values=lambda world: {"name": "值班大屏"}),
    row("access:revoke_token", POST, "staff", thing="token"),
    row("access:own_data", GET, ALL),
    row("access:own_data_export", GET, ALL, arguments=lambda world: {"form": "json"}, page=False),
    row("access:correct", POST, ALL),
    row("access:notices", GET, ALL, reader="staff"),
    row("access:read_all", POST, ALL),
    row("access:notice", POST, "staff", thing="notice"),
    row("access:remark", GET, ALL),
    row("access:remark", POST, ALL),
    row("access:remarks", GET, ALL, reader="city_operator"),
    row("access:answer", GET, "city_operator", "staff", thing="remark"),
    row("access:answer", POST, "city_operator", "staff", thing="remark"),
    # Keeping others' accounts
    row("access:accounts", GET, KEEPERS, others(KEEPERS)),
    row("access:account", GET, f"{UNIT_KEEPERS} staff", thing="account:staff"),
    row("access:switch_account", POST, UNIT_KEEPERS, "staff", thing="account:staff"),
    row("access:issue_slip", POST, UNIT_KEEPERS, "staff", thing="account:staff"),
    row("access:give", GET, UNIT_GIVERS, "staff clerk", thing="account:staff"),
    row("access:give", POST, UNIT_GIVERS, "staff clerk", thing="account:staff"),
    row(
        "access:issue_slips",
        POST,
        UNIT_KEEPERS,
        others(UNIT_KEEPERS),
        values=lambda world: {"body": world["body:unit"].public_id},
    ),
    row("access:grants", GET, SEES_GRANTS, others(SEES_GRANTS)),
    row(
        "access:end_grant",
        POST,
        UNIT_GIVERS,
        "clerk auditor branch_secretary",
        thing="grant:branch_secretary",
    ),
    row(
        "access:act_for",
        GET,
        UNIT_GIVERS,
        "clerk auditor branch_secretary",
        thing="grant:branch_secretary",
    ),
    row(
        "access:act_for",
        POST,
        UNIT_GIVERS,
        "clerk auditor branch_secretary",
        thing="grant:branch_secretary",
    ),
    row("access:pick_node", GET, GIVERS, others(GIVERS), page=False),
    row("access:pick_account", GET, KEEPERS, others(KEEPERS), page=False),
    row("access:trail", GET, TRAIL_READERS, others(TRAIL_READERS)),
    # Doors of the library behind sign-in: password, passkeys, sessions, single sign-on
    row("account_login", GET, EVERYBODY, reader="resident"),
    row("account_login", POST, EVERYBODY),
    row("account_logout", GET, EVERYBODY, reader="staff"),
    row("account_logout", POST, EVERYBODY),
    row("account_inactive", GET, EVERYBODY, reader="resident"),
    row("account_reauthenticate", GET, ALL),
    row("account_change_password", GET, ALL),
    row("account_set_password", GET, ALL, page=False),
    row("mfa_index", GET, ALL),
    row("mfa_authenticate", GET, ALL, page=False),
    row("mfa_reauthenticate", GET, ALL, page=False),
    row("mfa_activate_totp", GET, ALL, page=False),
    # Nobody of the cast has a second factor: there is nothing to take away or to show.
    row("mfa_deactivate_totp", GET, ""),
    row("mfa_view_recovery_codes", GET, ""),
    row("mfa_download_recovery_codes", GET, ""),
    row("mfa_generate_recovery_codes", GET, ALL, page=False),
    row("mfa_list_webauthn", GET, ALL, page=False),
    row("mfa_add_webauthn", GET, ALL, page=False),
    row("mfa_reauthenticate_webauthn", GET, ALL, page=False),
    row("mfa_remove_webauthn", GET, ALL, arguments=lambda world: {"pk": 1}, page=False),
    row("mfa_edit_webauthn", GET, ALL, arguments=lambda world: {"pk": 1}, page=False),
    row("mfa_login_webauthn", GET, ALL, page=False),
    row("usersessions_list", GET, ALL),
    row("socialaccount_login_cancelled", GET, EVERYBODY, reader="resident"),
    row("socialaccount_login_error", GET, EVERYBODY, page=False),
    # No provider is set up here; tests of access try a real one.
    row(
        "openid_connect_login",
        GET,
        "",
        arguments=lambda world: {"provider_id": "oidc"},
        anonymous="404",
    ),
    row(
        "openid_connect_callback",
        GET,
        "",
        arguments=lambda world: {"provider_id": "oidc"},
        anonymous="404",
    ),
]
