"""Journeys in a browser, through the real shop: web, relay, worker, beat, the world outside."""
