"""What KServe's own Python clients ask a server, over REST (JSON and binary) and gRPC.

They cannot name a version, so that requests go to a model's latest one.
"""

import asyncio

from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig

from tensors import answer, read_job, to_array, to_tensor


def infer_request(request, binary):
    inputs = []
    for tensor in request["inputs"]:
        item = InferInput(tensor["name"], tensor["shape"], tensor["datatype"])
        item.set_data_from_numpy(to_array(tensor), binary_data=binary)
        inputs.append(item)
    return InferRequest(model_name=request["model"], infer_inputs=inputs)


def tensors(response, request):
    outputs = {output.name: output.as_numpy() for output in response.outputs}
    return [to_tensor(name, outputs[name]) for name in request["outputs"]]


async def rest(url, requests, binary):
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as client:
        return {
            "live": await client.is_server_live(url),
            "ready": await client.is_server_ready(url),
            "modelReady": await client.is_model_ready(url, requests[0]["model"]),
            "absentModelReady": await client.is_model_ready(url, "absent"),
            "answers": [
                tensors(await client.infer(url, infer_request(r, binary), r["model"]), r)
                for r in requests
            ],
        }


async def grpc(target, requests):
    async with InferenceGRPCClient(target) as client:
        return {
            "live": await client.is_server_live(),
            "ready": await client.is_server_ready(),
            "modelReady": await client.is_model_ready(requests[0]["model"]),
            "answers": [
                tensors(await client.infer(infer_request(r, True)), r) for r in requests
            ],
        }


async def main():
    job = read_job()
    url = "http://" + job["http"]
    answer(
        {
            "REST JSON": await rest(url, job["requests"], False),
            "REST binary": await rest(url, job["requests"], True),
            "gRPC": await grpc(job["grpc"], job["requests"]),
        }
    )


asyncio.run(main())
