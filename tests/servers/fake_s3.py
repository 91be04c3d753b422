"""A strict S3 of our own with scripted faults: what no real server does on demand. It checks signatures (by
code that is not weir's) and knows ListObjectsV2, GetObject with ranges and If-Match, and nothing else."""
import datetime
import email.utils
import time
import urllib.parse
from xml.sax.saxutils import escape

import fake_store
import sigv4
import strict_http

KEY, SECRET, TOKEN, REGION = "weir-test", "a/secret+key", "a-token", "eu-test-1"


class FakeS3(fake_store.FakeStore):
    def __init__(self, bucket="logs"):
        self.versions = {}
        self.page_keys = 1000
        self.lists_etags = True
        self.listed_keys = None  # called with (prefix, after): the keys of a bucket too large to hold
        self.clock_ahead = datetime.timedelta()
        self.tokens = {TOKEN}
        super().__init__(bucket)
        self.environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.server.port}", "AWS_REGION": REGION,
                            "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}

    def put(self, key, body):
        with self.lock:
            self.versions[key] = self.versions.get(key, 0) + 1
            self.objects[key] = body

    # ---- answers ----

    def address_of(self, request):
        bucket, _, key = urllib.parse.unquote(request.target.partition("?")[0][1:]).partition("/")
        return bucket, key

    def act(self, connection, key, query, request):
        if request.method != "GET":
            return self.send_error(connection, 405, "MethodNotAllowed")
        return self.send_object(connection, key, request) if key else self.send_list(connection, query)

    def refusal(self, request):
        path, _, query = request.target.partition("?")
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
                           f"<Size>{len(self.objects.get(key, b''))}</Size>"
                           f"{self.listed_etag(key)}</Contents>" for key in shown)
        return self.send(connection, 200, (
            f'<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{str(more).lower()}</IsTruncated>{contents}<EncodingType>url</EncodingType></ListBucketResult>").encode())

    def etag(self, key):
        return f'"{abs(hash(key)):x}-{self.versions.get(key, 0)}"'

    def listed_etag(self, key):
        return f"<ETag>{escape(self.etag(key), {chr(34): '&quot;'})}</ETag>" if self.lists_etags else ""

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
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            start, end = int(first), min(int(last or len(body)), len(body) - 1)
            if start >= len(body):
                return self.send_error(connection, 416, "InvalidRange", headers={"Content-Range": f"bytes */{len(body)}"})
            headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
            status, body = 206, body[start : end + 1]
        if cut is None:
            return self.send(connection, status, body, headers)
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + body[:cut])
        time.sleep(0.05)  # what was sent arrives before the reset
        strict_http.reset(connection)
        return False


def cut_after(size, then=None):
    """Resets the connection after so many bytes of the body; then calls `then(s3, key)`."""
    def effect(s3, connection, key, request):
        going_on = s3.send_object(connection, key, request, size)
        if then:
            then(s3, key)
        return going_on
    return effect
