"""Every address of the workspace. Pages bring their own; sign-in is the library's, under our declaration."""

from __future__ import annotations

from allauth.account.views import login, logout, reauthenticate
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_with_code
from allauth.mfa.recovery_codes.views import generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from django.urls import URLPattern, URLResolver, path

from forestall.access.declared import open_page, page
from forestall.workspace.pages import addresses

signed_in = page()

urlpatterns: list[URLPattern | URLResolver] = [
    *addresses(),
    path("sign-in/", open_page(login), name="account_login"),
    path("sign-out/", open_page(logout), name="account_logout"),
    path("sign-in/code/", open_page(authenticate), name="mfa_authenticate"),
    path("sign-in/again/", signed_in(reauthenticate), name="account_reauthenticate"),
    path("sign-in/again/code/", signed_in(reauthenticate_with_code), name="mfa_reauthenticate"),
    path("account/codes/", signed_in(activate_totp), name="mfa_activate_totp"),
    path("account/codes/end/", signed_in(deactivate_totp), name="mfa_deactivate_totp"),
    path("account/recovery/", signed_in(view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/recovery/new/", signed_in(generate_recovery_codes), name="mfa_generate_recovery_codes"),
]

