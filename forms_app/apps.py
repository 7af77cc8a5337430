from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FormsConfig(AppConfig):
    name = "forms_app"
    verbose_name = _("Forms")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Decide what the audit keeps of this room, and how its operations read."""
        from audit import registry
        from core import exchange, health
        from forms_app import exchange as forms
        from forms_app import prefill
        from forms_app.fetching import OWN_SOURCES
        from forms_app.health import check

        exchange.register(forms.as_kind())
        health.register_check("forms", _("Forms"), check)
        for source in OWN_SOURCES:
            prefill.register(source)

        registry.exempt(
            "forms_app.draft",
            "unfinished answers that nobody has handed in; what is handed in is a submission",
        )
        for name, words in {
            "form.publish": _("published a form"),
            "form.setup": _("set up a form"),
            "form.sample.save": _("kept a sample of a form"),
            "form.sample.remove": _("removed a sample of a form"),
            "form.submit": _("handed in a form"),
            "form.file.add": _("added a file"),
            "form.file.remove": _("removed a file"),
            "form.restore": _("took back an older version of a form"),
            "form.import": _("took in a form from a file"),
            "form.opening": _("changed when a form is open"),
            "form.retention.erase": _("erased answers that were due"),
            "form.draft.purge": _("deleted an abandoned draft"),
            "form.printout": _("printed an answer"),
        }.items():
            registry.register_operation(name, words)
