"""Everything that Triton's own Python clients ask a server, over HTTP (JSON and binary) and gRPC."""

import tritonclient.grpc as triton_grpc
import tritonclient.http as triton_http
from tritonclient.utils import InferenceServerException

from tensors import answer, read_job, to_array, to_tensor


def inspect(client, request, as_json):
    model, version = request["model"], request["version"]
    return {
        "live": client.is_server_live(),
        "ready": client.is_server_ready(),
        "modelReady": client.is_model_ready(model, version),
        "absentModelReady": client.is_model_ready("absent"),
        "server": client.get_server_metadata(**as_json),
        "metadata": client.get_model_metadata(model, version, **as_json),
        "config": client.get_model_config(model, version, **as_json),
        "index": client.get_model_repository_index(**as_json),
        "statistics": client.get_inference_statistics(model, version, **as_json),
    }


def refusal(client, module, request):
    """What the client makes of a request that the server must refuse: an input of the wrong shape."""
    wrong = module.InferInput(request["inputs"][0]["name"], [1, 1], "FP32")
    wrong.set_data_from_numpy(to_array({"hex": "00000000", "datatype": "FP32", "shape": [1, 1]}))
    try:
        client.infer(request["model"], [wrong], model_version=request["version"])
    except InferenceServerException as error:
        return {"status": error.status(), "message": error.message()}
    return None


def infer(client, module, request, binary=None):
    how = {} if binary is None else {"binary_data": binary}
    inputs = []
    for tensor in request["inputs"]:
        item = module.InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        item.set_data_from_numpy(to_array(tensor), **how)
        inputs.append(item)
    outputs = [module.InferRequestedOutput(name, **how) for name in request["outputs"]]
    result = client.infer(
        request["model"], inputs, model_version=request["version"], outputs=outputs, request_id="7"
    )
    return [to_tensor(name, result.as_numpy(name)) for name in request["outputs"]]


def main():
    job = read_job()
    first = job["requests"][0]
    with triton_http.InferenceServerClient(job["http"]) as http:
        with triton_grpc.InferenceServerClient(job["grpc"]) as grpc:
            answer(
                {
                    "http": inspect(http, first, {}),
                    "grpc": inspect(grpc, first, {"as_json": True}),
                    "refusals": {
                        "http": refusal(http, triton_http, first),
                        "grpc": refusal(grpc, triton_grpc, first),
                    },
                    "answers": {
                        "HTTP JSON": [infer(http, triton_http, r, False) for r in job["requests"]],
                        "HTTP binary": [infer(http, triton_http, r, True) for r in job["requests"]],
                        "gRPC": [infer(grpc, triton_grpc, r) for r in job["requests"]],
                    },
                }
            )


main()
