/**
 * Makes a package for npm of packages/player, publisher or client: modules without TypeScript, types, and what the package depends on. `npm pack` or
 * `npm publish` there makes the tarball.
 *
 *     node script/pack-npm.ts player|publisher|client [DIRECTORY]
 *
 * The default is `dist/npm` of the package.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative, resolve } from "node:path";
import { bundleModules } from "./bundle-player.ts";

const ROOT = join(import.meta.dirname, "..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");

type Packed = {
  /** By the name of the entry, the source that it is made of. */
  readonly entries: Readonly<Record<string, string>>;
  /** Installed beside the package. What else it imports becomes part of it. */
  readonly libraries: readonly string[];
  /** Declarations of what its sources import, which are no part of it. */
  readonly declarations: readonly string[];
  /** Files beside the modules, which they load by their address. */
  readonly besides: readonly string[];
  /** Whether importing an entry does something: defines its element. */
  readonly hasSideEffects: boolean;
};

const PACKAGES: Readonly<Record<string, Packed>> = {
  player: {
    entries: { index: "src/index.ts", replay: "src/replay/replay-player.ts" },
    libraries: ["hls.js"],
    declarations: ["src/engines/hls/hls-light.d.ts"],
    besides: [],
    hasSideEffects: true,
  },
  publisher: {
    entries: { index: "src/index.ts" },
    libraries: [],
    declarations: ["src/worker-scripts.d.ts"],
    besides: ["src/websocket/samples-worklet.js"],
    hasSideEffects: false,
  },
  client: {
    entries: { index: "src/index.ts" },
    libraries: ["openapi-fetch"],
    declarations: [],
    besides: [],
    hasSideEffects: false,
  },
};

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Writes the package. */
async function pack(name: string, packed: Packed, directory: string): Promise<void> {
  const source = join(ROOT, "packages", name);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const { name: file, bytes } of await bundleModules(source, packed.entries, packed.libraries))
    writeFileSync(join(directory, file), bytes);
  for (const file of packed.besides) copyFileSync(join(source, file), join(directory, basename(file)));
  writeTypes(source, packed, join(directory, "types"));
  const own: Manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifestOf(own, packed), null, 2)}\n`);
  copyFileSync(join(ROOT, "LICENSE"), join(directory, "LICENSE"));
  copyFileSync(join(source, "npm-readme.md"), join(directory, "README.md"));
}

function manifestOf({ name, version, description, license, dependencies }: Manifest, packed: Packed) {
  const entries = Object.entries(packed.entries).map(([entry, source]) => [
    entry === "index" ? "." : `./${entry}`,
    { types: `./types/${typesOf(source)}`, default: `./${entry}.js` },
  ]);
  return {
    name,
    version,
    description,
    license,
    type: "module",
    exports: { ...Object.fromEntries(entries), "./package.json": "./package.json" },
    sideEffects: packed.hasSideEffects ? Object.keys(packed.entries).map((entry) => `./${entry}.js`) : false,
    dependencies: Object.fromEntries(packed.libraries.map((library) => [library, dependencies[library]])),
  };
}

function typesOf(source: string): string {
  return relative("src", source).replace(/\.ts$/, ".d.ts");
}

/** Writes the declarations of the entries and of what they name, and no others. */
function writeTypes(source: string, { entries, libraries, declarations }: Packed, directory: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "lectern-types-"));
  try {
    const tsconfig = join(ROOT, "packages/player/tsconfig.json");
    const project = join(scratch, "tsconfig.json");
    const compilerOptions = {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      stripInternal: true,
      outDir: join(scratch, "out"),
      rootDir: join(ROOT, "packages"),
      typeRoots: [join(ROOT, "node_modules/@types")],
    };
    const include = [...Object.values(entries), ...declarations].map((file) => join(source, file));
    writeFileSync(project, JSON.stringify({ extends: tsconfig, compilerOptions, include, exclude: [] }));
    execFileSync(process.execPath, [TSC, "-p", project], { stdio: "inherit" });
    const from = join(scratch, "out", basename(source), "src");
    const files = Object.values(entries).map((entry) => join(from, typesOf(entry)));
    copyReachable(from, files, libraries, directory);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Copies declarations and those that they import, whose endings become those of modules. */
function copyReachable(from: string, files: readonly string[], libraries: readonly string[], directory: string): void {
  const waiting = [...files];
  const seen = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const importer = file;
    const text = readFileSync(file, "utf8").replace(/(["'])(\.[^"']+)\.ts\1/g, (_match, quote: string, path: string) => {
      waiting.push(resolve(dirname(importer), `${path}.d.ts`));
      return `${quote}${path}.js${quote}`;
    });
    const outside = [...text.matchAll(/(?:from|import\()\s*["']([^."'][^"']*)["']/g)].flatMap(([, name]) => name ?? []);
    const foreign = outside.find((name) => !libraries.some((library) => name === library || name.startsWith(`${library}/`)));
    if (foreign !== undefined) throw new Error(`${relative(from, file)} names ${foreign}, which the package does not depend on`);
    const target = join(directory, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

const [name = "", directory = join(ROOT, "packages", name, "dist/npm")] = process.argv.slice(2);
const packed = PACKAGES[name];
if (!packed) throw new Error(`which package: ${Object.keys(PACKAGES).join(", ")}`);
if (!existsSync(TSC)) throw new Error("TypeScript is not installed: run npm install first");
await pack(name, packed, directory);
process.stdout.write(`${directory}\n`);
