"""What this app says on the customer's page of an order, and keeps of a person."""

from accounts.personal_data import PERSONAL_DATA
from orders.customer_page import STEP_WORDS, Words
from orders.personal import PERSONAL

PERSONAL_DATA.fill("orders", PERSONAL)
STEP_WORDS.fill(
    "orders.refund_payment",
    Words(
        doing="Sending your money back.",
        done="On its way back to your card. Your bank may take some days.",
        who="The payment provider",
        missing="Your money has not gone back yet.",
    ),
)
