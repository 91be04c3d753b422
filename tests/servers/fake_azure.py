"""A strict container of Azure's blobs with scripted faults. It checks signatures (by code that is not weir's) and knows
Put Block, Put Block List, Put Blob, Get Blob and its properties. Blocks wait under their blob's name, with names of one
length; a list that names others is refused, and what it does not name is gone."""
import base64
import hashlib
import re
import urllib.parse

import fake_store
import shared_key

ACCOUNT, KEY = "weirtest", base64.b64encode(b"a key of thirty-two bytes, really").decode()
IDENTIFIER = re.compile(r"x-ms-meta-[a-z_][a-z0-9_]*")


class FakeAzure(fake_store.FakeStore):
    def __init__(self, bucket="logs"):
        super().__init__(bucket)
        self.words = {}
        self.blocks = {}
        self.steps = self.repeatable_steps = [is_block, is_list]
        self.is_complete, self.is_put = is_list, is_put
        self.environment = {"AZURE_STORAGE_CONNECTION_STRING":
                            f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={KEY};"
                            f"BlobEndpoint=http://127.0.0.1:{self.server.port}"}

    def put(self, key, body, words=()):
        super().put(key, body)
        self.words[key] = dict(words)

    def left_open(self):
        return list(self.blocks)

    def empty(self):
        self.objects.clear()
        self.blocks.clear()

    def address_of(self, request):
        bucket, _, key = urllib.parse.unquote(request.target.partition("?")[0][1:]).partition("/")
        return bucket, key

    def refusal(self, request):
        headers = {name.lower(): value for name, value in request.headers}
        made = shared_key.signature(request.method, request.target.partition("?")[0], fake_store.query_of(request),
                                    headers, ACCOUNT, KEY)
        if headers.get("authorization") == f"SharedKey {ACCOUNT}:{made}":
            return None
        self.errors.append(f"wrong signature for {request.method} {request.target}")
        return 403, "AuthenticationFailed"

    def send_error(self, connection, status, code, more="", headers=None):
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>it is a test</Message>{more}</Error>"
        return self.send(connection, status, body.encode(), {"x-ms-error-code": code, **(headers or {})})

    def act(self, connection, key, query, request):
        if request.method == "HEAD":
            return self.head(connection, key)
        if request.method == "GET":
            return self.get(connection, key)
        if request.method != "PUT":
            return self.send_error(connection, 405, "UnsupportedHttpVerb")
        actions = {"block": self.put_block, "blocklist": self.put_list, None: self.put_blob}
        return actions[query.get("comp")](connection, key, query, request)

    def head(self, connection, key):
        if key not in self.objects:
            return self.send_head(connection, 404, 0, {"x-ms-error-code": "BlobNotFound"})
        return self.send_head(connection, 200, len(self.objects[key]), self.words[key])

    def get(self, connection, key):
        if key not in self.objects:
            return self.send_error(connection, 404, "BlobNotFound")
        tag = hashlib.md5(self.objects[key]).hexdigest()
        return self.send(connection, 200, self.objects[key], {"ETag": f'"{tag}"'})

    def put_block(self, connection, key, query, request):
        waiting = self.blocks.setdefault(key, {})
        name = query["blockid"]
        base64.b64decode(name, validate=True)
        if not request.body or any(len(other) != len(name) for other in waiting):
            return self.send_error(connection, 400, "InvalidBlobOrBlock")
        waiting[name] = request.body
        return self.send(connection, 201, b"")

    def put_list(self, connection, key, query, request):
        names = re.findall(r"<Uncommitted>(.*?)</Uncommitted>", request.body.decode())
        waiting = self.blocks.get(key, {})
        if self.taken(key, request):
            return self.send_error(connection, 409, "BlobAlreadyExists")
        if not names or any(name not in waiting for name in names):
            return self.send_error(connection, 400, "InvalidBlockList")
        return self.create(connection, key, b"".join(waiting[name] for name in names), request)

    def put_blob(self, connection, key, query, request):
        if request.header("x-ms-blob-type") != "BlockBlob":
            return self.send_error(connection, 400, "InvalidHeaderValue")
        if self.taken(key, request):
            return self.send_error(connection, 409, "BlobAlreadyExists")
        return self.create(connection, key, request.body, request)

    def taken(self, key, request):
        return request.header("If-None-Match") == "*" and key in self.objects

    def create(self, connection, key, body, request):
        words = {name: value for name, value in request.headers if name.startswith("x-ms-meta-")}
        if not all(IDENTIFIER.fullmatch(name) for name in words):
            return self.send_error(connection, 400, "InvalidMetadata")
        self.put(key, body, words)
        self.blocks.pop(key, None)
        return self.send(connection, 201, b"")


# ---- Which requests a fault meets ----

def is_block(method, key, request):
    return "comp=block&" in request.target


def is_list(method, key, request):
    return "comp=blocklist" in request.target


def is_put(method, key, request):
    return method == "PUT" and "comp=" not in request.target
