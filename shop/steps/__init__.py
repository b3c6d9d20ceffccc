"""From rows to the steps a customer reads."""

from shop.steps.payment import payment_step
from shop.steps.step import Step
from shop.steps.work import Moment, steps_of

__all__ = [
    "Moment",
    "Step",
    "payment_step",
    "steps_of",
]
