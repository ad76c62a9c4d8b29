"""FastAPI as its users tune it: no pydantic, orjson both ways, the session called where the request is.

Run by `uvicorn --workers 2 --loop uvloop --http httptools`, so a process for each core.
"""

import orjson
from engine import Engine
from fastapi import FastAPI, Request, Response

engine = Engine()
app = FastAPI(openapi_url=None)


@app.post("/infer")
async def infer(request: Request):
    row = orjson.loads(await request.body())
    answer = {engine.output: engine.run_rows([row])[0]}
    return Response(orjson.dumps(answer, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")
