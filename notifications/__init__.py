"""What leaves the house for people, CRM and analytics. Programs of others hear from `webhooks`."""
