"""Receive the portal's messages: know them by their signature, take each once, answer at once.

    LODESTONE_SECRET=whsec_… python receive_webhook.py --port 9000

Behind a web server that ends TLS. Needs nothing but Python. Copy ``known`` into your own system.
"""

import argparse
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WINDOW = 300  # seconds: an older message may be an old one that somebody plays again
LARGEST = 1_000_000  # bytes


def known(secret, header, body, now=None):
    """Whether the portal sent these very bytes within the last five minutes."""
    parts = [part.partition("=")[::2] for part in (header or "").split(",")]
    moment = next((value for name, value in parts if name == "t"), "")
    if not moment.isdecimal() or abs((now or time.time()) - int(moment)) > WINDOW:
        return False
    right = hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return any(name == "v1" and hmac.compare_digest(value.encode(), right.encode()) for name, value in parts)


class Receiver(BaseHTTPRequestHandler):
    """Answers within the ten seconds that the portal waits; the work that follows is for afterwards."""

    taken = set()  # ids of events; keep them in your database instead

    def do_POST(self):
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size) if size <= LARGEST else b""
        if not known(os.environ["LODESTONE_SECRET"], self.headers.get("Lodestone-Signature"), body):
            return self.say(401)
        message = json.loads(body)
        if message["id"] not in self.taken:  # the same message may come twice
            self.taken.add(message["id"])
            print(message["event"], json.dumps(message["data"]), flush=True)
        return self.say(204)

    def say(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        """Nothing: the events are printed."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=9000)
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Receiver)
    server.serve_forever()


if __name__ == "__main__":
    main()
