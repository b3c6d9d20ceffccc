"""What messages add to the shop: a link at the foot of every page."""

from shop.footer import FOOTER, FooterLink

FOOTER.fill("contact", FooterLink(label="Write to us", view="contact:contact"))
