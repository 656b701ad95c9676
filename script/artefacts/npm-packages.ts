/** Packs the npm packages of a release. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { ReleaseOf } from "./runtime-packages.ts";

const NAMES = ["client", "player", "publisher"] as const;

/** @returns the files. npm gives all files in them one time, whatever day it is. */
export function packNpmPackages({ tree, cache }: ReleaseOf, out: string): readonly string[] {
  return NAMES.map((name) => {
    const folder = join(cache, `npm-${name}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    // Modules name their sources from where this runs.
    const program = join(tree, "script/pack-npm.ts");
    execFileSync(process.execPath, [program, name, folder], { cwd: tree, stdio: ["ignore", "ignore", "inherit"] });
    const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", out], { cwd: folder, encoding: "utf8" });
    rmSync(folder, { recursive: true });
    return join(out, packed.trim());
  });
}
