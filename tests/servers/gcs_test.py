"""`from gs://...` as a user runs it, against fake-gcs-server."""
import unittest

import real_servers
from store_contract import StoreContract, StoreTest


class RealServer(StoreContract, StoreTest):
    scheme, component = "gs", "gcs"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Gcs()
        cls.addClassCleanup(cls.server.stop)


if __name__ == "__main__":
    unittest.main()
