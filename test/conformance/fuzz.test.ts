import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutExamples, ModelServer } from '../support/model-server';
import { pythonWith } from '../support/python';
import { layOutTestModels } from '../support/test-models';
import { conformanceFolder, fuzz, type FuzzReport } from './fuzzer';

/** Everything that does not change what is loaded; of twins by version some only. */
const asking =
  '^(?!repositoryModel(Load|Unload)$|modelVersionInfer\\.identity|model(Version)?Infer\\.document)';
const changing = '^repositoryModel(Load|Unload)$';

describe('a fuzzer that reads the served OpenAPI document', function () {
  this.timeout(Number(process.env.MANARA_FUZZ_MINUTES ?? '5') * 60_000);
  let python: string;
  let server: ModelServer;
  let folder: string;

  before(async function () {
    this.timeout(0);
    const found = pythonWith(join(conformanceFolder, 'requirements.txt'));
    if (found === undefined) return this.skip();
    python = found;
    folder = mkdtempSync(join(tmpdir(), 'manara-fuzz-'));
    const config = join(folder, 'server.json');
    const jobs = { folder: join(folder, 'jobs') };
    writeFileSync(config, JSON.stringify({ modelRepository: folder, jobs }));
    server = await ModelServer.start({
      layOut: (repository) => {
        layOutExamples(repository);
        layOutTestModels(repository);
      },
      more: ['--config', config, '--model-control-mode', 'explicit', '--load-model', '*'],
    });
  });

  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    const running = server as ModelServer | undefined;
    if (running !== undefined) assert.equal(await running.stop(), 0);
  });

  function run(operations: string, document?: string): Promise<FuzzReport> {
    const url = `http://${server.http}`;
    return fuzz(python, {
      document: document ?? `${url}/v2/openapi.json`,
      url,
      operations,
      folder,
    });
  }

  it('finds no deviation and no 5xx in what is asked of models', async () => {
    const report = await run(asking);
    assert.equal(report.exit_code, 0, report.output);
    assert.deepEqual([report.failures, report.errors, report.stop_reason], [[], [], 'completed']);
    assert.equal(report.operations.tested, report.operations.selected);
    assert.ok(report.test_cases.generated > 2000, `${report.test_cases.generated} cases only`);
  });

  it('would find an answer, and a refusal, that the document does not have', async () => {
    const response = await fetch(`http://${server.http}/v2/openapi.json`);
    const lie = (await response.text())
      .replace('"model_version":{"const":"1"}', '"model_version":{"const":"9"}')
      .replace('"ready":{"type":["boolean","null"]}', '"ready":{"type":"string"}');
    const file = join(folder, 'lie.json');
    writeFileSync(file, lie);
    const { exit_code, output } = await run('^(modelInfer\\.add|repositoryIndex)$', file);
    assert.equal(exit_code, 1);
    assert.match(output, /Response violates schema/);
    assert.match(output, /Schema-valid request rejected/);
  });

  it('finds none in loading and unloading', async () => {
    const report = await run(changing);
    assert.equal(report.exit_code, 0, report.output);
    assert.equal(report.operations.tested, 2);
    assert.ok(report.test_cases.generated > 50, `${report.test_cases.generated} cases only`);
  });
});
