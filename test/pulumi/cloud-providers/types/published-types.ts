import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** In place of Pulumi's SDK: an `Input<T>` is a `T`, as it is once the engine has resolved it. */
const sdk = `
export type Input<T> = T;
export declare namespace asset { class Asset {} class Archive {} class FileAsset {} class FileArchive {} }
export declare class Resource {}
export declare class CustomResource {}
`;

/** In place of the language's own library: what the compiler cannot do without. */
const library = `
interface Array<T> { readonly length: number; [index: number]: T }
interface Boolean {} interface Number {} interface Object {} interface RegExp {} interface String {}
interface CallableFunction {} interface Function {} interface IArguments {} interface NewableFunction {}
`;

const sdkFile = '/sdk.d.ts';
const libraryFile = '/library.d.ts';
const stood: Readonly<Record<string, string>> = { [sdkFile]: sdk, [libraryFile]: library };

const options: ts.CompilerOptions = {
  noLib: true,
  types: [],
  strict: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** A type, and the checker that can tell more of it. */
export interface PublishedType {
  readonly type: ts.Type;
  readonly checker: ts.TypeChecker;
}

/**
 * The types that a provider's npm package publishes, read with the compiler. Only the declarations
 * that a question leads to are read, and each once in a process: whole packages take minutes.
 */
export class PublishedTypes {
  readonly #folder: string;
  readonly #files = new Map<string, ts.SourceFile | undefined>();
  readonly #found = new Map<string, PublishedType>();

  /** @param packageName such as `@pulumi/aws` */
  constructor(packageName: string) {
    this.#folder = dirname(require.resolve(`${packageName}/package.json`));
  }

  /**
   * Type of the arguments of a resource, `aws:s3/bucket:Bucket` or `azure-native:storage:Vault`.
   *
   * @throws Error for a token that the package does not have
   */
  argsOf(token: string): PublishedType {
    const [, module = '', name = ''] = token.split(':');
    const path = module.includes('/')
      ? module
      : `${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    return this.#interface(path.replace(/^index\//, ''), `${name}Args`);
  }

  /** Type of the options of the provider itself. */
  get providerArgs(): PublishedType {
    return this.#interface('provider', 'ProviderArgs');
  }

  #interface(path: string, name: string): PublishedType {
    const known = this.#found.get(`${path} ${name}`);
    if (known !== undefined) return known;
    const file = join(this.#folder, `${path}.d.ts`);
    if (!existsSync(file)) throw new Error(`${this.#folder} publishes no ${path}.d.ts`);
    const program = ts.createProgram([libraryFile, file], options, this.#host());
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    const symbol = checker.getExportsOfModule(module).find((one) => one.name === name);
    if (symbol === undefined) throw new Error(`${file} has no interface ${name}`);
    const found = { type: checker.getDeclaredTypeOfSymbol(symbol), checker };
    this.#found.set(`${path} ${name}`, found);
    return found;
  }

  #host(): ts.CompilerHost {
    return {
      ...ts.createCompilerHost(options),
      fileExists: (path) => path in stood || existsSync(path),
      readFile: (path) => stood[path] ?? readFileSync(path, 'utf8'),
      getSourceFile: (path) => this.#sourceOf(path),
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => ({ resolvedModule: resolved(text, from) })),
    };
  }

  #sourceOf(path: string): ts.SourceFile | undefined {
    if (!this.#files.has(path)) {
      const text = stood[path] ?? readFileSync(path, 'utf8');
      this.#files.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
    }
    return this.#files.get(path);
  }
}

/** A file of the same package, or the SDK's stand-in. No argument's type names an output. */
function resolved(module: string, from: string): ts.ResolvedModuleFull | undefined {
  if (module === '@pulumi/pulumi') return declarations(sdkFile);
  if (!module.startsWith('.') || module.endsWith('types/output')) return undefined;
  const base = join(dirname(from), module);
  const file = [`${base}.d.ts`, join(base, 'index.d.ts')].find((path) => existsSync(path));
  return file === undefined ? undefined : declarations(file);
}

function declarations(file: string): ts.ResolvedModuleFull {
  return { resolvedFileName: file, extension: ts.Extension.Dts };
}
