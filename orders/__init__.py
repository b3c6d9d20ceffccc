"""The domain: orders, their lines, and the money. Knows nothing of shop windows or mail."""
