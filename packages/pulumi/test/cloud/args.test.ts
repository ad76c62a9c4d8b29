import assert from 'node:assert/strict';
import { kinds } from '@manara/constructs';
import { output } from '@pulumi/pulumi';
import { anyText, checkArgs, DeployError, refuseArg } from '../../src';

const component = { cloud: 'aws', name: 'Store' } as const;

function check(args: object): void {
  checkArgs(component, 'models', args as { days?: number; key: string; roles: string[] }, {
    days: kinds.optional(kinds.anyNumber),
    key: anyText,
    roles: kinds.listOf(anyText),
  });
}

function refusalOf(args: object): string {
  try {
    check(args);
  } catch (error) {
    assert(error instanceof DeployError);
    return error.message;
  }
  return 'accepted';
}

describe('checkArgs', () => {
  it('accepts text, an Output and a promise where an Input<string> is', () => {
    for (const key of ['a', output('a'), Promise.resolve('a')]) check({ key, roles: [key] });
  });

  it('names the component, the argument, what is allowed and what it received', () => {
    assert.equal(
      refusalOf({ key: 'a', roles: ['b', 3] }),
      'manara:aws:Store "models": roles.1: expected text or an Output of it; received 3 (MANARA_ARGS)',
    );
  });

  it('says of an Output what it is: a value that is not known yet', () => {
    assert.equal(
      refusalOf({ key: 'a', roles: [], days: output(3) }),
      'manara:aws:Store "models": days: expected a number; received an Output, whose value is known only after deployment (MANARA_ARGS)',
    );
  });

  it('refuses arguments that are none', () => {
    assert.equal(
      refusalOf(undefined as unknown as object),
      'manara:aws:Store "models": args: expected an object; received nothing (MANARA_ARGS)',
    );
  });
});

describe('refuseArg', () => {
  it('throws a DeployError with its code', () => {
    assert.throws(() => refuseArg(component, 'models', 'days', 'whole days', 1.5), {
      name: 'DeployError',
      code: 'MANARA_ARGS',
      message: 'manara:aws:Store "models": days: expected whole days; received 1.5 (MANARA_ARGS)',
    });
  });
});
