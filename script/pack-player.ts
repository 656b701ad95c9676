/**
 * Makes a package for npm of packages/player: modules without TypeScript, types, and what the package depends on. `npm pack` or `npm publish` there
 * makes the tarball.
 *
 *     node script/pack-player.ts [DIRECTORY]
 *
 * The default is packages/player/dist/npm.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { bundleModules } from "./bundle-player.ts";

const ROOT = join(import.meta.dirname, "..");
const PACKAGE = join(ROOT, "packages/player");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
/** The entries of the package, by the source that each is made of. */
const ENTRIES = { index: "src/index.ts", replay: "src/replay/replay-player.ts" } as const;
/** Installed beside the package. What else it imports becomes part of it. */
const LIBRARIES = ["hls.js"] as const;

type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** Writes the package. */
async function pack(directory: string): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const { name, bytes } of await bundleModules(ENTRIES, LIBRARIES)) writeFileSync(join(directory, name), bytes);
  writeTypes(join(directory, "types"));
  const own: Manifest = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifestOf(own), null, 2)}\n`);
  copyFileSync(join(ROOT, "LICENSE"), join(directory, "LICENSE"));
  copyFileSync(join(PACKAGE, "npm-readme.md"), join(directory, "README.md"));
}

function manifestOf({ name, version, description, license, dependencies }: Manifest) {
  const entry = (of: keyof typeof ENTRIES) => ({ types: `./types/${typesOf(ENTRIES[of])}`, default: `./${of}.js` });
  return {
    name,
    version,
    description,
    license,
    type: "module",
    exports: { ".": entry("index"), "./replay": entry("replay"), "./package.json": "./package.json" },
    // Importing an entry defines its element.
    sideEffects: ["./index.js", "./replay.js"],
    dependencies: Object.fromEntries(LIBRARIES.map((library) => [library, dependencies[library]])),
  };
}

function typesOf(source: string): string {
  return relative("src", source).replace(/\.ts$/, ".d.ts");
}

/** Writes the declarations of the entries and of what they name, and no others. */
function writeTypes(directory: string): void {
  const scratch = mkdtempSync(join(tmpdir(), "lectern-types-"));
  try {
    const tsconfig = join(PACKAGE, "tsconfig.json");
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
    const include = [...Object.values(ENTRIES), "src/engines/hls/hls-light.d.ts"].map((file) => join(PACKAGE, file));
    writeFileSync(project, JSON.stringify({ extends: tsconfig, compilerOptions, include, exclude: [] }));
    execFileSync(process.execPath, [TSC, "-p", project], { stdio: "inherit" });
    const from = join(scratch, "out/player/src");
    copyReachable(
      from,
      Object.values(ENTRIES).map((entry) => join(from, typesOf(entry))),
      directory,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Copies declarations and those that they import, whose endings become those of modules. */
function copyReachable(from: string, files: readonly string[], directory: string): void {
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
    const foreign = outside.find((name) => !LIBRARIES.some((library) => name === library || name.startsWith(`${library}/`)));
    if (foreign !== undefined) throw new Error(`${relative(from, file)} names ${foreign}, which the package does not depend on`);
    const target = join(directory, relative(from, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

const [directory = join(PACKAGE, "dist/npm")] = process.argv.slice(2);
if (!existsSync(TSC)) throw new Error("TypeScript is not installed: run npm install first");
await pack(directory);
process.stdout.write(`${directory}\n`);
