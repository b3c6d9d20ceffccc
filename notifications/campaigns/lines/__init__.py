"""The ways to whoever takes a campaign's mails: SMTP to a mail server, HTTP to a provider."""
