"""The documents' part of the editor: addresses, menu, and doors of Wagtail's that are shut."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.permissions import permission_policy

from cms.documents import desk, keeping_desk
from cms.models.document import RegisteredDocument
from people.access import held_by
from people.models import Capability, User

ONE_AT_A_TIME = _(
    "Nothing was put there. Put up one file at a time, so that each says what it is and what"
    " procurement it belongs to. Tenders are registered on the procurement's page, where they are"
    " sealed."
)


def addresses() -> list[URLPattern]:
    """The gate's pages; and one door for new files, where each is told what it is."""
    return [
        path("handlingar/", desk.waiting, name="document_desk"),
        path("handlingar/gallring/", keeping_desk.overview, name="document_keeping_all"),
        path("handlingar/<int:pk>/gallring/", keeping_desk.one, name="document_keeping"),
        path("handlingar/<int:pk>/", desk.gate, name="document_gate"),
        path("handlingar/<int:pk>/version/<int:number>/", desk.file, name="document_file"),
        path("handlingar/publicering/<int:pk>/", desk.decide, name="document_decide"),
        path(
            "handlingar/publicering/<int:pk>/dra-tillbaka/", desk.withdraw, name="document_withdraw"
        ),
        # Several files at once say nothing of themselves and pass by what the form asks.
        re_path(r"^documents/multiple/.*$", one_at_a_time, name="document_one_at_a_time"),
    ]


def one_at_a_time(request: HttpRequest) -> HttpResponse:
    """Wagtail's button for several files leads to the form for one; files dropped there are refused.

    Such a file says nothing of itself: a tender would lie unpublished before all who publish.
    """
    answer: HttpResponse
    if request.method == "GET":
        answer = redirect("wagtaildocs:add")
    else:
        # In the shape that Wagtail's page for several files shows.
        answer = JsonResponse({"success": False, "error_message": str(ONE_AT_A_TIME)}, status=422)
    return answer


class DeskItem(MenuItem):
    """«Publish documents» in the editor's menu."""

    def is_shown(self, request: HttpRequest) -> bool:
        """To those who publish."""
        return held_by(cast(User, request.user)).can(Capability.MANAGE_CONTENT)


def menu_item() -> DeskItem:
    """Beside Wagtail's own list of documents."""
    return DeskItem(
        _("Publish documents"),
        reverse("document_desk"),
        name="publish-documents",
        icon_name="check",
        order=410,
    )


class PermittedDocumentsViewSet(DocumentsAdminAPIViewSet):
    """The editor's own interface, for those who may choose documents and no one else."""

    def get_queryset(self) -> Any:
        """Documents that the account works with."""
        mine = permission_policy.instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "delete", "choose"}
        )
        return super().get_queryset().filter(pk__in=mine.values("pk"))


def restrict_api(router: Any) -> None:
    """In the place of Wagtail's, which shows titles to everyone in the editor."""
    router.register_endpoint("documents", PermittedDocumentsViewSet)


def serve_here(document: RegisteredDocument, request: HttpRequest) -> HttpResponse:
    """Wagtail's address of a file leads to ours, or nowhere."""
    if not RegisteredDocument.objects.public().filter(pk=document.pk).exists():
        raise Http404
    answer: HttpResponse = redirect("documents:newest", document=document.public_id)
    return answer


def register() -> None:
    """Tell Wagtail; what stands in the way of Wagtail's own comes first or last as it must."""
    hooks.register("register_admin_urls", addresses, order=-1000)
    hooks.register("register_admin_menu_item", menu_item)
    hooks.register("construct_admin_api", restrict_api, order=1000)
    hooks.register("before_serve_document", serve_here, order=-1000)
