"""The address of the procurements as open data."""

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from programme.procurement.ocds import package


@require_safe
def open_data(request: HttpRequest) -> JsonResponse:
    """Every announced procurement, in the shape of the Open Contracting Data Standard."""
    response = JsonResponse(package(request.build_absolute_uri()))
    response["Cache-Control"] = "public, no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    return response


app_name = "procurement_data"
urlpatterns: list[URLPattern] = [path("upphandlingar.json", open_data, name="json")]
