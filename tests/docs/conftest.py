"""The house of the failure tests, for the pages whose code is run."""

from tests.failures import conftest as failures

house = failures.house
