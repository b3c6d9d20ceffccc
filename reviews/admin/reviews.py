"""Reviews: the list, and the page of one with its photos and what may be decided."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from deferral.admin.kit import formatting
from deferral.admin.kit.decisions import decide, possible
from deferral.admin.kit.searching import KINDS, Findable
from orders.admin.sections import decided_about
from reviews.admin.decisions import DECISIONS
from reviews.models import Review

# Events and jobs about a review are found by its tag.
KINDS.add("review")
TONES = {Review.State.WAITING: "wait", Review.State.SHOWN: "good", Review.State.REFUSED: "bad"}
# Letters of the words in the list.
BEGINNING = 80


@admin.register(Review)
class ReviewAdmin(Findable[Review]):
    """Read, and decided about; its author alone writes it."""

    change_form_template = "admin/reviews/review.html"
    list_display = ("stars_drawn", "product", "beginning", "author", "status", "age")
    list_filter = ("state",)
    list_select_related = ("product",)
    # No name: everybody may write any, and an index for that alone is not worth it.
    search_fields = ("tag__in", "line__order__number__in")
    search_help_text = "An order's number."
    fields = ("product", "status", "author", "order", "written_at", "decided_at", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        """With the order it is from, of a page of one."""
        return super().get_queryset(request).select_related("product", "line__order")

    def get_urls(self) -> list[URLPattern]:
        """With the pages on which something is decided."""
        view = self.admin_site.admin_view(self.decide)
        here = path("<int:review_id>/decide/<slug:verb>/", view, name="reviews_review_decide")
        return [here, *super().get_urls()]

    def decide(self, request: HttpRequest, review_id: int, verb: str) -> HttpResponse:
        """Show it, or refuse it."""
        if verb not in DECISIONS:
            raise Http404
        return decide(self, request, self.get_queryset(request), review_id, DECISIONS[verb])

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With its words and photos, what may be decided, and what was."""
        if review := kwargs.get("obj"):
            context["decisions"] = possible(request, review, DECISIONS)
            context["section"] = decided_about(review)
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="stars", ordering="stars")
    def stars_drawn(self, review: Review) -> str:
        """To be seen at a glance."""
        return review.drawn

    @admin.display(description="words")
    def beginning(self, review: Review) -> str:
        """As much as a column takes."""
        words = " ".join(review.words.split())
        return words if len(words) <= BEGINNING else f"{words[:BEGINNING]}…"

    @admin.display(description="shown as", ordering="name")
    def author(self, review: Review) -> str:
        """Whom the page names."""
        return review.author

    @admin.display(description="state", ordering="state")
    def status(self, review: Review) -> str:
        """Whether it is shown."""
        state = Review.State(review.state)
        return formatting.pill(state.label, TONES[state])

    @admin.display(description="written", ordering="written_at")
    def age(self, review: Review) -> str:
        """How long ago."""
        return formatting.ago(review.written_at)

    @admin.display
    def order(self, review: Review) -> str:
        """In which it was bought."""
        return formatting.link_to(review.line.order)
