import assert from 'node:assert/strict';
import { configAnnotation, type ServerConfig } from '@manara/contract';
import { App } from 'cdk8s';
import { ModelVersion } from '../../../src';
import { configAnnotations } from '../../../src/engines/onnx/pod-config';
import { refuses } from '../../support/errors';
import { newArtifact, newEndpoint, newSite, newZone } from '../../support/fixtures';
import { configText, documentOf } from '../../support/manifests';

const limit = 240 * 1024;

/** A configuration of so many bytes of text; each of these letters takes two. */
function configOf(bytes: number): ServerConfig {
  const empty = Buffer.byteLength(`${JSON.stringify({ host: '' }, null, 2)}\n`);
  const rest = bytes - empty;
  return { host: 'é'.repeat(Math.floor(rest / 2)) + 'e'.repeat(rest % 2) };
}

describe('configuration of pods', () => {
  it('is their annotation, up to 240 KiB', () => {
    const text = configAnnotations('bank/fraud', configOf(limit))[configAnnotation] ?? '';
    assert.equal(Buffer.byteLength(text), limit);
    assert.deepEqual(JSON.parse(text), configOf(limit));
    refuses(
      () => configAnnotations('bank/fraud', configOf(limit + 1)),
      'MANARA_ENGINE',
      `[bank/fraud] server.config.host: the longest part of the server's file, which the pods carry in an annotation; expected a file of at most ${limit} bytes, received ${limit + 1}; make the part shorter, or spread it over several endpoints`,
    );
  });

  it('cannot list any number of versions', () => {
    const version = (number: number) => new ModelVersion(number, newArtifact());
    const others = Array.from({ length: 1500 }, (_, i) => version(i + 2));
    refuses(
      () => newEndpoint(newSite(newZone()), { versions: [version(1), ...others] }),
      'MANARA_ENGINE',
      '[bank/fraud] versions: the longest part of the server',
    );
  });

  it('differs between an endpoint and its next one, with nothing else to change', () => {
    const [before, after] = [1, 2].map((defaultVersion) => {
      const app = new App();
      newEndpoint(newSite(newZone(app)), {
        versions: [new ModelVersion(1, newArtifact()), new ModelVersion(2, newArtifact())],
        defaultVersion,
      });
      return documentOf(app, 'Deployment', 'fraud');
    });
    assert.notEqual(configText(before), configText(after));
    const without = (document: unknown) =>
      JSON.stringify(document).replace(JSON.stringify(configText(document)), '""');
    assert.equal(without(before), without(after));
  });
});
