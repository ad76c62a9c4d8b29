/** What packages carry for compilers, browsers, bundlers and readers; licences stay. */
const neverRead = [
  /\.(map|ts|mts|cts|flow|md|markdown|sh|tsbuildinfo)$/,
  /^(test|tests|bench|benchmarks|docs|examples?)\//,
  /^\./,
  // The same code for `import`, which this CommonJS program does not load.
  /^(dist-es|dist-types|build\/esm|build\/esnext|dist\/(esm|browser|react-native|workerd))\//,
];

/** What single packages carry besides. */
const neverReadOf = {
  // `lib` holds it for `require`.
  '@azure/msal-node': [/^(dist|src|types)\//],
  // Bundles for browsers.
  protobufjs: [/^dist\//],
  // Bundles for browsers, and for `require`, which it is not loaded by.
  'apache-arrow': [/^Arrow\.es/, /^(src|bin)\//],
  'csv-parse': [/^dist\/(iife|umd)\//],
  // SQLite's own sources.
  '@photostructure/sqlite': [/^(src|scripts)\//, /^binding\.gyp$/, /\.musl\.node$/],
};

/**
 * Tells which files of a package the server reads on one kind of machine.
 *
 * @param {string} name - the package
 * @param {'x64' | 'arm64'} arch
 * @returns {(path: string) => boolean} of a path inside the package, with forward slashes
 */
export function filesToKeep(name, arch) {
  const rules = [...neverRead, ...(neverReadOf[name] ?? [])];
  if (name === 'onnxruntime-node') rules.push(...otherPlatforms(arch));
  if (name === '@photostructure/sqlite') rules.push(new RegExp(`^prebuilds/(?!linux-${arch}/)`));
  return (path) => !rules.some((rule) => rule.test(path));
}

/** The package holds libraries for five platforms (290 MB), and a script that fetches CUDA's. */
function otherPlatforms(arch) {
  return [
    new RegExp(`^bin/napi-v\\d+/(?!linux/${arch}/)`),
    /libonnxruntime_providers_(cuda|tensorrt)/,
    /^(script|lib)\//,
  ];
}
