/**
 * Dependencies that only an install script, a compiler or a browser asks for. onnxruntime-node's two
 * serve its downloader of CUDA libraries, which nobody runs here; Azure's, logins of people in a browser;
 * msal-node carries what it takes of msal-common inside.
 */
const notAtRunTime = {
  '@azure/identity': ['@azure/msal-browser', 'open'],
  '@azure/msal-node': ['@azure/msal-common'],
  'onnxruntime-node': ['adm-zip', 'global-agent'],
  protobufjs: ['@types/node'],
  '@photostructure/sqlite': ['node-addon-api'],
  'apache-arrow': ['@types/node'],
};

/**
 * The production dependencies of a workspace, as the lock file pins them: the packages that
 * Node.js would find, each at the place where it would find it.
 *
 * @param {{packages: Record<string, any>}} lock - parsed package-lock.json, version 3
 * @param {string} workspace - folder of the workspace, as the lock file names it
 * @returns {{from: string, to: string, name: string, version: string, workspace: boolean}[]} sorted by `to`; `from`
 *   and `to` are folders, below the repository's root and below the image's folder
 * @throws Error for a dependency that the lock file does not hold
 */
export function productionClosure(lock, workspace) {
  const folders = new Set();
  const queue = [workspace];
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    const entry = lock.packages[folder];
    const name = nameOf(folder, entry);
    const skipped = notAtRunTime[name] ?? [];
    for (const dependency of Object.keys(entry.dependencies ?? {})) {
      if (skipped.includes(dependency)) continue;
      const found = resolve(lock, folder, dependency);
      if (found === undefined) {
        throw new Error(
          `package-lock.json pins no ${dependency}, which ${name} depends on; run npm install`,
        );
      }
      queue.push(found);
    }
  }
  return [...folders]
    .map((folder) => ({
      from: folder,
      to: placeOf(lock, folder),
      name: nameOf(folder, lock.packages[folder]),
      version: lock.packages[folder].version,
      workspace: !folder.includes('node_modules/'),
    }))
    .sort((a, b) => (a.to < b.to ? -1 : 1));
}

/** Looks where Node.js looks: beside the dependent, then in each folder above it. */
function resolve(lock, folder, dependency) {
  for (let at = folder; ; at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '') {
    const candidate = at === '' ? `node_modules/${dependency}` : `${at}/node_modules/${dependency}`;
    const entry = lock.packages[candidate];
    if (entry !== undefined) return entry.link === true ? entry.resolved : candidate;
    if (at === '') return undefined;
  }
}

/** A workspace's folder becomes an ordinary package: the image holds no links. */
function placeOf(lock, folder) {
  const [top, ...nested] = folder.split('/node_modules/');
  const root = top.startsWith('node_modules/') ? top : `node_modules/${lock.packages[top].name}`;
  return [root, ...nested].join('/node_modules/');
}

function nameOf(folder, entry) {
  return entry.name ?? folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
