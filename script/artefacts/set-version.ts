/**
 * Gives all packages of a work tree a version, and each other's.
 *
 *     node script/artefacts/set-version.ts VERSION
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const [version] = process.argv.slice(2);
if (version === undefined) throw new Error("the version is missing");

const { workspaces }: { workspaces: readonly string[] } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const { packages }: { packages: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(join(ROOT, "package-lock.json"), "utf8"),
);
const isOwn = (path: string) => workspaces.some((pattern) => path === pattern || path.startsWith(pattern.replace(/\*$/, "")));
for (const folder of ["", ...Object.keys(packages).filter((path) => isOwn(path) && !path.includes("node_modules"))]) {
  const file = join(ROOT, folder, "package.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(/^( {2}"version": ")[^"]+/m, `$1${version}`).replace(/("@lectern\/\w+": ")[^"]+/g, `$1${version}`),
  );
}
