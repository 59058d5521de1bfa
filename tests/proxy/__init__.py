"""A TCP proxy between the tool and a database that does harm at named statements. Loopback only, for tests."""

from tests.proxy.proxy import Action, Fault, Proxy, faults
from tests.proxy.wire import Kind

__all__ = ["Action", "Fault", "Kind", "Proxy", "faults"]
