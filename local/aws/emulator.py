"""Serves moto on a free port of the loopback address, prints the port, and ends with its standard input."""

import logging
import os
import sys

# moto answers for one account and must never reach AWS itself.
os.environ.update(
    AWS_ACCESS_KEY_ID="emulator",
    AWS_SECRET_ACCESS_KEY="emulator",
    AWS_EC2_METADATA_DISABLED="true",
)

from moto.server import ThreadedMotoServer  # noqa: E402

logging.getLogger("werkzeug").setLevel(logging.WARNING)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
