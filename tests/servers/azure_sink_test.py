"""`to az://...` as a user runs it: against azurite, killed again and again, and against a fake with faults."""
import unittest

import fake_azure
import fake_store
import real_servers
from sink_contract import FaultySinkContract, RealSinkContract, SinkTest
from store_contract import log_lines


class RealServer(RealSinkContract, SinkTest):
    scheme = "az"

    @classmethod
    def setUpClass(cls):
        cls.server = real_servers.Azure()
        cls.addClassCleanup(cls.server.stop)

    def test_wrong_container_and_wrong_key(self):
        self.write("in.ndjson", log_lines("a", 10))
        account = self.server.environment["AZURE_STORAGE_CONNECTION_STRING"]
        wrong = account.replace(self.server.KEY, "d3Jvbmc=")
        for connection, words in [(account, b"ContainerNotFound"), (wrong, b"AuthorizationFailure")]:
            done = self.run_weir("from in.ndjson | json | to az://nobody/x/",
                                 {"AZURE_STORAGE_CONNECTION_STRING": connection})
            self.assertEqual(done.returncode, 69, done.stderr)
            self.assertIn(words, done.stderr)
            self.assertNotIn(b"d3Jvbmc", done.stderr)


class FakeServer(FaultySinkContract, SinkTest):
    make_store = fake_azure.FakeAzure
    pipeline = "from in.ndjson | json | to az://logs/x.ndjson part_size=1MiB"
    lines = 8000
    takes_uploads_back = False  # nothing can take back blocks that wait

    def shown(self, key):
        return f"az://logs/{key}"

    def test_blocks_that_are_gone_are_sent_anew_by_the_next_run(self):
        lines = self.generated(self.lines)
        self.store.fault(fake_azure.is_list, fake_store.error(403, "AuthorizationFailure"))
        self.assertEqual(self.run_to_store(*self.state).returncode, 69)
        self.assertNotEqual(self.store.blocks, {})
        self.store.blocks.clear()
        self.assertEqual(self.run_to_store(*self.state).returncode, 0)
        self.check_objects(lines)

    def test_blocks_of_another_upload_do_no_harm(self):
        lines = self.generated(self.lines)
        self.assertEqual(self.run_to_store().returncode, 0)
        (key, _), = self.store.objects.items()
        self.store.empty()
        self.store.blocks[key] = {fake_azure.base64.b64encode(b"x" * 21).decode(): b"somebody else's"}
        self.assertEqual(self.run_to_store().returncode, 0)
        self.check_objects(lines)


if __name__ == "__main__":
    unittest.main()
