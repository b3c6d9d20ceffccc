"""Journeys in a browser, through the real house: web, relay, worker, beat, the world outside."""
