"""Tasks that misbehave, for the tests of the machinery: a Django app that only tests install."""
