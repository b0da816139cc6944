#!/usr/bin/env python3
"""A webhook on this machine: answers 202 and writes each body as a line of the file that is named.

    sink.py FILE [PORT]

For TEAMS_WEBHOOK_URL=http://127.0.0.1:PORT/ with TEAMS_ALLOW_LOOPBACK=1; the port is 7080 unless named.
"""

import http.server
import json
import sys


class Sink(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(body) + "\n")
        self.send_response(202)
        self.end_headers()

    def log_message(self, *_):
        pass


if len(sys.argv) not in (2, 3):
    sys.exit(__doc__)
http.server.ThreadingHTTPServer(("127.0.0.1", int((sys.argv + ["7080"])[2])), Sink).serve_forever()
