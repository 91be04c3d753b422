"""A strict S3 of our own with scripted faults: what no real server does on demand. It checks signatures (by
code that is not weir's) and knows ListObjectsV2, GetObject with ranges and If-Match, and nothing else."""
import datetime
import email.utils
import threading
import time
import urllib.parse
from xml.sax.saxutils import escape

import sigv4
import strict_http

KEY, SECRET, TOKEN, REGION = "weir-test", "a/secret+key", "a-token", "eu-test-1"


class Fault:
    """What happens to the requests that `matches(method, key, request)` picks, the first `times` of them."""

    def __init__(self, matches, effect, times=1):
        self.matches = matches
        self.effect = effect
        self.left = times


class FakeS3:
    def __init__(self, bucket="logs"):
        self.bucket = bucket
        self.objects = {}
        self.versions = {}
        self.faults = []
        self.requests = []
        self.errors = []
        self.page_keys = 1000
        self.listed_keys = None  # called with (prefix, after): the keys of a bucket too large to hold
        self.clock_ahead = datetime.timedelta()
        self.tokens = {TOKEN}
        self.lock = threading.Lock()
        self.server = strict_http.Server(self.answer, on_error=self.errors.append)
        self.server.serve_in_background()
        self.environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.port}", "AWS_REGION": REGION,
                            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}

    def put(self, key, body):
        with self.lock:
            self.versions[key] = self.versions.get(key, 0) + 1
            self.objects[key] = body

    def fault(self, matches, effect, times=1):
        self.faults.append(Fault(matches, effect, times))

    # ---- answers ----

    def answer(self, request, connection):
        path, _, query = request.target.partition("?")
        bucket, _, key = urllib.parse.unquote(path[1:]).partition("/")
        with self.lock:
            self.requests.append((request.method, key, query, dict(request.headers)))
        refusal = self.refusal(request, path, query)
        if refusal:
            return self.send_error(connection, *refusal)
        if bucket != self.bucket:
            return self.send_error(connection, 404, "NoSuchBucket")
        for fault in self.faults:
            if fault.left > 0 and fault.matches(request.method, key, request):
                fault.left -= 1
                return fault.effect(self, connection, key, request)
        return self.act(connection, key, dict(urllib.parse.parse_qsl(query, keep_blank_values=True)), request)

    def act(self, connection, key, query, request):
        if request.method != "GET":
            return self.send_error(connection, 405, "MethodNotAllowed")
        return self.send_object(connection, key, request) if key else self.send_list(connection, query)

    def refusal(self, request, path, query):
        authorization = request.header("Authorization")
        if authorization is None:
            return 403, "AccessDenied"
        fields = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
        key_id, scope = fields["Credential"].split("/", 1)
        headers = {name.lower(): value for name, value in request.headers}
        date = headers["x-amz-date"]
        sent = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ")
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + self.clock_ahead
        names = fields["SignedHeaders"].split(";")
        for needed in ("host", "x-amz-date", "x-amz-content-sha256"):
            if needed not in names:
                return 403, "AccessDenied"
        made = sigv4.signature(request.method, path, query, headers, names, headers["x-amz-content-sha256"], SECRET,
                               scope, date)
        if headers["x-amz-content-sha256"] != sigv4.sha256_hex(request.body):
            return 400, "XAmzContentSHA256Mismatch"
        if key_id != KEY or made != fields["Signature"]:
            self.errors.append(f"wrong signature for {request.method} {request.target}")
            return 403, "SignatureDoesNotMatch"
        if headers.get("x-amz-security-token", TOKEN) not in self.tokens:
            return 400, "ExpiredToken"
        if scope.split("/")[1] != REGION:
            return 400, "AuthorizationHeaderMalformed", f"<Region>{REGION}</Region>"
        if abs(sent - now) > datetime.timedelta(minutes=15):
            return 403, "RequestTimeTooSkewed"
        return None

    def date(self):
        return email.utils.formatdate(time.time() + self.clock_ahead.total_seconds(), usegmt=True)

    def send(self, connection, status, body, headers=None):
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", f"Date: {self.date()}"]
        head += [f"{name}: {value}" for name, value in (headers or {}).items()]
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + body)
        return True

    def send_error(self, connection, status, code, more="", headers=None):
        body = f"<Error><Code>{code}</Code><Message>it is a test</Message>{more}</Error>"
        return self.send(connection, status, body.encode(), headers)

    def keys_after(self, prefix, after):
        if self.listed_keys:
            return self.listed_keys(prefix, after)
        with self.lock:
            keys = sorted(self.objects, key=lambda key: key.encode())
        return [key for key in keys if key.startswith(prefix) and key.encode() > after.encode()]

    def send_list(self, connection, query):
        if query.get("list-type") != "2" or query.get("encoding-type") != "url":
            return self.send_error(connection, 400, "InvalidArgument")
        keys = self.keys_after(query.get("prefix", ""), query.get("start-after", ""))
        shown, more = keys[: self.page_keys], len(keys) > self.page_keys
        contents = "".join(f"<Contents><Key>{escape(urllib.parse.quote(key))}</Key>"
                           f"<Size>{len(self.objects.get(key, b''))}</Size></Contents>" for key in shown)
        return self.send(connection, 200, (
            f'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{contents}<EncodingType>url</EncodingType></ListBucketResult>").encode())

    def etag(self, key):
        return f'"{abs(hash(key)):x}-{self.versions[key]}"'

    def send_object(self, connection, key, request, cut=None):
        """`cut` bytes of the body are sent, then the connection is reset."""
        if key not in self.objects:
            return self.send_error(connection, 404, "NoSuchKey")
        body, etag = self.objects[key], self.etag(key)
        if request.header("If-Match") not in (None, etag):
            return self.send_error(connection, 412, "PreconditionFailed")
        headers = {"ETag": etag, "Last-Modified": self.date()}
        status, wanted = 200, request.header("Range")
        if wanted:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            if start >= len(body):
                return self.send_error(connection, 416, "InvalidRange", headers={"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            status, body = 206, body[start:]
        if cut is None:
            return self.send(connection, status, body, headers)
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + body[:cut])
        time.sleep(0.05)  # what was sent arrives before the reset
        strict_http.reset(connection)
        return False


def error(status, code, headers=None, more=""):
    return lambda s3, connection, key, request: s3.send_error(connection, status, code, more, headers)


def cut_after(size, then=None):
    """Resets the connection after so many bytes of the body; then calls `then(s3, key)`."""
    def effect(s3, connection, key, request):
        going_on = s3.send_object(connection, key, request, size)
        if then:
            then(s3, key)
        return going_on
    return effect
