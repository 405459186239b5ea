"""Serves moto on a free port of the loopback address, prints the port, and ends with its standard input."""

import json
import logging
import os
import sys

# moto must never reach AWS itself; it knows the policies that AWS provides.
os.environ.update(
    AWS_ACCESS_KEY_ID="emulator",
    AWS_SECRET_ACCESS_KEY="emulator",
    AWS_EC2_METADATA_DISABLED="true",
    MOTO_IAM_LOAD_MANAGED_POLICIES="true",
)

from moto.core.config import default_user_config  # noqa: E402
from moto.core.responses import BaseResponse  # noqa: E402
from moto.route53 import models as route53  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

# Functions answer without being run: their images are not there.
default_user_config["lambda"] = {"use_docker": False}
# Ids of hosted zones start with a Z at AWS.
zone_id = route53.create_route53_zone_id
route53.create_route53_zone_id = lambda **given: "Z" + zone_id(**given)[1:]
call_action = BaseResponse.call_action


def answer_what_is_missing(self):
    """An operation that moto does not have is answered as such, not as an internal error."""
    try:
        return call_action(self)
    except NotImplementedError as error:
        return 501, {}, json.dumps({"__type": "NotImplemented", "message": str(error)})


BaseResponse.call_action = answer_what_is_missing
logging.getLogger("werkzeug").setLevel(logging.WARNING)
server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
os._exit(0)
