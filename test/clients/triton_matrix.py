"""Every datatype through every way that Triton's Python clients have: `same`, or what went wrong."""

import asyncio
import queue

import tritonclient.grpc as triton_grpc
import tritonclient.grpc.aio as triton_grpc_aio
import tritonclient.http as triton_http
import tritonclient.http.aio as triton_http_aio

from arrays import ARRAYS, JSON_ARRAYS, attempt, attempt_async, compare, model
from tensors import answer, read_job


def http_request(datatype, array, binary):
    item = triton_http.InferInput("x", list(array.shape), datatype)
    item.set_data_from_numpy(array, binary_data=binary)
    return dict(
        model_name=model(datatype),
        inputs=[item],
        outputs=[triton_http.InferRequestedOutput("y", binary_data=binary)],
    )


def grpc_request(datatype, array):
    item = triton_grpc.InferInput("x", list(array.shape), datatype)
    item.set_data_from_numpy(array)
    return dict(
        model_name=model(datatype),
        inputs=[item],
        outputs=[triton_grpc.InferRequestedOutput("y")],
    )


def over(arrays, infer):
    return {
        datatype: attempt(lambda: compare(array, infer(datatype, array)))
        for datatype, array in arrays.items()
    }


async def over_async(arrays, infer):
    async def one(datatype, array):
        return compare(array, await infer(datatype, array))

    return {
        datatype: await attempt_async(lambda: one(datatype, array))
        for datatype, array in arrays.items()
    }


def streamed(client):
    """All datatypes through one stream, in turn: the answers come in the order of the requests."""
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for datatype, array in ARRAYS.items():
        client.async_stream_infer(**grpc_request(datatype, array), request_id=datatype)
    seen = {}
    for datatype, array in ARRAYS.items():
        result, error = answers.get(timeout=30)
        if error is not None:
            seen[datatype] = str(error)
        elif result.get_response().id != datatype:
            seen[datatype] = f"out of order: {result.get_response().id}"
        else:
            seen[datatype] = compare(array, result.as_numpy("y"))
    client.stop_stream()
    return seen


def refused_in_stream(client):
    """A request that is refused leaves the stream open for the next."""
    answers = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    wrong = grpc_request("FP32", ARRAYS["FP32"])
    client.async_stream_infer(**{**wrong, "model_name": "absent"})
    client.async_stream_infer(**wrong)
    first, second = answers.get(timeout=30), answers.get(timeout=30)
    client.stop_stream()
    return {"error": str(first[1]), "next": compare(ARRAYS["FP32"], second[0].as_numpy("y"))}


def grpc_async(client):
    def infer(datatype, array):
        answers = queue.Queue()
        client.async_infer(
            **grpc_request(datatype, array),
            callback=lambda result, error: answers.put((result, error)),
        )
        result, error = answers.get(timeout=30)
        if error is not None:
            raise error
        return result.as_numpy("y")

    return over(ARRAYS, infer)


def compressed(client, algorithm):
    return over(
        ARRAYS,
        lambda d, a: client.infer(
            **http_request(d, a, True),
            request_compression_algorithm=algorithm,
            response_compression_algorithm=algorithm,
        ).as_numpy("y"),
    )


def statistics(client, **how):
    stats = client.get_inference_statistics(model("UINT8"), **how)
    [one] = stats["model_stats"]
    return one


async def aio(job):
    async with triton_http_aio.InferenceServerClient(job["http"]) as http:

        async def binary(datatype, array):
            return (await http.infer(**http_request(datatype, array, True))).as_numpy("y")

        by_http = await over_async(ARRAYS, binary)
    async with triton_grpc_aio.InferenceServerClient(job["grpc"]) as grpc:

        async def raw(datatype, array):
            return (await grpc.infer(**grpc_request(datatype, array))).as_numpy("y")

        by_grpc = await over_async(ARRAYS, raw)
    return {"HTTP binary, asyncio": by_http, "gRPC, asyncio": by_grpc}


def repository(client, **how):
    """Unloads and loads a model, and says what happens to it on the way."""
    name = "add"
    client.unload_model(name)
    gone = client.is_model_ready(name)
    client.load_model(name)
    index = client.get_model_repository_index(**how)
    models = index["models"] if "models" in index else index
    [state] = [one["state"] for one in models if one["name"] == name]
    return {
        "readyAfterUnload": gone,
        "readyAfterLoad": client.is_model_ready(name),
        "state": state,
        "absent": attempt(lambda: client.load_model("absent")),
        "override": attempt(lambda: client.load_model(name, config="{}")),
    }


def main():
    job = read_job()
    with triton_http.InferenceServerClient(job["http"], concurrency=4) as http:
        with triton_grpc.InferenceServerClient(job["grpc"]) as grpc:
            matrix = {
                "HTTP JSON": over(
                    JSON_ARRAYS, lambda d, a: http.infer(**http_request(d, a, False)).as_numpy("y")
                ),
                "HTTP binary": over(
                    ARRAYS, lambda d, a: http.infer(**http_request(d, a, True)).as_numpy("y")
                ),
                "HTTP binary, async": over(
                    ARRAYS,
                    lambda d, a: http.async_infer(**http_request(d, a, True))
                    .get_result()
                    .as_numpy("y"),
                ),
                "HTTP binary, gzip": compressed(http, "gzip"),
                "HTTP binary, deflate": compressed(http, "deflate"),
                "gRPC": over(ARRAYS, lambda d, a: grpc.infer(**grpc_request(d, a)).as_numpy("y")),
                "gRPC, async": grpc_async(grpc),
                "gRPC, streaming": streamed(grpc),
                **asyncio.run(aio(job)),
            }
            answer(
                {
                    "matrix": matrix,
                    "refusedInStream": refused_in_stream(grpc),
                    "statistics": {
                        "http": statistics(http),
                        "grpc": statistics(grpc, as_json=True),
                    },
                    "repository": {
                        "http": repository(http),
                        "grpc": repository(grpc, as_json=True),
                    },
                }
            )


main()
