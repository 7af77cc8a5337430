from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from audit.registry import register_operation


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give this room's operations the words that the history shows."""
        from core import health
        from people.health import check

        health.register_check("roles", _("Roles"), check)
        for name, words in {
            "organisation.create": _("added the organisation"),
            "installation.set_up": _("laid the ground of the installation"),
            "organisation.merge": _("merged the organisations"),
            "person.create": _("added the person"),
            "person.update": _("changed what is written about the person"),
            "person.move": _("moved the person to another unit"),
            "person.leave": _("wrote down the last day of employment"),
            "person.stay": _("took back the last day of employment"),
            "user.create": _("opened the account"),
            "user.deactivate": _("closed the account"),
            "role.assign": _("granted the role"),
            "role.end": _("ended the role"),
            "identity.store": _("stored the personal identity number"),
            "identity.reveal": _("was shown the personal identity number"),
            "notice.publish": _("published the information text"),
            "notice.receipt": _("took part of the information text"),
            "demo.people": _("invented people for the demo"),
            "request.account_login": _("signed in"),
            "request.account_reset_password_from_key": _("chose a new password"),
            "request.account_change_password": _("changed the password"),
        }.items():
            register_operation(name, words)
