import { ModelEndpoint, ServingStack, type Site } from '@manara/constructs';
import type { IConstruct } from 'constructs';
import { CliError } from '../cli-error';
import type { Trees } from '../read-trees';

/** A stack, and what of it is drilled. */
export interface DrilledStack {
  readonly stack: ServingStack;
  /** Endpoints that run on two or more of its sites. */
  readonly endpoints: readonly DrilledEndpoint[];
}

export interface DrilledEndpoint {
  readonly endpoint: ModelEndpoint;
  /** Sites of the stack that it runs on, in the stack's order. */
  readonly sites: readonly Site[];
}

/**
 * The stacks of a program, with the endpoints that outlive the loss of one of their sites.
 *
 * @throws CliError where there is nothing to drill: that is not the same as being prepared
 */
export function drilledStacks({ file, roots }: Trees): readonly DrilledStack[] {
  const stacks = roots
    .flatMap((root) => root.node.findAll())
    .filter((construct): construct is IConstruct & ServingStack =>
      ServingStack.isServingStack(construct),
    );
  if (stacks.length === 0) {
    throw new CliError(
      `${file}: the tree holds no ServingStack, so nothing was drilled; add one over the sites that answer for each other`,
    );
  }
  const drilled = stacks
    .map((stack) => ({ stack, endpoints: drilledEndpoints(stack) }))
    .filter(({ endpoints }) => endpoints.length > 0);
  if (drilled.length === 0) {
    const names = stacks.map(({ node }) => node.path).join(', ');
    throw new CliError(
      `${file}: no ModelEndpoint runs on two sites of ${names}, so nothing was drilled`,
    );
  }
  return drilled;
}

function drilledEndpoints(stack: ServingStack): readonly DrilledEndpoint[] {
  return stack.zone.node.children
    .filter((child) => ModelEndpoint.isModelEndpoint(child))
    .map((endpoint) => {
      const used = endpoint.workloads.map(({ site }) => site);
      return { endpoint, sites: stack.allSites.filter((site) => used.includes(site)) };
    })
    .filter(({ sites }) => sites.length >= 2);
}
