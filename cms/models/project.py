"""Pages about the project: what the regulation asks a beneficiary to tell on its web site."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageManager

from cms.figures import facts, goals, progress
from cms.models.base import TowardsGoals
from cms.models.standard import BodyPage
from programme.queries import current_programme


class ProjectPage(BodyPage, TowardsGoals):
    """Aims, results and EU support (2021/1060 article 50), with the listing's own fields (R-009)."""

    content_panels = [*BodyPage.content_panels, TowardsGoals.goals_panel]
    search_fields = [*BodyPage.search_fields, TowardsGoals.goals_search]
    template = "cms/project.html"
    max_count_per_parent = 1

    objects = PageManager()  # type: ignore[django-manager-missing]

    class Meta:
        verbose_name = _("page about the project")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The programme's rows beside the editor's words, so that the two never differ."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        programme = current_programme()
        if programme is not None:
            context |= {
                "programme": programme,
                "facts": facts(programme),
                "goals": goals(programme),
                "progress": progress(),
            }
        return context


class GoalsPage(BodyPage):
    """The goals and what they are measured by, read from the programme (R-108)."""

    template = "cms/goals.html"
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("goals and indicators")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The goals, and how far the project has come."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        programme = current_programme()
        if programme is not None:
            context |= {
                "programme": programme,
                "goals": goals(programme),
                "progress": progress(),
            }
        return context
