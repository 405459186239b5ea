"""Sends requests to an AWS endpoint with boto3: one JSON object per line in, one per line out, until input ends.

In:  {"service": "sqs", "operation": "CreateQueue", "parameters": {...}}
Out: {"answer": {...}} or {"error": {"code": "...", "message": "..."}}
"""

import json
import sys

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError

region, endpoint = sys.argv[1:3]
session = boto3.session.Session("emulator", "emulator", region_name=region)
config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"})
clients = {}


def plain(value):
    """What JSON does not know, as text."""
    return value.read().decode() if hasattr(value, "read") else str(value)


def send(service, operation, parameters):
    if service not in clients:
        clients[service] = session.client(service, endpoint_url=endpoint, config=config)
    answer = getattr(clients[service], xform_name(operation))(**parameters)
    answer.pop("ResponseMetadata", None)
    return answer


for line in sys.stdin:
    try:
        result = {"answer": send(**json.loads(line))}
    except ClientError as error:
        told = error.response.get("Error", {})
        result = {"error": {"code": str(told.get("Code")), "message": str(error)}}
    except ParamValidationError as error:
        result = {"error": {"code": "ParamValidation", "message": str(error)}}
    except Exception as error:  # the emulator's own failures arrive as answers that cannot be read
        result = {"error": {"code": type(error).__name__, "message": str(error)}}
    print(json.dumps(result, default=plain), flush=True)
