#!/usr/bin/env python3
"""Asks many questions at once over POST /stream/chat and prints first byte, gaps between chunks, and failures.

Needs Python's standard library only.
"""
import argparse
import http.client
import json
import os
import statistics
import threading
import time
from urllib.parse import urlsplit


def login(url):
    """Returns a token for TRIBUTARY_USERNAME and TRIBUTARY_PASSWORD."""
    connection = http.client.HTTPConnection(url.hostname, url.port or 80)
    body = {"username": os.environ["TRIBUTARY_USERNAME"], "password": os.environ["TRIBUTARY_PASSWORD"]}
    connection.request("POST", "/auth/login", json.dumps(body), {"Content-Type": "application/json"})
    return json.load(connection.getresponse())["access_token"]


def ask(url, token, results):
    """Asks once and notes the seconds to the first byte, the gaps between chunks, and whether it ended well."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(url.hostname, url.port or 80)
    connection.request(
        "POST",
        "/stream/chat",
        json.dumps({"message": "Who are the largest suppliers?", "metadata": {}}),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    response = connection.getresponse()
    first, last, gaps, ended = None, None, [], False
    if response.status == 200:
        for line in response:
            now = time.monotonic()
            first = first or now - began
            if line.startswith(b"event: chunk"):
                if last is not None:
                    gaps.append(now - last)
                last = now
            ended = ended or line.startswith(b"event: end")
    results.append((first, gaps, ended))
    connection.close()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default=os.environ.get("TRIBUTARY_URL", "http://localhost:8000"))
    parser.add_argument("--token", default=os.environ.get("TRIBUTARY_TOKEN"))
    parser.add_argument("--streams", type=int, default=10)
    options = parser.parse_args()
    url = urlsplit(options.url)
    token = options.token or login(url)
    results = []
    threads = [threading.Thread(target=ask, args=(url, token, results)) for _ in range(options.streams)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    firsts = [first for first, _, _ in results if first is not None]
    gaps = [gap for _, some, _ in results for gap in some]
    whole = sum(1 for _, _, ended in results if ended)
    print(f"answers {whole} of {options.streams} in {time.monotonic() - began:.2f} s")
    if firsts:
        print(f"first byte ms: p50 {statistics.median(firsts) * 1000:.0f} p95 {percentile(firsts, 0.95):.0f}")
    if gaps:
        print(f"between chunks ms: p50 {statistics.median(gaps) * 1000:.1f} p95 {percentile(gaps, 0.95):.1f}")
    raise SystemExit(0 if whole == options.streams else 1)


if __name__ == "__main__":
    main()
