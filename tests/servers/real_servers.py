"""Starts the real servers that tests talk to, and puts objects into them without weir's help."""
import email.utils
import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse
from xml.etree import ElementTree

import shared_key
import sigv4

CACHE = pathlib.Path(os.environ.get("WEIR_TEST_SERVERS")
                     or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
                     / "weir-test-servers")
PATIENCE_SECONDS = 30


def installed(name):
    """The path of a server; skips the test loudly where it is not there, in CI fails it."""
    path = CACHE / name
    if path.exists():
        return str(path)
    if os.environ.get("CI"):
        raise AssertionError(f"CI without {path}: tools/install-test-servers.sh")
    raise unittest.SkipTest(f"needs {path}: tools/install-test-servers.sh")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """A process that is ready once it takes connections, and gone with its directory at the end."""

    def __init__(self, command, port, env=None, directory=None, keeps_directory=False):
        self.port = port
        self.keeps_directory = keeps_directory
        self.directory = directory or pathlib.Path(tempfile.mkdtemp(prefix="weir-server-"))
        self.log = open(self.directory / "server.log", "wb")
        self.process = subprocess.Popen(command, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=self.log, env={**os.environ, **(env or {})})
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.stop()
                    raise AssertionError(f"{command[0]} does not start") from None
                time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        if not self.keeps_directory:
            shutil.rmtree(self.directory, ignore_errors=True)

    def request(self, method, target, body=b"", headers=None):
        return self.exchange(method, target, body, headers)[0]

    def exchange(self, method, target, body=b"", headers=None):
        """The answer's body and its headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status >= 300:
            raise AssertionError(f"{method} {target}: {answer.status} {content!r}")
        return content, answer.headers


class S3(Server):
    """versitygw on a directory."""
    KEY, SECRET, REGION = "weir-test", "a/secret+key", "us-east-1"

    def __init__(self, kept=None):
        """`kept`: a directory whose objects are to be there the next time."""
        port = free_port()
        directory = kept or pathlib.Path(tempfile.mkdtemp(prefix="weir-server-"))
        (directory / "data").mkdir(exist_ok=True)
        super().__init__([installed("bin/versitygw"), "--port", f"127.0.0.1:{port}", "posix", "data"], port,
                         {"ROOT_ACCESS_KEY": self.KEY, "ROOT_SECRET_KEY": self.SECRET, "VGW_KEEP_ALIVE": "true"},
                         directory, kept is not None)
        self.environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_REGION": self.REGION,
                            "AWS_ACCESS_KEY_ID": self.KEY, "AWS_SECRET_ACCESS_KEY": self.SECRET}

    def call(self, method, path, body=b"", query=""):
        return self.signed_exchange(method, path, body, query)[0]

    def signed_exchange(self, method, path, body=b"", query=""):
        target = urllib.parse.quote(path, safe="/-_.~")
        headers = sigv4.signed_headers(method, f"127.0.0.1:{self.port}", target, query, body, self.KEY, self.SECRET,
                                       self.REGION)
        return self.exchange(method, target + ("?" + query if query else ""), body, headers)

    def make_bucket(self, bucket):
        self.call("PUT", f"/{bucket}")

    def put(self, bucket, key, body):
        self.call("PUT", f"/{bucket}/{key}", body)

    def keys(self, bucket):
        listing = ElementTree.fromstring(self.call("GET", f"/{bucket}", query="list-type=2"))
        return [key.text for key in listing.iter() if key.tag.endswith("}Key") or key.tag == "Key"]

    def objects(self, bucket):
        """All of them, by their keys."""
        return {key: self.call("GET", f"/{bucket}/{key}") for key in self.keys(bucket)}

    def unfinished_uploads(self, bucket):
        listing = ElementTree.fromstring(self.call("GET", f"/{bucket}", query="uploads="))
        return [upload for upload in listing.iter() if upload.tag.rpartition("}")[2] == "Upload"]

    def empty(self, bucket):
        for key in self.keys(bucket):
            self.call("DELETE", f"/{bucket}/{key}")


class Gcs(Server):
    """fake-gcs-server, in memory."""
    PARTS = ".weir-parts/"

    def __init__(self):
        port = free_port()
        super().__init__([installed("bin/fake-gcs-server"), "-scheme", "http", "-backend", "memory", "-host",
                          "127.0.0.1", "-port", str(port), "-public-host", f"127.0.0.1:{port}"], port)
        self.environment = {"STORAGE_EMULATOR_HOST": f"127.0.0.1:{port}"}

    def make_bucket(self, bucket):
        self.request("POST", "/storage/v1/b", json.dumps({"name": bucket}).encode(),
                     {"Content-Type": "application/json"})

    def put(self, bucket, key, body):
        name = urllib.parse.quote(key, safe="")
        self.request("POST", f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}", body,
                     {"Content-Type": "application/octet-stream"})

    def names(self, bucket):
        found = json.loads(self.request("GET", f"/storage/v1/b/{bucket}/o"))
        assert "nextPageToken" not in found
        return [one["name"] for one in found.get("items", [])]

    def at(self, bucket, key):
        return f"/storage/v1/b/{bucket}/o/{urllib.parse.quote(key, safe='')}"

    def objects(self, bucket):
        return {key: self.request("GET", self.at(bucket, key) + "?alt=media")
                for key in self.names(bucket) if not key.startswith(self.PARTS)}

    def unfinished_uploads(self, bucket):
        return [key for key in self.names(bucket) if key.startswith(self.PARTS)]

    def empty(self, bucket):
        for key in self.names(bucket):
            self.request("DELETE", self.at(bucket, key))


class Azure(Server):
    """azurite, in memory, with its well-known account."""
    ACCOUNT = "devstoreaccount1"
    KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="

    def __init__(self):
        port = free_port()
        program = installed("node_modules/azurite/dist/src/blob/main.js")
        super().__init__(["node", program, "--silent", "--inMemoryPersistence", "--skipApiVersionCheck",
                          "--disableProductStyleUrl", "--blobPort", str(port)], port)
        self.environment = {"AZURE_STORAGE_CONNECTION_STRING":
                            f"DefaultEndpointsProtocol=http;AccountName={self.ACCOUNT};AccountKey={self.KEY};"
                            f"BlobEndpoint=http://127.0.0.1:{port}/{self.ACCOUNT};"}

    def call(self, method, path, query, body=b"", headers=None):
        headers = {"x-ms-date": email.utils.formatdate(usegmt=True), "x-ms-version": "2021-08-06", **(headers or {})}
        target = f"/{self.ACCOUNT}{urllib.parse.quote(path, safe='/-_.~')}"
        headers["content-length"] = str(len(body))
        signature = shared_key.signature(method, target, query, headers, self.ACCOUNT, self.KEY)
        headers["Authorization"] = f"SharedKey {self.ACCOUNT}:{signature}"
        if query:
            target += "?" + urllib.parse.urlencode(query)
        return self.request(method, target, body, headers)

    def make_bucket(self, bucket):
        self.call("PUT", f"/{bucket}", {"restype": "container"})

    def put(self, bucket, key, body):
        self.call("PUT", f"/{bucket}/{key}", {}, body, {"x-ms-blob-type": "BlockBlob"})

    def names(self, bucket, **more):
        listing = ElementTree.fromstring(self.call("GET", f"/{bucket}", {"restype": "container", "comp": "list", **more}))
        return [name.text for name in listing.iter("Name")]

    def objects(self, bucket):
        return {key: self.call("GET", f"/{bucket}/{key}", {}) for key in self.names(bucket)}

    def unfinished_uploads(self, bucket):
        """Names under which blocks wait, and no blob is."""
        return sorted({*self.names(bucket, include="uncommittedblobs")} - {*self.names(bucket)})

    def empty(self, bucket):
        for key in self.names(bucket):
            self.call("DELETE", f"/{bucket}/{key}", {})


class Toxiproxy(Server):
    """A network that breaks when it is told to: everything to a port of this machine goes through `listen_port`."""

    def __init__(self, upstream_port):
        port, self.listen_port = free_port(), free_port()
        super().__init__([installed("bin/toxiproxy"), "-host", "127.0.0.1", "-port", str(port)], port)
        self.post("/proxies", name="link", listen=f"127.0.0.1:{self.listen_port}",
                  upstream=f"127.0.0.1:{upstream_port}", enabled=True)

    def post(self, target, **values):
        self.request("POST", target, json.dumps(values).encode())

    def cut(self):
        """Ends every connection and takes no new one until `mend`."""
        self.post("/proxies/link", enabled=False)

    def mend(self):
        self.post("/proxies/link", enabled=True)
        for toxic in json.loads(self.request("GET", "/proxies/link/toxics")):
            self.request("DELETE", "/proxies/link/toxics/" + toxic["name"])

    def poison(self, kind, stream="downstream", **attributes):
        """A toxic of that kind, on what comes from the server ("downstream") or goes to it ("upstream")."""
        self.post("/proxies/link/toxics", type=kind, stream=stream, attributes=attributes)


class Moto(Server):
    """moto_server, in memory: SQS and S3 of one account. It checks no signatures."""
    REGION = "us-east-1"

    def __init__(self):
        port = free_port()
        super().__init__([installed("venv/bin/moto_server"), "-H", "127.0.0.1", "-p", str(port)], port)
        self.environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_REGION": self.REGION,
                            "AWS_ACCESS_KEY_ID": "weir-test", "AWS_SECRET_ACCESS_KEY": "a/secret+key"}

    def signed_for(self, service):
        scope = f"weir-test/20260101/{self.REGION}/{service}/aws4_request"
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}

    def make_bucket(self, bucket):
        self.request("PUT", f"/{bucket}", b"", self.signed_for("s3"))

    def put(self, bucket, key, body):
        self.request("PUT", f"/{bucket}/{urllib.parse.quote(key)}", body, self.signed_for("s3"))

    def ask(self, action, **values):
        headers = {"X-Amz-Target": f"AmazonSQS.{action}", "Content-Type": "application/x-amz-json-1.0"}
        return json.loads(self.request("POST", "/", json.dumps(values).encode(), {**headers, **self.signed_for("sqs")})
                          or b"{}")

    def make_queue(self, name):
        return self.ask("CreateQueue", QueueName=name)["QueueUrl"]

    def send(self, queue, body):
        self.ask("SendMessage", QueueUrl=queue, MessageBody=body)

    def messages_left(self, queue):
        """Waiting and in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        got = self.ask("GetQueueAttributes", QueueUrl=queue, AttributeNames=names)["Attributes"]
        return sum(int(got[name]) for name in names)
