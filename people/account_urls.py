"""Sign-in pages: allauth's views under Swedish addresses and allauth's own names.

Only what is listed here exists. There is no sign-up, no change of address and no
second way in: Wagtail's own sign-in and password pages lead here.
"""

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("logga-in/", views.login, name="account_login"),
    path("logga-ut/", views.logout, name="account_logout"),
    path("konto/stangt/", views.account_inactive, name="account_inactive"),
    path("konto/bekrafta/", views.reauthenticate, name="account_reauthenticate"),
    path("konto/losenord/", views.password_change, name="account_change_password"),
    path("konto/losenord/valj/", views.password_set, name="account_set_password"),
    path("glomt-losenord/", views.password_reset, name="account_reset_password"),
    path("glomt-losenord/skickat/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^glomt-losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "glomt-losenord/klart/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("logga-in/kod/", mfa.authenticate, name="mfa_authenticate"),
    path("konto/bekrafta/kod/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("konto/tvasteg/", mfa.index, name="mfa_index"),
    path("konto/tvasteg/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("konto/tvasteg/app/av/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("konto/tvasteg/koder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "konto/tvasteg/koder/nya/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "konto/tvasteg/koder/hamta/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
]
