"""`from az://...` as a user runs it, against azurite."""
import unittest

import real_servers
from store_contract import StoreContract, StoreTest


class RealServer(StoreContract, StoreTest):
    scheme, component = "az", "azure"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Azure()
        cls.addClassCleanup(cls.server.stop)


if __name__ == "__main__":
    unittest.main()
