"""Who wants the newsletter: asked for, confirmed from the mailbox itself, ended by one click."""
