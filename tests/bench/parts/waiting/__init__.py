"""Orders that wait for slow external services, in everything that `make up` runs."""
