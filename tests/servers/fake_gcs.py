"""A strict bucket of Google Cloud Storage with scripted faults, by its JSON interface: what fake-gcs-server is lenient
about. Requests need a token that is to be asked for; composing checks its condition, needs all of its sources (at most
32), and makes an object with the words it is given."""
import json
import re
import urllib.parse
import zlib

import fake_store

TOKEN, REFRESH_TOKEN, CLIENT_SECRET = "a-token-of-access", "a-token-to-refresh", "a-secret-of-the-client"
PARTS = ".weir-parts/"
MOST_SOURCES = 32


class FakeGcs(fake_store.FakeStore):
    def __init__(self, bucket="logs"):
        self.all = {}
        self.words = {}
        self.generations = {}
        super().__init__(bucket)
        self.steps = self.repeatable_steps = [is_part, is_compose, is_delete]
        self.is_complete, self.is_put = is_compose, is_put
        self.endpoint = f"http://127.0.0.1:{self.server.port}"
        self.environment = {}

    def credentials(self):
        """The file that GOOGLE_APPLICATION_CREDENTIALS names."""
        return json.dumps({"type": "authorized_user", "client_id": "weir", "client_secret": CLIENT_SECRET,
                           "refresh_token": REFRESH_TOKEN, "token_uri": self.endpoint + "/token"})

    # ---- what there is ----

    @property
    def objects(self):
        return {key: body for key, body in self.all.items() if not key.startswith(PARTS)}

    @objects.setter
    def objects(self, objects):
        self.all = dict(objects)

    def put(self, key, body, words=None):
        with self.lock:
            self.all[key] = body
            self.words[key] = words or {}
            self.generations[key] = self.generations.get(key, 0) + 1

    def left_open(self):
        return [key for key in self.all if key.startswith(PARTS)]

    def empty(self):
        self.all.clear()

    # ---- answers ----

    def answer(self, request, connection):
        if request.target != "/token":
            return super().answer(request, connection)
        form = dict(urllib.parse.parse_qsl(request.body.decode()))
        if (form["refresh_token"], form["client_secret"]) != (REFRESH_TOKEN, CLIENT_SECRET):
            return self.send_error(connection, 401, "invalid_grant")
        return self.send_json(connection, {"access_token": TOKEN, "expires_in": 3600})

    def address_of(self, request):
        path, _, _ = request.target.partition("?")
        found = re.fullmatch(r"(?:/upload)?/storage/v1/b/([^/]+)/o(?:/([^/]+))?(?:/compose)?", path)
        if found is None:
            self.errors.append(f"no address: {request.target}")
            return "", ""
        name = fake_store.query_of(request).get("name") or urllib.parse.unquote(found[2] or "")
        return urllib.parse.unquote(found[1]), name

    def refusal(self, request):
        return None if request.header("Authorization") == f"Bearer {TOKEN}" else (401, "authError")

    def send_json(self, connection, value):
        return self.send(connection, 200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def send_error(self, connection, status, code, more="", headers=None):
        error = {"code": status, "message": f"{code}: it is a test", "errors": [{"reason": code}]}
        return self.send(connection, status, json.dumps({"error": error}).encode(), headers)

    def act(self, connection, key, query, request):
        path = request.target.partition("?")[0]
        if path.startswith("/upload/"):
            upload = {"media": self.put_media, "multipart": self.put_related}[query["uploadType"]]
            return upload(connection, key, query, request)
        if path.endswith("/compose"):
            return self.compose(connection, key, query, json.loads(request.body))
        if not key:
            return self.send_list(connection, query)
        if key not in self.all:
            return self.send_error(connection, 404, "notFound")
        if request.method == "DELETE":
            del self.all[key]
            return self.send_head(connection, 204, 0, {})
        if query.get("alt") == "media":
            return self.send(connection, 200, self.all[key], {"x-goog-generation": str(self.generations[key])})
        return self.send_json(connection, {"size": str(len(self.all[key])), "metadata": self.words[key]})

    def send_list(self, connection, query):
        names = [key for key in sorted(self.all) if key.startswith(query.get("prefix", ""))]
        return self.send_json(connection, {"items": [{"name": name, "size": "1"} for name in names]})

    def taken(self, key, query):
        return query.get("ifGenerationMatch") == "0" and key in self.all

    def put_media(self, connection, key, query, request):
        self.put(key, request.body)
        return self.send_json(connection, {"name": key, "crc32c": str(zlib.crc32(request.body))})

    def put_related(self, connection, key, query, request):
        boundary = request.header("Content-Type").partition("multipart/related; boundary=")[2].encode()
        empty, description, content, end = request.body.split(b"--" + boundary)
        if (empty, end) != (b"", b"--\r\n"):
            return self.send_error(connection, 400, "parseError")
        described = json.loads(description.strip().partition(b"\r\n\r\n")[2])
        if self.taken(described["name"], query):
            return self.send_error(connection, 412, "conditionNotMet")
        self.put(described["name"], content.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n"), described["metadata"])
        return self.send_json(connection, {"name": described["name"]})

    def compose(self, connection, key, query, request):
        sources = [source["name"] for source in request["sourceObjects"]]
        if not 0 < len(sources) <= MOST_SOURCES:
            return self.send_error(connection, 400, "invalid")
        if self.taken(key, query):
            return self.send_error(connection, 412, "conditionNotMet")
        if any(source not in self.all for source in sources):
            return self.send_error(connection, 404, "notFound")
        self.put(key, b"".join(self.all[source] for source in sources), request["destination"]["metadata"])
        return self.send_json(connection, {"name": key})


# ---- Which requests a fault meets ----

def is_part(method, key, request):
    return "uploadType=media" in request.target


def is_compose(method, key, request):
    return request.target.partition("?")[0].endswith("/compose")


def is_delete(method, key, request):
    return method == "DELETE"


def is_put(method, key, request):
    return "uploadType=multipart" in request.target
