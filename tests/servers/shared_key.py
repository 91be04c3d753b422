"""Azure's Shared Key signatures, written from Microsoft's description and not from weir."""
import base64
import hashlib
import hmac

SIGNED = ["content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
          "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range"]


def signature(method, path, query, headers, account, key):
    """`path` as in the URL, `query` and `headers` decoded, by their names in lower case."""
    headers = {name: value for name, value in headers.items() if (name, value) != ("content-length", "0")}
    text = "\n".join([method, *(headers.get(name, "") for name in SIGNED)]) + "\n"
    text += "".join(f"{name}:{value}\n" for name, value in sorted(headers.items()) if name.startswith("x-ms-"))
    text += f"/{account}{path}" + "".join(f"\n{name}:{value}" for name, value in sorted(query.items()))
    return base64.b64encode(hmac.new(base64.b64decode(key), text.encode(), hashlib.sha256).digest()).decode()
