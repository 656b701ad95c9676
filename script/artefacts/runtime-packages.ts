/**
 * Determines which npm packages a release has: those that the compiled server loads from node_modules, with what they depend on for one processor,
 * and those that are part of the server's and the pages' files. Build tools are in neither.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/** As Node.js names processors. */
export type Architecture = "x64" | "arm64";

export type ReleaseOf = {
  readonly version: string;
  /** Seconds since 1970: the time of the commit. All files have it. */
  readonly epoch: number;
  /** A built work tree. */
  readonly tree: string;
  /** For packages that are fetched. */
  readonly cache: string;
};

export type Package = {
  readonly name: string;
  readonly version: string;
  /** Where package-lock.json has it: `node_modules/a/node_modules/b`. */
  readonly path: string;
  /** The tarball's hash in package-lock.json (W3C Subresource Integrity). */
  readonly integrity: string;
  /** As package-lock.json has it, which has it from the package. */
  readonly licence: string;
  /** In files of its own, not as part of a bundle. */
  readonly isLoaded: boolean;
};

type LockEntry = {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly os?: readonly string[] | string;
  readonly cpu?: readonly string[] | string;
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};
type Lock = Readonly<Record<string, LockEntry>>;

/** The server finds files of these by their path, which the bundle does not show (`require.resolve`, `import.meta.resolve`). */
const FOUND_BY_PATH = ["@zxcvbn-ts/language-common", "ip2region", "pino-pretty", "swagger-ui-dist"] as const;
/** Counts installations of other packages for their authors when npm installs them. Nothing calls it. */
const LEFT_OUT = ["@scarf/scarf"];

/** @param tree a built work tree @returns in the order of their paths */
export function runtimePackages(tree: string, architecture: Architecture): readonly Package[] {
  const { packages: lock }: { packages: Lock } = readJson(join(tree, "package-lock.json"));
  const { bundled, loaded }: { bundled: readonly string[]; loaded: readonly string[] } = readJson(
    join(tree, "packages/server/dist/packages.json"),
  );
  const pages: { bundled: readonly string[] } = readJson(join(tree, "packages/web/dist/.vite/packages.json"));
  const roots = [...loaded.map(packageOf), ...FOUND_BY_PATH];
  const inFiles = closureOf(lock, roots, architecture);
  const all = new Set([...inFiles, nodePackage(architecture), ...bundled, ...pages.bundled]);
  return [...all].toSorted().map((path) => describe(lock, path, inFiles.has(path)));
}

/** The package with the program `node`. */
export function nodePackage(architecture: Architecture): string {
  return `node_modules/node-linux-${architecture}`;
}

/** Gives the folder of a package, which is fetched where it is for another processor than this machine's. */
export function folderOf({ name, version, path, integrity }: Package, tree: string, cache: string): string {
  const own = join(tree, path);
  if (existsSync(own)) return own;
  const folder = join(cache, `${name.replaceAll("/", "+")}-${version}`);
  if (existsSync(join(folder, "package.json"))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", cache, `${name}@${version}`], { encoding: "utf8" });
  const tarball = join(cache, packed.trim());
  const hash = `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`;
  if (hash !== integrity) throw new Error(`${name}@${version} is not what package-lock.json says`);
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  rmSync(tarball);
  return folder;
}

function closureOf(lock: Lock, roots: readonly string[], architecture: Architecture): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = roots.map((name): [string, string, boolean] => [name, "packages/server", true]);
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [name, from, isNeeded] = next;
    if (LEFT_OUT.includes(name)) continue;
    const path = resolve(lock, name, from);
    if (path === null && isNeeded) throw new Error(`${from} needs ${name}, which package-lock.json has not`);
    const entry = path === null ? undefined : lock[path];
    if (path === null || !entry || found.has(path) || !fits(entry, architecture)) continue;
    found.add(path);
    for (const dependency of Object.keys(entry.dependencies ?? {})) waiting.push([dependency, path, true]);
    for (const dependency of Object.keys(entry.optionalDependencies ?? {})) waiting.push([dependency, path, false]);
  }
  return found;
}

/** As Node.js looks: in the package's own node_modules, and in those above. */
function resolve(lock: Lock, name: string, from: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
    const path = `${folder}/node_modules/${name}`;
    if (lock[path]) return path;
    if (!folder.includes("/node_modules/")) break;
  }
  return lock[`node_modules/${name}`] ? `node_modules/${name}` : null;
}

function fits({ os, cpu, libc }: LockEntry, architecture: Architecture): boolean {
  const has = (wanted: readonly string[] | string | undefined, value: string) =>
    wanted === undefined || [wanted].flat().includes(value);
  return has(os, "linux") && has(cpu, architecture) && has(libc, "glibc");
}

function describe(lock: Lock, path: string, isLoaded: boolean): Package {
  const entry = lock[path];
  const name = entry?.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const { version, integrity, license: licence } = entry ?? {};
  if (version === undefined || integrity === undefined || licence === undefined)
    throw new Error(`package-lock.json has no version, hash or licence of ${path}`);
  return { name, version, path, integrity, licence, isLoaded };
}

/** `@scope/name` of `@scope/name/file`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

export function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8"));
}
