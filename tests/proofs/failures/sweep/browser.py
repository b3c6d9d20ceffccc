"""A customer's browser, as far as `tests.shop.buying` needs one, over the wire."""

from collections.abc import Mapping
from typing import Any

import requests

PATIENCE = 30.0


class Browser:
    """Cookies, the token of the last page, and a finger that presses again."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.session = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.address + path, timeout=PATIENCE)

    def post(self, path: str, data: Mapping[str, Any]) -> requests.Response:
        if "csrftoken" not in self.session.cookies:
            self.get("/")
        headers = {"X-CSRFToken": self.session.cookies["csrftoken"]}
        return self.session.post(
            self.address + path, data, headers=headers, timeout=PATIENCE, allow_redirects=False
        )

    def press(self, form: Mapping[str, Any]) -> requests.Response:
        """Send the checkout form; when the other side goes away, send it again."""
        try:
            return self.post("/checkout/", form)
        except requests.ConnectionError:
            return self.press(form)
