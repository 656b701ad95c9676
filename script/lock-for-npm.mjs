/**
 * Writes what npm reads in place of package-lock.json for one installation (npm-shrinkwrap.json): with the address of each package, since npm would ask the registry for the
 * list of all versions of each first, which takes longer than the packages; and for running without packages that only check types. Runs on
 * the Node.js that npm has, 18 or newer.
 *
 *     node script/lock-for-npm.mjs REGISTRY run|all >npm-shrinkwrap.json
 */
import { readFileSync } from "node:fs";

const [registry = "", kind] = process.argv.slice(2);
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const { packages } = lock;
const inPackages = /^(?:.*\/)?node_modules\//;

for (const [path, entry] of Object.entries(packages)) {
  if (!inPackages.test(path) || entry.link || entry.resolved) continue;
  const name = entry.name ?? path.replace(inPackages, "");
  entry.resolved = `${registry.replace(/\/*$/, "/")}${name}/-/${name.replace(/^.*\//, "")}-${entry.version}.tgz`;
}
if (kind === "run") {
  const needed = neededPackages();
  for (const [path, { peerDependencies = {}, peerDependenciesMeta = {} }] of Object.entries(packages)) {
    for (const name of Object.keys(peerDependencies)) {
      // It would use this if it were there, which npm takes for a reason to install it.
      if (peerDependenciesMeta[name]?.optional && !needed.has(find(path, name))) delete peerDependencies[name];
    }
  }
}
process.stdout.write(JSON.stringify(lock));

/** Paths of what the packages of this repository depend on, without what is for development. */
function neededPackages() {
  const found = new Set();
  const waiting = Object.keys(packages).filter((path) => !inPackages.test(path));
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[from];
    const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) {
      const path = find(from, name);
      if (path === null || found.has(path)) continue;
      found.add(path);
      waiting.push(path);
    }
  }
  return found;
}

/** As Node.js looks: in the folder's own node_modules, and in those above. */
function find(from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const path = `${folder}${folder ? "/" : ""}node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === "") return null;
  }
}
