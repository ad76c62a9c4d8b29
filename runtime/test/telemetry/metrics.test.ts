import assert from 'node:assert/strict';
import { ServerMetrics } from '../../src/telemetry/metrics';

describe('the scrape', () => {
  const metrics = new ServerMetrics(() => true);

  it('reads what a version counted, times in buckets that add up', async () => {
    const version = metrics.version('m', 1, () => 7);
    version.ready = true;
    for (const total of [400, 500, 501, 11_000_000]) {
      version.answered('http', 2, { total, queue: 1, compute: 3 });
    }
    version.executions = 3;
    version.failed('OTHER');
    version.failed('OTHER');
    const lines = (await metrics.scrape()).split('\n');
    const of = 'model="m",version="1"';
    for (const line of [
      `nv_inference_request_success{${of}} 4`,
      `nv_inference_count{${of}} 8`,
      `nv_inference_exec_count{${of}} 3`,
      `nv_inference_request_duration_us{${of}} 11001401`,
      `nv_inference_queue_duration_us{${of}} 4`,
      `nv_inference_compute_infer_duration_us{${of}} 12`,
      `nv_inference_request_failure{${of},reason="OTHER"} 2`,
      `nv_inference_pending_request_count{${of}} 7`,
      `manara_model_ready{${of}} 1`,
      'manara_server_ready 1',
      `manara_request_duration_seconds_bucket{le="0.0005",${of},protocol="http"} 2`,
      `manara_request_duration_seconds_bucket{le="0.001",${of},protocol="http"} 3`,
      `manara_request_duration_seconds_bucket{le="10",${of},protocol="http"} 3`,
      `manara_request_duration_seconds_bucket{le="+Inf",${of},protocol="http"} 4`,
      `manara_request_duration_seconds_sum{${of},protocol="http"} 11.001401`,
      `manara_request_duration_seconds_count{${of},protocol="http"} 4`,
      `manara_request_duration_seconds_count{${of},protocol="grpc"} 0`,
    ]) {
      assert.ok(lines.includes(line), `${line}\n${lines.join('\n')}`);
    }
  });

  it('has a bucket that ends at the objective, also where that is beyond all others', async () => {
    const exact = metrics.version('exact', 1, () => 0, 80);
    for (const total of [79_000, 80_000, 81_000]) {
      exact.answered('http', 1, { total, queue: 0, compute: 0 });
    }
    metrics.version('slow', 1, () => 0, 30_000);
    const lines = (await metrics.scrape()).split('\n');
    const bucket = 'manara_request_duration_seconds_bucket';
    for (const line of [
      `${bucket}{le="0.05",model="exact",version="1",protocol="http"} 0`,
      `${bucket}{le="0.08",model="exact",version="1",protocol="http"} 2`,
      `${bucket}{le="0.1",model="exact",version="1",protocol="http"} 3`,
      `${bucket}{le="30",model="slow",version="1",protocol="grpc"} 0`,
    ]) {
      assert.ok(lines.includes(line), line);
    }
  });

  it('goes on counting where a version is loaded again', async () => {
    const again = metrics.version('m', 1, () => 0);
    again.answered('grpc', 1, { total: 1, queue: 0, compute: 1 });
    const text = await metrics.scrape();
    assert.match(text, /nv_inference_request_success\{model="m",version="1"\} 5\n/);
    assert.match(text, /nv_inference_pending_request_count\{model="m",version="1"\} 0\n/);
  });
});
