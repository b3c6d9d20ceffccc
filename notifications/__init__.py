"""What leaves the house: e-mail, partner webhooks, analytics, CRM."""
