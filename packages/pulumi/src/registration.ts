import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
  type CustomResourceOptions,
} from '@pulumi/pulumi';
import type { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { DeployError } from './deploy-error';
import type { PreparedObject } from './prepared-objects';
import type { OrderedObject } from './registration-order';
import { resourceClass } from './resource-class';
import { chartType, groupType, resourceName } from './resource-names';

/** Of the whole program: what one registration waits for may be another's. */
const resources = new WeakMap<ApiObject, CustomResource>();

/** Registers objects below a component of their chart, and one of their group where they have one. */
export class Registration {
  readonly #components = new Map<IConstruct, ComponentResource>();

  /** Takes a component that exists for a construct's. */
  adopt(construct: IConstruct, component: ComponentResource): void {
    this.#components.set(construct, component);
  }

  /** Registers a chart's component. Its objects inherit the provider. */
  registerChart(chart: Chart, opts: ComponentResourceOptions): ComponentResource {
    return this.#component(chartType(chart), chart, opts);
  }

  /**
   * Registers an object whose chart and dependencies are registered.
   *
   * @throws DeployError MANARA_DOCUMENT for a field that the resource's class would drop in silence
   */
  registerObject(
    { item, args, ignoreChanges }: PreparedObject,
    opts: Pick<CustomResourceOptions, 'provider'> = {},
  ): CustomResource {
    const { object, dependsOn } = item;
    const { apiVersion, kind } = object;
    const Class = resourceClass(apiVersion, kind);
    const resource = new Class(
      resourceName(object),
      { ...args, apiVersion, kind },
      {
        ...opts,
        ignoreChanges: [...ignoreChanges],
        parent: this.#parentOf(item),
        dependsOn: dependsOn.flatMap((o) => resources.get(o) ?? []),
      },
    );
    const dropped = Object.keys(args).filter((field) => !(field in resource));
    if (dropped.length > 0) {
      throw new DeployError(
        'MANARA_DOCUMENT',
        `${object.node.path}: this version of @pulumi/kubernetes has no field ${dropped.join(', ')} in ${apiVersion} ${kind}; correct the name, or update the package`,
      );
    }
    resources.set(object, resource);
    return resource;
  }

  #parentOf({ object, group }: OrderedObject): ComponentResource | undefined {
    const { chart } = object;
    const parent = this.#components.get(chart);
    if (group === undefined) return parent;
    return (
      this.#components.get(group) ?? this.#component(groupType(chart, group), group, { parent })
    );
  }

  #component(
    type: string,
    construct: IConstruct,
    opts: ComponentResourceOptions,
  ): ComponentResource {
    const component = new ComponentResource(type, construct.node.path, {}, opts);
    this.#components.set(construct, component);
    return component;
  }
}
