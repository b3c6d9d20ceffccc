"""Providers that take mails by HTTP, through django-anymail's adapters.

Promises: an answer is told apart by what it means for whom, whatever provider gave it and however;
a conversation ends at its deadline; what a provider may have taken is never called refused. Only
`backend` and `notices` need anymail, and both are imported by name: without a provider nothing is.
Imports nothing of `notifications`.
"""
