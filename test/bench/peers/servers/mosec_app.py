"""mosec with a worker for each core, batches of at most 32 and 1 ms of waiting, and orjson both ways."""

import orjson
from engine import Engine
from mosec import Server, Worker


class Inference(Worker):
    def __init__(self):
        self.engine = Engine()

    def deserialize(self, data):
        return orjson.loads(data)

    def serialize(self, data):
        return orjson.dumps(data, option=orjson.OPT_SERIALIZE_NUMPY)

    def forward(self, data):
        return [{self.engine.output: row} for row in self.engine.run_rows(data)]


if __name__ == "__main__":
    server = Server()
    server.append_worker(Inference, num=2, max_batch_size=32, max_wait_time=1)
    server.run()
