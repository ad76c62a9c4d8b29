"""Every datatype through KServe's Python clients: `same`, or what went wrong."""

import asyncio

from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig

from arrays import ARRAYS, JSON_ARRAYS, attempt_async, compare, model
from tensors import answer, read_job


def infer_request(datatype, array, binary):
    item = InferInput("x", list(array.shape), datatype)
    item.set_data_from_numpy(array, binary_data=binary)
    return InferRequest(model_name=model(datatype), infer_inputs=[item])


async def over(arrays, infer):
    async def one(datatype, array):
        response = await infer(datatype, array)
        return compare(array, response.outputs[0].as_numpy())

    return {
        datatype: await attempt_async(lambda: one(datatype, array))
        for datatype, array in arrays.items()
    }


async def main():
    job = read_job()
    url = "http://" + job["http"]
    async with InferenceRESTClient(RESTConfig(protocol="v2")) as rest:
        by_json = await over(
            JSON_ARRAYS, lambda d, a: rest.infer(url, infer_request(d, a, False), model(d))
        )
        by_bytes = await over(
            ARRAYS, lambda d, a: rest.infer(url, infer_request(d, a, True), model(d))
        )
    async with InferenceGRPCClient(job["grpc"]) as grpc:
        by_grpc = await over(ARRAYS, lambda d, a: grpc.infer(infer_request(d, a, True)))
    answer({"matrix": {"REST JSON": by_json, "REST binary": by_bytes, "gRPC": by_grpc}})


asyncio.run(main())
