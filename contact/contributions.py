"""What messages add to the shop: a link at the foot of every page; and what is kept of a person."""

from accounts.personal_data import PERSONAL_DATA
from contact.personal import PERSONAL
from shop.footer import FOOTER, FooterLink

PERSONAL_DATA.fill("contact", PERSONAL)
FOOTER.fill("contact", FooterLink(label="Write to us", view="contact:contact"))
