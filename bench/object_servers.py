"""The servers that the cloud's cases read from, all on this machine: versitygw, nginx, and toxiproxy between them."""

import concurrent.futures
import contextlib
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/servers"))
import real_servers  # noqa: E402
import sigv4  # noqa: E402

BUCKET = "bench"
URL_LIFE_SECONDS = 24 * 3600
UPLOADS_AT_A_TIME = 4


def cpu_seconds(server: real_servers.Server) -> float:
    """What the server's process has taken so far, its children included."""
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


class Bucket:
    """A bucket of versitygw. Its objects stay in `directory` for the next time."""

    def __init__(self, directory: pathlib.Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.server = real_servers.S3(directory)
        self.environment = self.server.environment
        if not (directory / "data" / BUCKET).exists():
            self.server.make_bucket(BUCKET)

    def has(self, key: str) -> bool:
        return (self.server.directory / "data" / BUCKET / key).exists()

    def put_all(self, objects) -> None:
        """`objects`: pairs of a key and its bytes."""
        with concurrent.futures.ThreadPoolExecutor(UPLOADS_AT_A_TIME) as pool:
            waiting = set()
            for key, body in objects:
                waiting.add(pool.submit(self.server.put, BUCKET, key, body))
                if len(waiting) > UPLOADS_AT_A_TIME:
                    done, waiting = concurrent.futures.wait(waiting, return_when="FIRST_COMPLETED")
                    [upload.result() for upload in done]
            [upload.result() for upload in waiting]

    def put_file(self, key: str, path: pathlib.Path) -> None:
        """In parts: a file need not fit into memory."""
        target = f"/{BUCKET}/{key}"
        started = self.server.call("POST", target, query="uploads=").decode()
        upload = started.split("<UploadId>")[1].split("<")[0]
        listed = ""
        with open(path, "rb") as file:
            for number, part in enumerate(iter(lambda: file.read(64 << 20), b""), 1):
                query = f"partNumber={number}&uploadId={upload}"
                etag = self.server.signed_exchange("PUT", target, part, query)[1]["ETag"]
                listed += f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        self.server.call("POST", target, body, f"uploadId={upload}")

    def url(self, key: str, port: int | None = None) -> str:
        """Signed for who knows no signatures, so that the server has the same work. `port`: of a proxy."""
        host = f"127.0.0.1:{port or self.server.port}"
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{date[:8]}/{self.server.REGION}/s3/aws4_request"
        path = "/" + urllib.parse.quote(f"{BUCKET}/{key}", safe="/-_.~")
        query = urllib.parse.urlencode({
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{self.server.KEY}/{scope}",
            "X-Amz-Date": date,
            "X-Amz-Expires": URL_LIFE_SECONDS,
            "X-Amz-SignedHeaders": "host",
        })
        made = sigv4.signature("GET", path, query, {"host": host}, ["host"], "UNSIGNED-PAYLOAD",
                               self.server.SECRET, scope, date)
        return f"http://{host}{path}?{query}&X-Amz-Signature={made}"


@contextlib.contextmanager
def bucket(directory: pathlib.Path):
    made = Bucket(directory)
    try:
        yield made
    finally:
        made.server.stop()


@contextlib.contextmanager
def far_away(port: int, milliseconds: int):
    """A port behind which the server of `port` answers that much later."""
    api, listening = real_servers.free_port(), real_servers.free_port()
    proxy = real_servers.Server([real_servers.installed("bin/toxiproxy"), "-port", str(api)], api)
    try:
        ask = {"name": "far", "listen": f"127.0.0.1:{listening}", "upstream": f"127.0.0.1:{port}"}
        proxy.request("POST", "/proxies", json.dumps(ask).encode())
        toxic = {"type": "latency", "stream": "downstream", "attributes": {"latency": milliseconds}}
        proxy.request("POST", "/proxies/far/toxics", json.dumps(toxic).encode())
        yield listening, proxy
    finally:
        proxy.stop()


NGINX = """daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; root {root};
  server {{ listen 127.0.0.1:{plain}; }}
  server {{ listen 127.0.0.1:{secure} ssl; ssl_certificate both.pem; ssl_certificate_key both.pem; }}
}}
"""


@contextlib.contextmanager
def web_server(root: pathlib.Path):
    """nginx for the files below `root`: its server, where http and https are, and whom to trust."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        raise SystemExit("needs nginx: tools/install-dependencies.sh test")
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-bench-nginx-"))
    plain, secure = real_servers.free_port(), real_servers.free_port()
    (directory / "nginx.conf").write_text(NGINX.format(root=root.resolve(), plain=plain, secure=secure))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
                   cwd=directory, check=True, stderr=subprocess.DEVNULL)
    both = (directory / "key.pem").read_text() + (directory / "cert.pem").read_text()
    (directory / "both.pem").write_text(both)
    server = real_servers.Server([program, "-p", str(directory), "-c", "nginx.conf", "-g", "user root;"], plain,
                                 directory=directory)
    try:
        yield server, f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}", directory / "cert.pem"
    finally:
        server.process.terminate()  # a killed master leaves its workers
        server.process.wait()
        server.stop()
