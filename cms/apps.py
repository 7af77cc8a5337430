from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give this room's operations their words, decide about its tables, join the inbox."""
        from wagtail.models import Page

        from audit.registry import events_only, exempt, register_operation
        from cms import feeds, findable, gone, lecture_faces
        from cms.contact.message_kinds import AREA, RECEIVED
        from cms.documents import kept, meetings
        from cms.documents.operations import OPERATIONS as DOCUMENTS
        from cms.inbox import ToPublish
        from cms.pagecache import signals
        from people.backends import opens
        from people.models import Capability
        from programme.governance.papers import register_keeper
        from workflows import sources
        from workflows.mailing import kinds

        kinds.register(RECEIVED)
        kinds.register_area(*AREA)
        for model in self.get_models():
            if issubclass(model, Page):
                exempt(model._meta.label, "pages keep their revisions; the editor's log is watched")
        for label in ("cms.AnotherReadsTask", "cms.AnotherReadsTask_groups"):
            events_only(label, "the content workflow, which pages run on")
        lecture_faces.plug_in()
        register_operation("cms.load", _("put up the public pages"))
        register_operation("contact.receive", _("took in a message from the contact page"))
        register_operation("contact.answer", _("marked a message as answered"))
        register_operation("contact.erase", _("erased messages whose time is over"))
        for name, words in DOCUMENTS.items():
            register_operation(name, words)
        sources.register(ToPublish())
        opens(Capability.MANAGE_CONTENT, {"simple_translation.submit_translation"})
        signals.connect()
        kept.connect()
        register_keeper("documents", meetings.papers_of)
        findable.connect()
        gone.connect()
        feeds.register_feed("documents:feed", _("Documents from Kompetensportalen"))
