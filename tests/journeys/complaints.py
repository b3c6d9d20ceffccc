"""What goes wrong in a page without anybody seeing it."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class Complaints:
    """Everything that the watched browsers complained about, in plain words."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of it, those to come too."""
        context.on("console", self._said)
        context.on("weberror", self._raised)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        """Errors and broken policies. A refused request says so here too; it is judged below."""
        said = message.text
        if message.type == "error" and not said.startswith("Failed to load resource"):
            page = message.page.url if message.page else "a page"
            self.found.append(f"{page} said: {said}")

    def _raised(self, error: WebError) -> None:
        self.found.append(f"a script raised: {error.error}")

    def _answered(self, response: Response) -> None:
        """A page may be refused (404, 402): the test reads it. What a page loads may not."""
        if response.status >= 400 and not response.request.is_navigation_request():
            self.found.append(f"{response.url} answered {response.status}")

    def _failed(self, request: Request) -> None:
        """A page that is left gives up what it was loading, and a download is no page."""
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"{request.url} failed: {request.failure}")
