"""What mails say on the customer's page of an order, the newsletter in the shop's footer, and what
this app keeps of a person.
"""

from dataclasses import replace

from accounts.personal_data import PERSONAL_DATA
from notifications.personal import PERSONAL
from orders.customer_page import STEP_WORDS, Words
from shop.footer import FOOTER, FooterLink

# Sent before, or not at all: a confirmation does not follow a cancellation.
NO_MAIL = "Nothing is sent any more: the order was called off."
MAILED = Words(
    doing="Sending to {email}.",
    done="Sent to {email}.",
    who="The mail server",
    missing="Our e-mail to {email} could not be delivered.",
    called_off=NO_MAIL,
)


STEP_WORDS.fill(
    "notifications.send_confirmation",
    replace(MAILED, missing=f"{MAILED.missing} Your documents are here."),
)
STEP_WORDS.fill("notifications.send_late_document", MAILED)
PERSONAL_DATA.fill("notifications", PERSONAL)
FOOTER.fill("newsletter", FooterLink(label="Newsletter", view="notifications:newsletter"))
