#!/usr/bin/env python3
"""Starts an investigation and follows it over server-sent events, through broken connections, with resume.

Needs Python's standard library only. Prints each event as a line of JSON.
"""
import http.client
import json
import os
import random
import sys
import time
from urllib.parse import urlsplit

URL = urlsplit(os.environ.get("TRIBUTARY_URL", "http://localhost:8000"))
ENDS = {"complete", "error", "cancelled"}


def connect():
    kind = http.client.HTTPSConnection if URL.scheme == "https" else http.client.HTTPConnection
    return kind(URL.hostname, URL.port, timeout=70)


def call(method, path, body=None, token=None):
    """Sends one request and returns the JSON of its answer."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    connection = connect()
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    response = connection.getresponse()
    text = response.read()
    if response.status >= 400:
        sys.exit(f"{response.status}: {text.decode()}")
    return json.loads(text)


def frames(response):
    """Yields (event, id, data) for each frame of an event-stream."""
    event, identity, data = "message", None, []
    for raw in response:
        line = raw.decode().rstrip("\r\n")
        if line == "":
            if data:
                yield event, identity, "\n".join(data)
            event, data = "message", []
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                event = value
            elif field == "id":
                identity = value
            elif field == "data":
                data.append(value)


def follow(path, token):
    """Yields the events of a stream to its end: each connection goes on behind the position of the last event."""
    position, failures = None, 0
    while True:
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if position:
            headers["Last-Event-ID"] = position
        try:
            connection = connect()
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            if response.status == 204:
                return
            if response.status in (401, 403, 404):
                sys.exit(f"{response.status}: {response.read().decode()}")
            for event, identity, data in frames(response):
                failures = 0
                position = identity or position
                told = json.loads(data)
                if event == "recovery":
                    if not told["recovered"]:
                        print("what lay between is lost", file=sys.stderr)
                    continue
                yield told
                if told.get("type") in ENDS:
                    return
        except (OSError, http.client.HTTPException) as error:
            print(f"connection lost: {error}", file=sys.stderr)
        failures += 1
        time.sleep(random.uniform(0, min(30, 0.5 * 2**failures)))


def main():
    token = os.environ.get("TRIBUTARY_TOKEN") or call(
        "POST",
        "/auth/login",
        {"username": os.environ["TRIBUTARY_USERNAME"], "password": os.environ["TRIBUTARY_PASSWORD"]},
    )["access_token"]
    dataset = sys.argv[1] if len(sys.argv) > 1 else "sample"
    started = call("POST", "/api/v1/investigations", {"query": "everything", "dataset_id": dataset}, token)
    for told in follow(started["stream_url"], token):
        print(json.dumps(told, ensure_ascii=False))


main()
