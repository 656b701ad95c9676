/** Provides the artefacts of two releases of what is committed, of which the second comes after the first: made once for all test files. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, ".cache/releases");
export const VERSIONS = { older: "9.0.0-rc.1", newer: "9.0.0" } as const;

/** @param attempt another one makes the same release again @returns the folder with its files */
export function releaseOf(version: string, attempt = ""): string {
  const commit = execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  const folder = join(FOLDER, `${commit}-${version}${attempt}`);
  if (existsSync(folder)) return folder;
  mkdirSync(FOLDER, { recursive: true });
  // Of earlier commits; each has hundreds of megabytes.
  for (const name of readdirSync(FOLDER)) if (!name.startsWith(commit)) rmSync(join(FOLDER, name), { recursive: true });
  const making = `${folder}.made`;
  rmSync(making, { recursive: true, force: true });
  execFileSync(join(ROOT, "script/release"), [version, "--out", making, "--arch", "x64"], { cwd: ROOT, stdio: "inherit" });
  renameSync(making, folder);
  return folder;
}

/** The first commit that makes releases, and its tables. */
const EARLIER = { commit: "5ba7ca2f", version: "8.9.0" } as const;

/** @returns the folder of a release that was made of an earlier commit; EARLIER_RELEASE names one that is there */
export function earlierRelease(): string {
  const known = process.env["EARLIER_RELEASE"];
  if (known !== undefined) return known;
  const folder = join(ROOT, ".cache", `earlier-release-${EARLIER.commit}`);
  if (existsSync(join(folder, "release.json"))) return folder;
  const clone = `${folder}.tree`;
  rmSync(clone, { recursive: true, force: true });
  execFileSync("git", ["clone", "--quiet", ROOT, clone]);
  execFileSync("git", ["checkout", "--quiet", EARLIER.commit], { cwd: clone });
  execFileSync(join(clone, "script/release"), [EARLIER.version, "--out", folder, "--arch", "x64"], {
    cwd: clone,
    stdio: "inherit",
  });
  rmSync(clone, { recursive: true });
  return folder;
}

/** The file of a release whose name ends so. */
export function artefact(folder: string, ending: string): string {
  const name = readdirSync(folder).find((file) => file.endsWith(ending));
  if (name === undefined) throw new Error(`${folder} has no ${ending}`);
  return join(folder, name);
}
