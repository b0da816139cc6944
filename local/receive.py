#!/usr/bin/env python3
"""Takes the messages out of a queue of Azurite and prints each as a line, until none came for a while.

    receive.py [--queue NAME] [--quiet SECONDS] [--first SECONDS]

It waits for the first one longer than for the next. Needs local/requirements.txt.
"""

import argparse
import base64
import sys
import time

# Azurite's published account. It opens nothing but an Azurite on this machine.
AZURITE = (
    "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
    "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
    "QueueEndpoint=http://127.0.0.1:10001/devstoreaccount1;"
)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--queue", default="certificate-alerts")
    options.add_argument("--first", type=float, default=300, metavar="SECONDS")
    options.add_argument("--quiet", type=float, default=90, metavar="SECONDS")
    given = options.parse_args()
    try:
        from azure.core.exceptions import AzureError, ResourceNotFoundError
        from azure.storage.queue import QueueClient
    except ImportError:
        sys.exit("receive.py: azure-storage-queue is missing: pip install -r local/requirements.txt")

    queue = QueueClient.from_connection_string(AZURITE, given.queue)
    taken, until = 0, time.monotonic() + given.first
    while time.monotonic() < until:
        try:
            messages = list(queue.receive_messages(max_messages=32, visibility_timeout=60))
        except ResourceNotFoundError:  # the host has not made it yet
            messages = []
        except AzureError as fault:
            sys.exit(f"receive.py: the queue {given.queue} does not answer: {fault}")
        for message in messages:
            print(base64.b64decode(message.content).decode(), flush=True)
            queue.delete_message(message)
        taken += len(messages)
        if messages:
            until = time.monotonic() + given.quiet
        else:
            time.sleep(1)
    print(f"{taken} messages taken", file=sys.stderr)
    if not taken:
        sys.exit(1)


if __name__ == "__main__":
    main()
