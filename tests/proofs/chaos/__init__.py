"""The whole shop under kill -9, wipes, a database restart and failing services (`make chaos`)."""
