/**
 * Bundles packages/player for pages of others: as scripts that the server serves, and as modules of a package for npm.
 *
 *     node script/bundle-player.ts DIRECTORY
 *
 * writes `player.js`, which loads the version that is here, `player.json`, which names it, and `player/VERSION/` with the module, what it loads
 * later, and the hashes of all files. A version is named by the package's own and by the content, so that its files never change.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Plugin, type RolldownOptions, rolldown } from "rolldown";

const PACKAGE = join(import.meta.dirname, "../packages/player");
const TARGET = "es2022";
/** Digits of the content's hash in a version. */
const HASH_DIGITS = 8;

type File = { readonly name: string; readonly bytes: Buffer };

/** Writes what the server serves to others' pages. Gives the version. */
export async function bundleScript(directory: string): Promise<string> {
  const files = await bundle({
    input: { player: join(PACKAGE, "src/script.ts") },
    transform: { target: TARGET, define: { "process.env.NODE_ENV": '"production"' } },
  });
  const version = `${packageVersion()}-${hashOf(files)}`;
  const folder = join(directory, "player", version);
  rmSync(join(directory, "player"), { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const integrity = Object.fromEntries(files.map(({ name, bytes }) => [name, integrityOf(bytes)]));
  const hashes = Buffer.from(`${JSON.stringify({ version, files: integrity }, null, 2)}\n`);
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(directory, "player.js"), loaderOf(version));
  writeFileSync(join(folder, "integrity.json"), hashes);
  writeFileSync(join(directory, "player.json"), hashes);
  return version;
}

/**
 * Bundles the modules of a package for npm, which depend on libraries.
 * @param source the folder of the package; @param entries by their names, files in it
 */
export async function bundleModules(
  source: string,
  entries: Readonly<Record<string, string>>,
  external: readonly string[],
): Promise<readonly File[]> {
  const input = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(source, file)]));
  const plugins = [workerFiles()];
  return await bundle(
    { input, plugins, external: external.map((name) => new RegExp(`^${name}(/|$)`)), transform: { target: TARGET } },
    false,
  );
}

/**
 * Makes a file of its own of each worker, `import script from "./worker.ts?worker&url"`. Its address is written so that bundlers of pages find the file
 * (`new URL("./worker.js", import.meta.url)`).
 */
function workerFiles(): Plugin {
  const ending = "?worker&url";
  return {
    name: "worker-files",
    resolveId: (source, importer) =>
      source.endsWith(ending) && importer ? join(dirname(importer), source.slice(0, -ending.length)) + ending : null,
    load: {
      filter: { id: /\?worker&url$/ },
      async handler(id) {
        const input = id.slice(0, -ending.length);
        const [worker] = await bundle({ input, transform: { target: TARGET } });
        if (!worker) throw new Error(`${input} makes no script`);
        this.emitFile({ type: "asset", fileName: worker.name, source: worker.bytes });
        return `export default new URL("./${worker.name}", import.meta.url).href;`;
      },
    },
  };
}

async function bundle(options: RolldownOptions, isMinified = true): Promise<readonly File[]> {
  const made = await rolldown({ ...options, platform: "browser", logLevel: "silent" });
  const { output } = await made.generate({
    format: "esm",
    minify: isMinified,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await made.close();
  return output
    .map((file) => ({ name: file.fileName, bytes: Buffer.from(file.type === "chunk" ? file.code : file.source) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * The script whose address does not change. It runs as a module and as a classic script, where `import()` of a script without CORS is not relative
 * to its own address.
 */
function loaderOf(version: string): string {
  const path = JSON.stringify(`./player/${version}/player.js`);
  return `{const own=document.currentScript;own?import(new URL(${path},own.src).href):import(${path})}\n`;
}

function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(PACKAGE, "package.json"), "utf8"));
  return version;
}

function hashOf(files: readonly File[]): string {
  const hash = createHash("sha256");
  for (const { name, bytes } of files) hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  return hash.digest("hex").slice(0, HASH_DIGITS);
}

/** As the attribute `integrity` has it (W3C Subresource Integrity, section 3.1). */
function integrityOf(bytes: Buffer): string {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}

if (import.meta.main) {
  const [directory] = process.argv.slice(2);
  if (directory === undefined) throw new Error("the folder is missing");
  process.stdout.write(`${await bundleScript(directory)}\n`);
}
