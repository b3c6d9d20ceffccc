"""The shop of the failure tests, for the pages whose code is run."""

from tests.proofs.failures import conftest as failures

shop = failures.shop
