"""Sign-in forms with our own words, and the forms of the accounts' pages."""

import datetime
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from people.models import Organisation, Role

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _say(form: forms.Form, words: dict[str, tuple[Any, Any]]) -> None:
    """Give fields their label and help, and take away the placeholders."""
    for name, (label, help_text) in words.items():
        field = form.fields[name]
        field.label, field.help_text = label, help_text
        field.widget.attrs.pop("placeholder", None)


class SignInForm(account.LoginForm):
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"login": (_("E-mail address"), ""), "password": (_("Password"), "")})


class AskForResetForm(account.ResetPasswordForm):
    """The address to send a link to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"email": (_("E-mail address"), "")})


class ResetForm(account.ResetPasswordKeyForm):
    """A new password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password1": NEW_PASSWORD, "password2": (_("The new password again"), "")})


class SetPasswordForm(account.SetPasswordForm):
    """A first password, twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password1": NEW_PASSWORD, "password2": (_("The new password again"), "")})


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password, and a new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(
            self,
            {
                "oldpassword": (_("Your password now"), ""),
                "password1": NEW_PASSWORD,
                "password2": (_("The new password again"), ""),
            },
        )


class ConfirmForm(account.ReauthenticateForm):
    """The password once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"password": (_("Password"), "")})


class CodeForm(mfa.AuthenticateForm):
    """The code of the second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": CODE})


class ConfirmCodeForm(mfa.ReauthenticateForm):
    """The code once more, before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": CODE})


class ActivateForm(totp.ActivateTOTPForm):
    """The first code from the app, which shows that it has been set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, {"code": (_("Code"), _("The six digits that the app shows now."))})


NEW_PASSWORD = (
    _("New password"),
    _(
        "At least 12 characters. Three or four words that do not belong together are easy to remember."
    ),
)
CODE = (_("Code"), _("Six digits from your app, or one of your spare codes."))


class NewAccountForm(forms.Form):
    """Who gets an account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)


class GrantForm(forms.Form):
    """Which role, where, and for how long."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.all())
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("The role counts here and in everything below."),
    )
    valid_from = DayField(label=_("From"), widget=DAY)
    valid_to = DayField(label=_("To and including"), required=False, widget=DAY)
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Kept in the history."))

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["organisation"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Organisation.objects.valid_on(today).order_by("name")
        self.fields["valid_from"].initial = today


class ReasonForm(forms.Form):
    """Why something is ended."""

    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("Kept in the history."))
