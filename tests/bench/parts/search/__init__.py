"""The search among 100,000 products."""
