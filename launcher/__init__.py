"""`python -m launcher`: starts the whole shop in order, watches it, stops it in order.

Why no library: honcho signals whole process groups, which kills Celery's pool children in the
middle of a task, stops everything at once, the database under the workers included, and knows
no readiness; circus and supervisor are daemons with configuration files and do not wait for
readiness either. What is needed is small: one thread, one table of programs, four states.

This is for a laptop. Production runs the same programs under its own supervisor.
"""
