"""The storefront: catalogue, cart, checkout, the customer's orders, stock and its three systems."""
