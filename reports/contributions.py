"""What documents say on the customer's page of an order."""

from orders.customer_page import STEP_WORDS, Words

STEP_WORDS.fill(
    "reports.write_receipt",
    Words(
        doing="Writing your receipt.",
        missing="Your receipt is missing; once it is written, it follows by e-mail.",
        button="Receipt (PDF)",
    ),
)
STEP_WORDS.fill(
    "reports.write_ticket",
    Words(
        doing="Writing your tickets, one for each seat.",
        done="One for each seat.",
        missing="Your seats are yours, but tickets are missing; they follow by e-mail.",
        called_off="No longer valid.",
        button="Download tickets",
    ),
)
