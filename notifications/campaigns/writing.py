"""Markdown as a mail: HTML by markdown-it, and the words themselves for who reads plain text.

HTML in the words is shown, not obeyed; `javascript:` and the like are no links.
"""

from functools import cache

from django.template.loader import render_to_string
from markdown_it import MarkdownIt

from notifications.models import Campaign

# Stands in the frozen mail where each recipient's own link will be.
LINK = "https://unsubscribe.invalid/"


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def as_html(campaign: Campaign) -> str:
    """The whole mail, with `LINK` where the link belongs."""
    words = _markdown().render(campaign.words)
    context = {"title": campaign.title, "words": words, "link": LINK}
    return render_to_string("notifications/campaign.html", context)


def as_text(campaign: Campaign) -> str:
    """The same to be read as it is."""
    return render_to_string("notifications/campaign.txt", {"words": campaign.words, "link": LINK})


def with_link(frozen: str, link: str) -> str:
    """For one recipient."""
    return frozen.replace(LINK, link)
