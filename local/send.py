#!/usr/bin/env python3
"""Puts saved logs in front of a locally running function.

    send.py FILE...            into the emulator's hub (needs local/requirements.txt)
    send.py --admin FILE...    to the function's admin endpoint (needs Python only)

FILE may be a folder. A `.ndjson` file or a `PT1H.json` file is sent line by line; any other file is one
event, byte for byte. Gzip is unpacked first: only `replay` reads gzip, a hub would carry it as it is.
"""

import argparse
import gzip
import json
import os
import pathlib
import sys
import urllib.error
import urllib.request

# The emulator's published development key. It opens nothing but an emulator on this machine.
EMULATOR = (
    "Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;"
    "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;"
)
LARGEST_EVENT = 1024 * 1024


def files(paths):
    """Every file named, and every file under every folder named, in a stable order."""
    for path in map(pathlib.Path, paths):
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        else:
            yield path


def events(path):
    """The event bodies that one file stands for."""
    body = path.read_bytes()
    name = path.name
    if name.endswith(".gz"):
        body, name = gzip.decompress(body), name[:-3]
    if name.endswith((".ndjson", ".jsonl")) or name == "PT1H.json":
        return [line for line in body.splitlines() if line.strip()]
    return [body]


def to_hub(bodies, connection, hub):
    """Sends to the hub in as few batches as the service allows."""
    try:
        from azure.eventhub import EventData, EventHubProducerClient
        from azure.eventhub.exceptions import EventHubError
    except ImportError:
        sys.exit("send.py: azure-eventhub is missing: pip install -r local/requirements.txt")
    producer = EventHubProducerClient.from_connection_string(connection, eventhub_name=hub, retry_total=1)
    try:
        with producer:
            batch = producer.create_batch()
            for body in bodies:
                try:
                    batch.add(EventData(body))
                except ValueError:  # the batch is full
                    producer.send_batch(batch)
                    batch = producer.create_batch()
                    batch.add(EventData(body))
            if len(batch):
                producer.send_batch(batch)
    except EventHubError as fault:
        sys.exit(f"send.py: the hub {hub} does not answer: {fault}")


def to_admin(bodies, base, function):
    """One call for each event: the endpoint takes a single text, so bytes that are no UTF-8 are replaced."""
    url = f"{base.rstrip('/')}/admin/functions/{function}"
    for body in bodies:
        request = urllib.request.Request(
            url,
            data=json.dumps({"input": body.decode("utf-8", "replace")}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # 202: the host has taken it
            answer.read()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="+", metavar="FILE")
    options.add_argument("--admin", action="store_true", help="use the admin endpoint instead of the hub")
    options.add_argument("--host", default="http://localhost:7071", help="where `func start` listens")
    options.add_argument("--function", default="CertificateAccessed")
    options.add_argument("--hub", default=os.environ.get("EVENT_HUB_NAME") or "azure-logs")
    options.add_argument("--connection", default=os.environ.get("EventHubConnection") or EMULATOR)
    given = options.parse_args()

    bodies = []
    for path in files(given.paths):
        for body in events(path):
            if len(body) > LARGEST_EVENT:
                print(f"send.py: {path}: an event over 1 MiB is left out: no hub takes it", file=sys.stderr)
            else:
                bodies.append(body)
    try:
        if given.admin:
            to_admin(bodies, given.host, given.function)
        else:
            to_hub(bodies, given.connection, given.hub)
    except (OSError, urllib.error.URLError) as fault:
        sys.exit(f"send.py: {fault}")
    print(f"{len(bodies)} events sent")


if __name__ == "__main__":
    main()
