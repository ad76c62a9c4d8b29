"""Builds KServe's own Python models of a JSON list of manifests; prints a fault for each that does not fit.

The models are generated from KServe's OpenAPI document. They take what they do not know in silence, so every
field is looked up first; building one then asks for what is required.
"""

import json
import re
import sys

import kserve.models
import kubernetes.client.models

kinds = {"InferenceService": "V1beta1InferenceService", "ServingRuntime": "V1alpha1ServingRuntime"}
plain = {"str": str, "int": int, "float": (int, float), "bool": bool}


class Fault(Exception):
    pass


def model_of(name: str):
    # Kubernetes' client has them without their package's name.
    name = re.sub(r"^K8sIoApi[A-Z][a-z]+(?=V\d)", "", name)
    for module in (kserve.models, kubernetes.client.models):
        if hasattr(module, name):
            return getattr(module, name)
    raise Fault(f"no model {name}")


def build(value, name: str, at: str):
    if found := re.fullmatch(r"[Ll]ist\[(.+)\]", name):
        if not isinstance(value, list):
            raise Fault(f"{at}: expected a list, received {value!r}")
        return [build(item, found[1], f"{at}.{i}") for i, item in enumerate(value)]
    if found := re.fullmatch(r"(?:dict\(|Dict\[)str, (.+)[)\]]", name):
        if not isinstance(value, dict):
            raise Fault(f"{at}: expected a map, received {value!r}")
        return {key: build(item, found[1], f"{at}.{key}") for key, item in value.items()}
    if name in plain:
        # In Python a truth value is an integer, too.
        if not isinstance(value, plain[name]) or (name == "int" and isinstance(value, bool)):
            raise Fault(f"{at}: expected {name}, received {value!r}")
        return value
    if name in ("object", "IntOrString", "datetime"):
        return value
    model = model_of(name)
    if not isinstance(value, dict):
        raise Fault(f"{at}: expected {name}, received {value!r}")
    own = {key: attribute for attribute, key in model.attribute_map.items()}
    for key in value:
        if key not in own:
            raise Fault(f"{at}: {name} has no field {key}")
    fields = {
        own[key]: build(item, model.openapi_types[own[key]], f"{at}.{key}")
        for key, item in value.items()
    }
    try:
        return model(**fields)
    except ValueError as error:
        raise Fault(f"{at}: {error}") from error


def fault(manifest: dict) -> str | None:
    try:
        build(manifest, kinds[manifest["kind"]], manifest["kind"])
    except Fault as found:
        return str(found)
    return None


with open(sys.argv[1], encoding="utf-8") as file:
    json.dump([fault(manifest) for manifest in json.load(file)], sys.stdout)
