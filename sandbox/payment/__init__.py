"""The payment provider: as much of Stripe's protocol as paying, cancelling and refunding need."""
