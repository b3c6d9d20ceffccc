"""What staff say of a product, understood: prices in euros, addresses, choices. No page."""
