"""Money: charged, asked about, given back, and compared with the provider's books.

Knows orders, and nothing above them. `provider` alone speaks with the payment provider.
"""
