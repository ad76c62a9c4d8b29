import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * Names of the objects in one cluster, and who has them. Two constructs that make an object of one name
 * would overwrite each other's.
 */
export class ObjectNames {
  /** Construct paths, by what the cluster tells objects apart by. */
  readonly #owners = new Map<string, string>();

  /**
   * One fault for each object below `root` whose name is taken, by another below it or by one that was
   * added. Nothing is added.
   */
  faults(root: IConstruct): readonly string[] {
    const seen = new Map<string, string>();
    return objectsIn(root).flatMap((object) => {
      const name = nameIn(object);
      const owner = this.#owners.get(name) ?? seen.get(name);
      if (owner === undefined) seen.set(name, object.node.path);
      return owner === undefined || owner === object.node.path ? [] : [takenBy(owner, object)];
    });
  }

  /** Takes the names of the objects below `root`. */
  add(root: IConstruct): void {
    for (const object of objectsIn(root)) this.#owners.set(nameIn(object), object.node.path);
  }
}

function objectsIn(root: IConstruct): readonly ApiObject[] {
  return root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
}

/** Without the version: an object of `autoscaling/v1` is one of `autoscaling/v2`, too. */
function nameIn({ apiGroup, kind, metadata, name }: ApiObject): string {
  return JSON.stringify([apiGroup, kind, metadata.namespace ?? '', name]);
}

function takenBy(owner: string, { kind, name, metadata, node }: ApiObject): string {
  const where = metadata.namespace === undefined ? '' : ` in namespace "${metadata.namespace}"`;
  return `${kind} "${name}"${where} is made twice, by "${owner}" and by "${node.path}", and one would overwrite the other; give one of them another id or name (MANARA_NAME)`;
}
