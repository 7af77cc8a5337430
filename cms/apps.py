from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give this room's operations their words, and decide about its tables."""
        from audit.registry import exempt, register_operation

        for model in self.get_models():
            exempt(model._meta.label, "pages keep their revisions; the editor's log is watched")
        from cms import lecture_faces

        lecture_faces.plug_in()
        register_operation("cms.load", _("put up the public pages"))
