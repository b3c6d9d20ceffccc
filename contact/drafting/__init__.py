"""Drafts of answers by an AI service: asked for within a budget, read as data, shown as text.

A draft has no way out of here but a person: the service is given no tools, nothing it says is sent,
called or looked up, and what staff send is the text of their own form. So words in a message that
want something of the service can spoil a draft, and nothing else.
"""
