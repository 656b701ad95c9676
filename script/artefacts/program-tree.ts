/**
 * Lays out the files of a release for one processor: a folder that runs where it is unpacked.
 *
 *     lectern               starts the program
 *     lib/node              Node.js
 *     lib/server, lib/web   the compiled server and the pages
 *     lib/node_modules      what the server loads, without what only programmers read
 *     licences.txt, sbom.cdx.json, docs/, deploy/
 */
import { chmodSync, copyFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { licencesText } from "./licences.ts";
import {
  type Architecture,
  folderOf,
  nodePackage,
  type Package,
  type ReleaseOf,
  readJson,
  runtimePackages,
} from "./runtime-packages.ts";
import { softwareBill } from "./software-bill.ts";

const LAUNCHER = `#!/bin/sh
# Starts Lectern with the Node.js that is beside it.
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/lib/node" "$here/lib/server/dist/main.js" "$@"
`;
/** Types, sources and maps of packages, and other builds of the API reference: nothing loads them. Licences stay. */
const UNREAD =
  /\.(?:map|md|markdown|flow|ts|mts|cts|tsbuildinfo)$|(?:^|\/)(?:\.github|\.vscode|tests?|__tests__|examples?|benchmarks?|coverage)(?:\/|$)|^swagger-ui(?:-es-bundle(?:-core)?|-standalone-preset)?\.js$/i;
const LICENCE = /(?:^|\/)(?:licen[cs]e|copying|notice|copyright)[^/]*$/i;
/** Of the pages' folder, for checks of the build. */
const OF_BUILD = /^\.(?:vite|made-of|compressed)/;

/** Writes the folder, which must not be there. @returns what is inside */
export function layOut(directory: string, architecture: Architecture, release: ReleaseOf): readonly Package[] {
  const { tree, cache, version } = release;
  const at = (...path: string[]) => join(directory, ...path);
  const server = join(tree, "packages/server");
  const packages = runtimePackages(tree, architecture);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(at("lib/server"), { recursive: true });
  writeFileSync(at("lectern"), LAUNCHER);
  chmodSync(at("lectern"), 0o755);
  for (const folder of ["dist", "database", "scenarios"])
    cpSync(join(server, folder), at("lib/server", folder), { recursive: true, filter: (file) => !isOfBuild(file) });
  const { name, license, type }: Record<string, string> = readJson(join(server, "package.json"));
  writeFileSync(at("lib/server/package.json"), `${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`);
  cpSync(join(tree, "packages/web/dist"), at("lib/web/dist"), { recursive: true, filter: (file) => !isOfBuild(file) });
  cpSync(join(tree, "packages/web/documents"), at("lib/web/documents"), { recursive: true, filter: (file) => !isOfBuild(file) });
  for (const one of packages) {
    const from = folderOf(one, tree, cache);
    if (one.path === nodePackage(architecture)) copyFileSync(join(from, "bin/node"), at("lib/node"));
    else if (one.isLoaded) copyPackage(from, at("lib", one.path));
  }
  for (const file of ["LICENSE", "CHANGELOG.md", "README.md"]) copyFileSync(join(tree, file), at(file));
  for (const folder of ["docs", "deploy/systemd", "deploy/grafana"])
    cpSync(join(tree, folder), at(folder), { recursive: true, filter: (file) => file !== join(tree, "docs/site") });
  writeFileSync(at("licences.txt"), licencesText(packages, release));
  writeFileSync(at("sbom.cdx.json"), softwareBill(packages, release, architecture));
  return packages;
}

function copyPackage(from: string, to: string): void {
  cpSync(from, to, {
    recursive: true,
    filter: (file) => {
      const path = relative(from, file);
      // Packages inside are packages of their own.
      return path !== "node_modules" && (LICENCE.test(path) || !UNREAD.test(path));
    },
  });
}

function isOfBuild(file: string): boolean {
  return OF_BUILD.test(basename(file));
}
