"""Who sells, as it stands on paper."""

BRAND = "Halyard"

SELLER = {
    "brand": BRAND,
    "motto": "Good things from a small harbour",
    "name": "Halyard GmbH",
    "address": ["Am Alten Hafen 3", "18119 Warnemünde", "Germany", "VAT DE 000 000 000"],
    "small_print": "Halyard GmbH · HRB 00000 · post@halyard.example",
}
