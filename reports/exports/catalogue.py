"""Everything that can be exported, by name."""

from reports.exports.datasets import Dataset
from reports.exports.of_money import PAYMENTS, REFUNDS
from reports.exports.of_orders import CUSTOMERS, ORDER_LINES, ORDERS
from reports.exports.of_others import AUDIT, JOBS, PRODUCTS

DATASETS: dict[str, Dataset] = {
    one.name: one
    for one in (ORDERS, ORDER_LINES, PAYMENTS, REFUNDS, CUSTOMERS, PRODUCTS, JOBS, AUDIT)
}
