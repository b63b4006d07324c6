#!/usr/bin/env python3
"""Follows a topic over a WebSocket, through broken connections, with resume: nothing twice, nothing lost unsaid.

Needs Python's standard library only. Prints each publication as a line of JSON.
usage: follow_socket.py topic:<name> [how many]
"""
import base64
import json
import os
import random
import socket
import ssl
import struct
import sys
import time
import urllib.request
from urllib.parse import urlsplit

BASE = os.environ.get("TRIBUTARY_URL", "http://localhost:8000")
URL = urlsplit(BASE)


def post(path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


class Socket:
    """Speaks RFC 6455 as far as JSON in text frames needs it."""

    def __init__(self, path):
        raw = socket.create_connection((URL.hostname, URL.port or (443 if URL.scheme == "https" else 80)), 70)
        secure = URL.scheme == "https"
        self.raw = ssl.create_default_context().wrap_socket(raw, server_hostname=URL.hostname) if secure else raw
        key = base64.b64encode(os.urandom(16)).decode()
        self.raw.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {URL.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.file = self.raw.makefile("rb")
        status = self.file.readline().decode().split()[1]
        while self.file.readline() != b"\r\n":
            pass
        if status != "101":
            raise ConnectionError(f"the upgrade was answered with {status}")

    def write(self, opcode, payload):
        mask = os.urandom(4)
        size = len(payload)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        else:
            head += bytes([0x80 | 126]) + struct.pack("!H", size)
        self.raw.sendall(head + mask + bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload)))

    def send(self, message):
        self.write(1, json.dumps(message).encode())

    def exactly(self, size):
        data = self.file.read(size)
        if len(data) < size:
            raise ConnectionError("the connection broke")
        return data

    def messages(self):
        """Yields the JSON of each text frame; answers pings."""
        text = b""
        while True:
            first, second = self.exactly(2)
            size = second & 127
            if size == 126:
                (size,) = struct.unpack("!H", self.exactly(2))
            elif size == 127:
                (size,) = struct.unpack("!Q", self.exactly(8))
            payload = self.exactly(size)
            opcode = first & 15
            if opcode == 8:
                raise ConnectionError(f"closed with {struct.unpack('!H', payload[:2])[0] if payload else 1005}")
            if opcode == 9:
                self.write(10, payload)
            elif opcode in (0, 1):
                text += payload
                if first & 0x80:
                    yield json.loads(text)
                    text = b""


def follow(channel, token):
    """Yields publications: each connection recovers what follows the last one."""
    position, failures = None, 0
    while True:
        try:
            ticket = post("/api/v1/auth/tickets", {}, token)["ticket"]
            connection = Socket(f"/api/v1/ws?ticket={ticket}")
            for message in connection.messages():
                kind = message["type"]
                if kind == "connected":
                    connection.send({"type": "subscribe", "channel": channel, "recover": position or "all"})
                elif kind == "subscribed":
                    failures = 0
                    if position and not message["recovered"]:
                        print("what lay between is lost", file=sys.stderr)
                elif kind == "event":
                    position = {"epoch": message["epoch"], "offset": message["offset"]}
                    yield message
                elif kind == "error":
                    sys.exit(message["message"])
        except OSError as error:
            print(f"connection lost: {error}", file=sys.stderr)
        failures += 1
        time.sleep(random.uniform(0, min(30, 0.5 * 2**failures)))


def main():
    token = os.environ.get("TRIBUTARY_TOKEN") or post(
        "/auth/login",
        {"username": os.environ["TRIBUTARY_USERNAME"], "password": os.environ["TRIBUTARY_PASSWORD"]},
    )["access_token"]
    left = int(sys.argv[2]) if len(sys.argv) > 2 else None
    for publication in follow(sys.argv[1], token):
        print(json.dumps(publication["data"], ensure_ascii=False), flush=True)
        if left is not None:
            left -= 1
            if left == 0:
                return


main()
