"""Every address of the workspace. Pages bring their own; sign-in is the library's, under our declaration."""

from __future__ import annotations

from allauth.account.views import login, logout
from allauth.mfa.base.views import authenticate
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from allauth.mfa.webauthn.views import add_webauthn, edit_webauthn, remove_webauthn
from django.urls import URLPattern, URLResolver, path

from forestall.access import oidc
from forestall.access.declared import open_page, page
from forestall.workspace.pages import addresses

own_factors = page(own_factors=True, outside=True)
handler500 = "forestall.workspace.failing.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    *addresses(),
    path("sign-in/", open_page(login), name="account_login"),
    path("sign-out/", open_page(logout), name="account_logout"),
    path("sign-in/code/", open_page(authenticate), name="mfa_authenticate"),
    path("sign-in/office/", open_page(oidc.begin), {"provider_id": oidc.OFFICE}, name="openid_connect_login"),
    path("sign-in/office/back/", open_page(oidc.come_back), {"provider_id": oidc.OFFICE}, name="openid_connect_callback"),
    path("account/codes/", own_factors(activate_totp), name="mfa_activate_totp"),
    path("account/codes/end/", own_factors(deactivate_totp), name="mfa_deactivate_totp"),
    path("account/keys/new/", own_factors(add_webauthn), name="mfa_add_webauthn"),
    path("account/keys/<int:pk>/", own_factors(edit_webauthn), name="mfa_edit_webauthn"),
    path("account/keys/<int:pk>/remove/", own_factors(remove_webauthn), name="mfa_remove_webauthn"),
    path("account/recovery/", own_factors(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery/new/", own_factors(generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
