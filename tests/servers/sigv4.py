"""AWS Signature Version 4 for tests, written from its specification and independent of weir's: to ask a real
server, and to check what weir sends to a fake one."""
import datetime
import hashlib
import hmac
import urllib.parse


def sha256_hex(data):
    return hashlib.sha256(data).hexdigest()


def canonical_query(query):
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True)
    quoted = [(urllib.parse.quote(k, safe="-_.~"), urllib.parse.quote(v, safe="-_.~")) for k, v in pairs]
    return "&".join(f"{k}={v}" for k, v in sorted(quoted))


def signature(method, path, query, headers, signed_names, payload_hash, secret, scope, date):
    """`path` is as sent; `headers` maps lower-case names; `scope` is "20260102/us-east-1/s3/aws4_request"."""
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed_names)
    canonical = "\n".join([method, path, canonical_query(query), lines, ";".join(signed_names), payload_hash])
    text = "\n".join(["AWS4-HMAC-SHA256", date, scope, sha256_hex(canonical.encode())])
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signed_headers(method, host, path, query, body, key_id, secret, region):
    date = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": host, "x-amz-date": date, "x-amz-content-sha256": sha256_hex(body)}
    scope = f"{date[:8]}/{region}/s3/aws4_request"
    names = sorted(headers)
    made = signature(method, path, query, headers, names, headers["x-amz-content-sha256"], secret, scope, date)
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={';'.join(names)}, "
                                f"Signature={made}")
    return headers
