"""The strict fake with objects that can be written: PutObject, multipart uploads, their listing and their abortion, all
of them with `If-None-Match`. Parts but the last have 5 MiB, and a completion names every part by its ETag."""
import hashlib
import re
import urllib.parse
from xml.sax.saxutils import escape

import fake_s3

LEAST_PART_BYTES = 5 << 20


class WritableS3(fake_s3.FakeS3):
    def __init__(self, bucket="logs", conditional=True):
        super().__init__(bucket)
        self.conditional = conditional
        self.words = {}
        self.uploads = {}
        self.uploads_begun = 0
        self.steps = [is_begin, is_part, is_complete]
        self.repeatable_steps = [is_part, is_complete]
        self.is_complete, self.is_put = is_complete, is_put

    def left_open(self):
        return list(self.uploads)

    def empty(self):
        self.objects.clear()
        self.uploads.clear()

    def put(self, key, body, words=()):
        super().put(key, body)
        self.words[key] = dict(words)

    def act(self, connection, key, query, request):
        if "uploads" in query and not key:
            return self.list_uploads(connection, query)
        actions = {"HEAD": self.head, "PUT": self.put_part if "uploadId" in query else self.put_object,
                   "POST": self.begin if "uploads" in query else self.complete, "DELETE": self.abort}
        if request.method in actions:
            return actions[request.method](connection, key, query, request)
        return super().act(connection, key, query, request)

    def taken(self, key, request):
        return self.conditional and request.header("If-None-Match") == "*" and key in self.objects

    def words_of(self, request):
        return {name.lower(): value for name, value in request.headers if name.lower().startswith("x-amz-meta-")}

    def head(self, connection, key, query, request):
        if key not in self.objects:
            return self.send_head(connection, 404, 0, {})
        return self.send_head(connection, 200, len(self.objects[key]), self.words[key])

    def put_object(self, connection, key, query, request):
        if self.taken(key, request):
            return self.send_error(connection, 412, "PreconditionFailed")
        self.put(key, request.body, self.words_of(request))
        return self.send(connection, 200, b"", {"ETag": self.etag(key)})

    def begin(self, connection, key, query, request):
        with self.lock:
            self.uploads_begun += 1
            upload = f"upload/{self.uploads_begun}+="
            self.uploads[upload] = (key, self.words_of(request), {})
        return self.send(connection, 200, (f"<InitiateMultipartUploadResult><Key>{escape(key)}</Key>"
                                           f"<UploadId>{upload}</UploadId></InitiateMultipartUploadResult>").encode())

    def put_part(self, connection, key, query, request):
        if self.uploads.get(query["uploadId"], ("",))[0] != key:
            return self.send_error(connection, 404, "NoSuchUpload")
        self.uploads[query["uploadId"]][2][int(query["partNumber"])] = request.body
        return self.send(connection, 200, b"", {"ETag": tag_of(request.body)})

    def complete(self, connection, key, query, request):
        known, words, parts = self.uploads.get(query["uploadId"], ("", {}, {}))
        if known != key:
            return self.send_error(connection, 404, "NoSuchUpload")
        if self.taken(key, request):
            return self.send_error(connection, 412, "PreconditionFailed")
        named = re.findall(r"<PartNumber>(\d+)</PartNumber><ETag>(.*?)</ETag>", request.body.decode())
        if named != [(str(number), tag_of(body)) for number, body in sorted(parts.items())]:
            return self.send_error(connection, 400, "InvalidPart")
        if any(len(parts[number]) < LEAST_PART_BYTES for number in sorted(parts)[:-1]):
            return self.send_error(connection, 400, "EntityTooSmall")
        self.put(key, b"".join(body for _, body in sorted(parts.items())), words)
        del self.uploads[query["uploadId"]]
        return self.send(connection, 200, b"<CompleteMultipartUploadResult/>")

    def abort(self, connection, key, query, request):
        if self.uploads.pop(query["uploadId"], None) is None:
            return self.send_error(connection, 404, "NoSuchUpload")
        return self.send(connection, 204, b"")

    def list_uploads(self, connection, query):
        found = "".join(f"<Upload><Key>{escape(key)}</Key><UploadId>{upload}</UploadId></Upload>"
                        for upload, (key, _, _) in self.uploads.items() if key.startswith(query.get("prefix", "")))
        return self.send(connection, 200, f"<ListMultipartUploadsResult>{found}</ListMultipartUploadsResult>".encode())


def tag_of(body):
    return f'"{hashlib.md5(body).hexdigest()}"'


# ---- Which requests a fault meets ----

def is_begin(method, key, request):
    return method == "POST" and request.target.endswith("?uploads=")


def is_part(method, key, request):
    return method == "PUT" and "partNumber=" in request.target


def is_complete(method, key, request):
    return method == "POST" and "uploadId=" in request.target


def is_put(method, key, request):
    return method == "PUT" and "partNumber=" not in request.target


def is_abort(method, key, request):
    return method == "DELETE"
