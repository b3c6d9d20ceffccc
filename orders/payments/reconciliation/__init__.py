"""Each night our books beside the provider's, both ways. What differs is recorded."""
