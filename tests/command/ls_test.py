"""`weir ls`: what a source would read. Buckets are in tests/servers."""
import base64
import functools
import http.server
import json
import os
import signal
import socket
import threading
import unittest

from weir_command import CommandTest


def bucket_at(url):
    return {"AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}


class Ls(CommandTest):
    def test_files_of_a_glob_with_time_and_size(self):
        for name, size in {"logs/b.gz": 5, "logs/a.gz": 3, "logs/c.txt": 1}.items():
            os.utime(self.write(name, b"x" * size), (1767312000, 1767312000))
        done = self.weir("ls", "logs/*.gz")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.decode().splitlines(),
                         ["2026-01-02T00:00:00Z                3  logs/a.gz", "2026-01-02T00:00:00Z                5  logs/b.gz"])

    def test_as_json(self):
        os.utime(self.write("a b\n\"c.log", b"1234"), (0.5, 1767312000))
        done = self.weir("ls", ".", "--json")
        self.assertEqual([json.loads(line) for line in done.stdout.splitlines()],
                         [{"name": "./a b\n\"c.log", "bytes": 4, "modified": "2026-01-02T00:00:00Z"}])

    def test_a_name_that_is_not_utf8_is_base64_in_json(self):
        with open(os.path.join(os.fsencode(self.dir), b"app\xff.log"), "wb"):
            pass
        name = json.loads(self.weir("ls", ".", "--json").stdout)["name"]
        self.assertEqual(base64.b64decode(name["$base64"]), b"./app\xff.log")

    def test_a_name_does_nothing_to_a_terminal(self):
        self.write("a\x1b[2J.log", b"")
        self.assertTrue(self.weir("ls", ".").stdout.endswith(b"./a\\x1b[2J.log\n"))

    def test_a_glob_that_matches_nothing(self):
        done = self.weir("ls", "*.log")
        self.assertEqual((done.returncode, done.stdout), (66, b""))
        self.assertIn(b"*.log", done.stderr)

    def test_what_is_no_source(self):
        for operands, words in {("s3://",): b"is no address of an object",
                                ("sqs://q",): b"takes a URL of http",
                                ("s3://b/k", "regoin=x"): b"did you mean `region`"}.items():
            done = self.weir("ls", *operands)
            self.assertEqual((operands, done.returncode, done.stdout), (operands, 2, b""), done.stderr)
            self.assertIn(words, done.stderr)

    def test_files_of_web_servers(self):
        os.utime(self.write("web/a.log", b"1234"), (1767312000, 1767312000))
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=self.dir / "web")
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_port}"
            done = self.weir("ls", f"{url}/a.log")
            self.assertEqual((done.returncode, done.stdout.decode()),
                             (0, f"2026-01-02T00:00:00Z                4  {url}/a.log\n"), done.stderr)
            explained = self.weir("explain", f"from {url}/a.log | to null").stdout
            missing = self.weir("ls", f"{url}/b.log")
            server.shutdown()
        self.assertIn(b"1 object, 4 B as stored", explained)
        self.assertEqual(missing.returncode, 66, missing.stderr)

    def test_a_server_that_is_down_is_waited_for_briefly_and_said(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # and not listening
            url = f"http://127.0.0.1:{closed.getsockname()[1]}"
            for command in (("ls", "s3://b/x"), ("explain", "from s3://b/x | to null")):
                done = self.weir(*command, "--give-up-after", "2s", env=bucket_at(url))
                self.assertEqual((command, done.returncode, done.stdout), (command, 69, b""), done.stderr)
                self.assertIn(b"could not connect: Connection refused; tried again for 2s\n", done.stderr)

    def test_what_is_wrong_with_the_environment_is_named(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))  # and not listening
            dead = f"127.0.0.1:{closed.getsockname()[1]}"
            proxy = {**bucket_at("http://bucket.test"), "http_proxy": f"http://ann:geheim@{dead}", "no_proxy": ""}
            for url, env, words in (
                    ("s3://b/x", bucket_at(dead), f"`{dead}` needs http:// or https://"),
                    ("s3://b/x", proxy, f"could not connect to the proxy {dead}"),
                    ("s3://b/x", bucket_at(f"http://{dead}"), f"http://{dead}/b/: could not connect: "),
                    ("s3://b/x", {"AWS_PROFILE": "nope", "HOME": str(self.dir)}, "no AWS profile `nope`"),
                    ("az://c/x", {"AZURE_STORAGE_CONNECTION_STRING": "garbage"}, "CONNECTION_STRING names no account"),
                    ("az://c/x", {"AZURE_STORAGE_CONNECTION_STRING": "AccountName=a;AccountKey=not*base64"}, "no base64")):
                done = self.weir("ls", url, "--give-up-after", "1ms", env=env)
                self.assertEqual((words, done.returncode, done.stdout), (words, 69, b""), done.stderr)
                self.assertIn(words.encode(), done.stderr)
                self.assertNotIn(b"geheim", done.stderr)

    def test_a_second_bucket_is_explained(self):
        done = self.weir("from s3://a/** s3://b/** | to null")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"it takes one URL", done.stderr)

    def test_a_signal_ends_the_wait_for_a_server(self):
        for command in (("ls", "s3://b/x"), ("explain", "from s3://b/x | to null")):
            with socket.create_server(("127.0.0.1", 0)) as silent:
                url = f"http://127.0.0.1:{silent.getsockname()[1]}"
                process = self.start(*command, env={**os.environ, **bucket_at(url)})
                with silent.accept()[0] as asking:
                    asking.recv(1)
                    process.send_signal(signal.SIGINT)
                    self.assertEqual((command, process.wait(30)), (command, 130))

    def test_a_reader_that_goes_away(self):
        for i in range(2000):
            self.write(f"many/{i:04}-{'x' * 100}", b"")
        process = self.start("ls", "many")
        process.stdout.readline()
        process.stdout.close()
        self.assertEqual(process.wait(30), 0)


if __name__ == "__main__":
    unittest.main()
