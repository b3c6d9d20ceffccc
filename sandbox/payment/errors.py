"""Stripe's errors, as its SDK expects them (docs.stripe.com/api/errors)."""

from typing import Any


class PaymentError(Exception):
    """A request that was not carried out. Nothing of it is kept, and its key stays free."""

    def __init__(self, status: int, message: str, **fields: str) -> None:
        super().__init__(message)
        self.status = status
        self.fields = {"type": "invalid_request_error"} | fields

    def body(self) -> dict[str, Any]:
        """The JSON that the SDK turns into its exception."""
        return {"error": {**self.fields, "message": str(self)}}


def unauthorized() -> PaymentError:
    """No key, or not ours."""
    return PaymentError(401, "Invalid API Key provided")


def invalid(param: str, message: str, code: str = "parameter_invalid") -> PaymentError:
    """A parameter that cannot be."""
    return PaymentError(400, message, param=param, code=code)


def missing(param: str) -> PaymentError:
    """A parameter that must be there."""
    return invalid(param, f"Missing required param: {param}.", "parameter_missing")


def no_such(kind: str, name: str, *, param: str = "id", status: int = 404) -> PaymentError:
    """404 for an address, 400 for a parameter that names nothing."""
    return PaymentError(status, f"No such {kind}: '{name}'", param=param, code="resource_missing")


def unexpected_state(verb: str, status: str) -> PaymentError:
    """The intent cannot do this from where it is."""
    return PaymentError(
        400,
        f"This PaymentIntent's status is {status}: it cannot be {verb}.",
        code="payment_intent_unexpected_state",
    )


def key_in_use() -> PaymentError:
    """The first request with this key still runs."""
    return PaymentError(
        409,
        "There is currently another in-progress request using this Idempotency Key.",
        code="idempotency_key_in_use",
    )


def key_reused(key: str, what: str) -> PaymentError:
    """The key was used for something else; the SDK raises IdempotencyError."""
    return PaymentError(
        400,
        f"Keys for idempotent requests can only be used with the same {what} they were first used"
        f" with. Try using a key other than '{key}' if you meant to execute a different request.",
        type="idempotency_error",
    )


def own_fault(status: int) -> PaymentError:
    """A fault of the provider itself."""
    kind = "api_error" if status >= 500 else "invalid_request_error"
    return PaymentError(status, "The payment provider is in trouble.", type=kind)
