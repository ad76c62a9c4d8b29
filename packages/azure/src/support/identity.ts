import { RoleAssignment } from '@pulumi/azure-native/authorization';
import { UserAssignedIdentity } from '@pulumi/azure-native/managedidentity';
import { type Input, interpolate } from '@pulumi/pulumi';
import type { ChildContext } from '../azure-component';
import { type Role, roles } from '../facts/roles';
import type { Subscription } from './subscription';

/** An identity that a resource of Azure acts as. */
export function identity(
  { name, location, resourceGroupName, tags, child }: ChildContext,
  suffix = '',
): UserAssignedIdentity {
  return new UserAssignedIdentity(`${name}${suffix}`, { location, resourceGroupName, tags }, child);
}

interface Grant {
  /** Last part of the assignment's name. */
  readonly suffix: string;
  readonly role: Role;
  /** Id of the resource that it holds for, and of nothing beside it. */
  readonly scope: Input<string>;
  readonly to: UserAssignedIdentity;
  readonly subscription: Subscription;
}

/** Lets an identity do what a role may, on one resource. */
export function grant(
  { name, child }: Pick<ChildContext, 'name' | 'child'>,
  { suffix, role, scope, to, subscription }: Grant,
): RoleAssignment {
  return new RoleAssignment(
    `${name}-${suffix}`,
    {
      scope,
      roleDefinitionId: interpolate`/subscriptions/${subscription.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${roles[role]}`,
      principalId: to.principalId,
      principalType: 'ServicePrincipal',
    },
    child,
  );
}
