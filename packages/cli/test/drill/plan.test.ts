import assert from 'node:assert/strict';
import { drilledStacks } from '../../src/drill/plan';
import { loadProgram } from '../../src/load-program';
import { drilledProgram, drilledStack } from '../support/drilled';
import { project } from '../support/folders';
import { stackProgram } from '../support/programs';

describe('drilledStacks', () => {
  it('takes the endpoints that run on two sites of a stack, a standby included', () => {
    const more = `endpoint('alone', [dubai]); endpoint('warm', [north], dubai);`;
    const { stack, endpoints } = drilledStack({ recoverySeconds: 600, more });
    assert.equal(stack.node.path, 'bank/uae');
    assert.deepEqual(
      endpoints.map(({ endpoint, sites }) => [endpoint.name, sites.map(({ node }) => node.id)]),
      [
        ['fraud', ['dubai', 'north']],
        ['warm', ['dubai', 'north']],
      ],
    );
  });

  it('leaves out a stack that no endpoint runs on, and refuses a tree of such stacks alone', () => {
    const empty = `
const other = new ResidencyZone(app, 'other', { jurisdiction: Jurisdiction.AE_ONSHORE,
  places: ['aws:me-central-1', 'azure:uaenorth'], data: [DataClass.PERSONAL] });
const at = (id, place) => new Site(other, id, { place,
  images: new ImageRegistry({ place, prefix: 'registry.bank.example/serving' }),
  logs: none('a test'), metrics: none('a test'), traces: none('a test'), backup: none('a test') });
new ServingStack(other, 'uae', { sites: [at('dubai', 'aws:me-central-1'), at('north', 'azure:uaenorth')],
  standby: none('a test'), failover: Duration.seconds(2), images: none('a test'),
  recovery: { time: Duration.seconds(5), point: Duration.minutes(30) } });
`;
    assert.deepEqual(
      drilledProgram({ more: empty }).map(({ stack }) => stack.node.path),
      ['bank/uae'],
    );
    const source = stackProgram({ more: empty }).replace(/^endpoint\('fraud'.*$/m, '');
    const { file, app } = loadProgram(project({ 'main.ts': source }));
    assert.throws(() => drilledStacks({ file, roots: [app] }), {
      message:
        /: no ModelEndpoint runs on two sites of bank\/uae, other\/uae, so nothing was drilled$/,
    });
  });
});
