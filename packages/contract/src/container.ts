/** Annotation of a pod whose text is the configuration of its server. */
export const configAnnotation = 'manara.dev/config';

/** Name of the file that a pod's configuration is mounted as. */
export const configFileName = 'config.json';

const configFolder = '/etc/manara';

/** Where things are in the server's container, and who runs it. */
export const container = {
  /** Name of the image in a registry. */
  image: 'manara-server',
  /** Version of the image that goes with this package; a test holds it to the package's own. */
  tag: '0.1.0',
  /** Name of the container in a pod. */
  server: 'server',
  /** Name of the init container that brings the weights. */
  fetch: 'fetch-models',
  modelRepository: '/models',
  configFolder,
  configFile: `${configFolder}/${configFileName}`,
  /** Each Secret that the configuration's files lie in is a folder in here. */
  secretsFolder: '/etc/manara-secrets',
  /** Certificate of the authority that the site's collector is known by, where the site has one. */
  tracesAuthority: '/etc/manara-collector/ca.crt',
  /** The only writable path besides the model repository. */
  temporary: '/tmp',
  /** User and group; the number that distroless images call `nonroot`. */
  uid: 65532,
} as const;
