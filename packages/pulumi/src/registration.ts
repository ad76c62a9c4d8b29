import type { ManifestRecord } from '@manara/constructs';
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResource,
} from '@pulumi/pulumi';
import type { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { DeployError } from './deploy-error';
import type { OrderedObject } from './registration-order';
import { resourceClass } from './resource-class';
import { chartType, groupType, resourceName } from './resource-names';

/** Registers objects below a component of their chart, and one of their group where they have one. */
export class Registration {
  readonly #components = new Map<IConstruct, ComponentResource>();
  readonly #resources = new Map<ApiObject, CustomResource>();

  /** Registers a chart's component. Its objects inherit the provider. */
  registerChart(chart: Chart, opts: ComponentResourceOptions): ComponentResource {
    return this.#component(chartType(chart), chart, opts);
  }

  /**
   * Registers an object whose chart and dependencies are registered.
   *
   * @throws DeployError MANARA_DOCUMENT for a field that the resource's class would drop in silence
   */
  registerObject(item: OrderedObject, args: ManifestRecord): CustomResource {
    const { object, dependsOn } = item;
    const { apiVersion, kind } = object;
    const Class = resourceClass(apiVersion, kind);
    const resource = new Class(
      resourceName(object),
      { ...args, apiVersion, kind },
      {
        parent: this.#parentOf(item),
        dependsOn: dependsOn.flatMap((o) => this.#resources.get(o) ?? []),
      },
    );
    const dropped = Object.keys(args).filter((field) => !(field in resource));
    if (dropped.length > 0) {
      throw new DeployError(
        'MANARA_DOCUMENT',
        `${object.node.path}: this version of @pulumi/kubernetes has no field ${dropped.join(', ')} in ${apiVersion} ${kind}; correct the name, or update the package`,
      );
    }
    this.#resources.set(object, resource);
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
