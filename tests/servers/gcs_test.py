"""`from gs://...` as a user runs it, against fake-gcs-server."""
import unittest

import real_servers
from store_contract import StoreContract, StoreTest, log_lines


class RealServer(StoreContract, StoreTest):
    scheme, component = "gs", "gcs"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Gcs()
        cls.addClassCleanup(cls.server.stop)


class HmacKeys(StoreTest):
    """The interface that takes them is like S3's, and so is the server here."""

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.S3()
        cls.addClassCleanup(cls.server.stop)

    def test_objects_are_read_with_a_key(self):
        self.server.make_bucket("hmac")
        self.server.put("hmac", "a/1", log_lines("a/1", 3))
        key = self.server.environment
        source = f'gs://hmac/a/ endpoint={key["AWS_ENDPOINT_URL"]} hmac_key_id={key["AWS_ACCESS_KEY_ID"]}'
        for secret, code in ((key["AWS_SECRET_ACCESS_KEY"], 0), ("wrong", 69)):
            done = self.weir(f'from {source} hmac_secret={secret} | json | to OUT.ndjson')
            self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(self.names_read(), ["a/1"])
        self.assertIn(b"SignatureDoesNotMatch", done.stderr)
        self.assertNotIn(b"wrong", done.stderr)


if __name__ == "__main__":
    unittest.main()
