"""A strict SQS of our own that breaks as it is told, and the events that S3 puts into a queue. It checks signatures by
code that is not weir's, and knows the JSON protocol's calls of a receiver, and nothing else."""
import json
import socket
import threading
import time
import urllib.parse

import sigv4
import strict_http

KEY, SECRET, REGION = "weir-test", "a/secret+key", "eu-test-1"
PATH = "/000000000000/logs"


def event(*keys, bucket="logs", name="ObjectCreated:Put", region=REGION):
    return json.dumps({"Records": [
        {"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": region, "eventName": name,
         "s3": {"bucket": {"name": bucket}, "object": {"key": urllib.parse.quote_plus(key), "size": 1}}}
        for key in keys]})


def by_sns(message):
    return json.dumps({"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:eu-test-1:0:t",
                       "Subject": "Amazon S3 Notification", "Message": message})


def by_event_bridge(key, bucket="logs", kind="Object Created"):
    return json.dumps({"version": "0", "id": "1", "detail-type": kind, "source": "aws.s3", "region": REGION,
                       "detail": {"version": "0", "bucket": {"name": bucket}, "object": {"key": key, "size": 1}}})


TEST_EVENT = json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "logs"})


def hung_up(connection):
    """Whoever has gone is given no message that he would keep from others."""
    try:
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False


class Message:
    def __init__(self, number, body):
        self.number = number
        self.body = body
        self.receipts = 0
        self.visible_at = 0


class FakeSqs:
    """What `trick(action, number of that action)` gives is answered instead: a status or "reset"."""

    def __init__(self, trick=lambda action, number: None):
        self.trick = trick
        self.messages = {}
        self.sent = 0
        self.actions = []
        self.errors = []
        self.changed = threading.Condition()
        self.server = strict_http.Server(self.answer, on_error=self.errors.append)
        self.server.serve_in_background()
        self.url = f"http://127.0.0.1:{self.server.port}{PATH}"

    def send(self, body):
        with self.changed:
            self.sent += 1
            self.messages[self.sent] = Message(self.sent, body)
            self.changed.notify_all()

    def count(self, action):
        return sum(name == action for name, _ in self.actions)

    def wait_for(self, condition, seconds=30):
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def answer(self, request, connection):
        action = (request.header("X-Amz-Target") or "").removeprefix("AmazonSQS.")
        asked = json.loads(request.body)
        with self.changed:
            self.actions.append((action, asked))
            number = self.count(action)
            self.changed.notify_all()
        self.check(request, asked)
        does = self.trick(action, number)
        if does == "reset":
            strict_http.reset(connection)
            return False
        if does:
            return self.send_answer(connection, {"__type": "com.amazonaws.sqs#Test", "message": "it is a test"}, does)
        if action == "ReceiveMessage":
            return self.send_answer(connection, self.receive(asked, connection))
        return self.send_answer(connection, getattr(self, action)(asked))

    def check(self, request, asked):
        headers = {name.lower(): value for name, value in request.headers}
        authorization = headers.get("authorization", "")
        fields = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[-1].split(",") if "=" in part)
        key, _, scope = fields.get("Credential", "").partition("/")
        names = fields.get("SignedHeaders", "").split(";")
        made = sigv4.signature(request.method, request.target, "", headers, names, sigv4.sha256_hex(request.body), SECRET,
                               scope, headers.get("x-amz-date", ""))
        for wrong, what in ((key != KEY or made != fields.get("Signature"), "signature"),
                            (scope.split("/")[1:3] != [REGION, "sqs"], f"scope {scope}"),
                            (not {"host", "x-amz-date"} <= set(names), "signed headers"),
                            (request.method != "POST" or request.target != "/", f"target {request.target}"),
                            (headers.get("content-type") != "application/x-amz-json-1.0", "content type"),
                            (asked.get("QueueUrl") != self.url, "queue")):
            if wrong:
                self.errors.append(f"wrong {what}")

    @staticmethod
    def send_answer(connection, answer, status=200):
        body = json.dumps(answer).encode()
        connection.sendall(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        return True

    # ---- the calls ----

    def waiting(self):
        return [m for m in self.messages.values() if m.visible_at <= time.monotonic()]

    def GetQueueAttributes(self, asked):
        return {"Attributes": {name: str(len(self.messages)) for name in asked["AttributeNames"]}}

    def receive(self, asked, connection):
        until = time.monotonic() + asked["WaitTimeSeconds"]
        with self.changed:
            while not self.waiting() and time.monotonic() < until:
                self.changed.wait(0.02)
                if hung_up(connection):
                    return {}
            some = self.waiting()[: asked["MaxNumberOfMessages"]]
            for m in some:
                m.receipts += 1
                m.visible_at = time.monotonic() + asked["VisibilityTimeout"]
        if not some:
            return {}
        return {"Messages": [{"MessageId": f"m-{m.number}", "ReceiptHandle": f"{m.number}/{m.receipts}", "Body": m.body}
                             for m in some]}

    def by_receipt(self, entry):
        number, _, receipts = entry["ReceiptHandle"].partition("/")
        m = self.messages.get(int(number))
        return m if m and m.receipts == int(receipts) else None

    def of_batch(self, asked, do):
        done, failed = [], []
        with self.changed:
            if not 1 <= len(asked["Entries"]) <= 10:
                self.errors.append("a batch of the wrong size")
            for entry in asked["Entries"]:
                m = self.by_receipt(entry)
                if m:
                    do(m, entry)
                    done.append({"Id": entry["Id"]})
                else:
                    failed.append({"Id": entry["Id"], "SenderFault": True, "Code": "ReceiptHandleIsInvalid"})
            self.changed.notify_all()
        return {"Successful": done, "Failed": failed}

    def DeleteMessageBatch(self, asked):
        return self.of_batch(asked, lambda m, entry: self.messages.pop(m.number))

    def ChangeMessageVisibilityBatch(self, asked):
        def change(m, entry):
            m.visible_at = time.monotonic() + entry["VisibilityTimeout"]
        return self.of_batch(asked, change)
