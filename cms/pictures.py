"""Handing out pictures: everyone's in public collections, the private ones to those who may see them.

A folder that the web server hands out by itself asks nobody, so no web server reads it: every
picture goes through here, the small copies and the files they were made of alike.
"""

import hashlib
import mimetypes
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.models import Image, Rendition
from wagtail.images.permissions import permission_policy
from wagtail.models import CollectionViewRestriction

from cms.pagecache.generation import until_changed

# Nothing in a picture's file runs as a page of ours.
SANDBOX = "default-src 'none'; sandbox"
# What Wagtail takes in and makes; a file of another kind is none of its pictures.
KINDS = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
WORK = {"add", "change", "delete", "choose"}


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture's file; what the visitor may not see is not there, whatever is asked of it."""
    found = _named(name)
    kind = mimetypes.guess_type(name)[0] or ""
    if found is None or kind not in KINDS:
        raise Http404
    image, storage = found
    # Asked of the database itself: what was kept a moment ago does not open a door.
    public = not _restrictions_on(image, _paths())
    if not (public or may_see(request, image)):
        raise Http404
    tag = quote_etag(hashlib.sha256(name.encode()).hexdigest()[:32])
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    response: HttpResponseBase
    if public and (tag in asked or "*" in asked):
        response = HttpResponseNotModified()
    else:
        try:
            response = FileResponse(storage.open(name, "rb"), content_type=kind)
        except FileNotFoundError as error:
            raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    if public:
        # A new file has a new name. Asked about each time: a collection may become private.
        response["ETag"] = tag
        patch_cache_control(response, no_cache=True, public=True)
    else:
        patch_cache_control(response, no_store=True, private=True)
        patch_vary_headers(response, ["Cookie"])
    return response


def is_public(image: Image) -> bool:
    """Whether the picture lies in no private collection, nor in one inside a private one.

    For pages, which are made anew when that changes.
    """
    return not _restrictions_on(image, _private_paths(""))


def may_see(request: HttpRequest, image: Image) -> bool:
    """Whoever works with the collection's pictures, or passes everything that shuts it."""
    user = request.user
    if permission_policy.user_has_any_permission_for_instance(user, WORK, image):
        return True
    restrictions = CollectionViewRestriction.objects.select_related("collection").filter(
        pk__in=_restrictions_on(image, _paths())
    )
    return all(one.accept_request(request) for one in restrictions)


def _named(name: str) -> tuple[Image, Storage] | None:
    """The picture that the file shows, and where its file lies."""
    copy = Rendition.objects.filter(file=name).select_related("image__collection").first()
    if copy is not None:
        return copy.image, copy.file.storage
    image = Image.objects.filter(file=name).select_related("collection").first()
    return (image, default_storage) if image is not None else None


def _restrictions_on(image: Image, paths: tuple[tuple[int, str], ...]) -> list[int]:
    if not paths:
        return []
    inside = str(image.collection.path)
    return [pk for pk, path in paths if inside.startswith(path)]


def _paths() -> tuple[tuple[int, str], ...]:
    return tuple(CollectionViewRestriction.objects.values_list("pk", "collection__path"))


@until_changed
def _private_paths(_all: str) -> tuple[tuple[int, str], ...]:
    return _paths()


class PermittedImagesViewSet(ImagesAdminAPIViewSet):
    """The editor's own interface, for those who work with pictures and no one else."""

    def get_queryset(self) -> Any:
        """Pictures that the account works with."""
        mine = permission_policy.instances_user_has_any_permission_for(self.request.user, WORK)
        return super().get_queryset().filter(pk__in=mine.values("pk"))


def restrict_api(router: Any) -> None:
    """In the place of Wagtail's, which shows every picture to everyone in the editor."""
    router.register_endpoint("images", PermittedImagesViewSet)


def register() -> None:
    """Tell Wagtail; after its own."""
    hooks.register("construct_admin_api", restrict_api, order=1000)
