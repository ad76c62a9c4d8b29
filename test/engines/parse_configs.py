"""Parses each config.pbtxt of a JSON file, {name: text}, by Triton's own schema; prints what they say."""

import json
import sys

from google.protobuf import json_format, text_format
from tritonclient.grpc import model_config_pb2


def parsed(text: str) -> dict:
    config = text_format.Parse(text, model_config_pb2.ModelConfig())
    return json_format.MessageToDict(config, preserving_proto_field_name=True)


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump({name: parsed(text) for name, text in json.load(file).items()}, sys.stdout)
