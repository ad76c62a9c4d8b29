import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

const { Component, Hash, Property } = {
  Component: Models.Component,
  Hash: Enums.HashAlgorithm,
  Property: Models.Property,
};
const licences = new Contrib.License.Factories.LicenseFactory();

/** Where a component lies in the image, so that one can tell two of the same name apart. */
const placeProperty = 'manara:path';

/**
 * The bill of materials of the image's layers above its base, as CycloneDX 1.6: every package, Node.js, and
 * each native library as it is in the image. It has no time and no number of its own, so that the same
 * packages give the same bytes.
 *
 * @param {object} image
 * @param {{name: string, version: string, to: string, integrity?: string, manifest: object}[]} image.packages -
 *   of the folder `app`, the server itself among them; `to` is the folder below it
 * @param {{name: string, version: string, integrity: string, manifest: object}} image.node
 * @param {{path: string, owner: string, bytes: Buffer}[]} image.libraries - native code; `owner` is the folder
 *   of the package that it belongs to
 * @param {string} image.server - name of the package that is the server
 * @returns {string} JSON
 */
export function billOfMaterials({ packages, node, libraries, server }) {
  const bom = new Models.Bom();
  const components = new Map();
  for (const found of packages) {
    const component = packageOf(found, `/opt/manara/${found.to}`);
    components.set(found.to, component);
    if (found.name === server) {
      component.type = Enums.ComponentType.Application;
      bom.metadata.component = component;
    } else bom.components.add(component);
  }
  const interpreter = packageOf(node, '/usr/local/bin/node');
  // What its faults are published under.
  interpreter.cpe = `cpe:2.3:a:nodejs:node.js:${node.version}:*:*:*:*:*:*:*`;
  bom.components.add(interpreter);
  for (const library of libraries) {
    const owner = components.get(library.owner);
    owner.components.add(libraryOf(library, owner));
  }
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function packageOf({ name, version, integrity, manifest }, path) {
  const [group, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const component = new Component(Enums.ComponentType.Library, bare, {
    group,
    version,
    bomRef: path,
    purl: purlOf(name, version),
  });
  // The registry's own digest of the package, which `npm ci` checked.
  const [, sha512] = /^sha512-(\S+)/.exec(integrity ?? '') ?? [];
  if (sha512 !== undefined) {
    component.hashes.set(Hash['SHA-512'], Buffer.from(sha512, 'base64').toString('hex'));
  }
  addLicence(component, name, manifest);
  component.properties.add(new Property(placeProperty, path));
  return component;
}

/** Its version is its package's: that is what the engine is published in. */
function libraryOf({ path, bytes }, owner) {
  const component = new Component(Enums.ComponentType.File, path.split('/').at(-1), {
    version: owner.version,
    bomRef: `/opt/manara/${path}`,
  });
  component.hashes.set(Hash['SHA-256'], createHash('sha256').update(bytes).digest('hex'));
  for (const licence of owner.licenses) component.licenses.add(licence);
  component.properties.add(new Property(placeProperty, `/opt/manara/${path}`));
  return component;
}

function addLicence(component, name, { license, licenses }) {
  const stated = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type);
  if (stated === undefined) throw new Error(`${name}: its package.json names no licence`);
  component.licenses.add(licences.makeFromString(stated));
}

/** Source: package-url/purl-spec on GitHub, types/npm; read 2026-11. */
function purlOf(name, version) {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
}

/** The manifest of an installed package. */
export function manifestOf(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) throw new Error(`${folder} holds no package.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
