"""People of the house: who is logged in, and what ends that. Customers have no account yet."""
