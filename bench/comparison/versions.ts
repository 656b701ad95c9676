/**
 * Prepares the two versions of a comparison: each commit gets a work tree and node_modules of its own, and is built there by its own scripts. A folder is
 * a working copy, which is built and run where it is. `close` removes the work trees.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { cacheDirectory } from "../load/clip.ts";
import { UsageError } from "../testbed/usage-error.ts";
import type { Version } from "./comparison.ts";
import { run } from "./run.ts";

const ROOT = join(import.meta.dirname, "../..");

export class Versions {
  /** Of this comparison alone: two of them may run. */
  private readonly directory = join(cacheDirectory(), `compare-${process.pid}`);
  private readonly trees: string[] = [];

  /**
   * @param side tells the work trees of one commit apart, which may be compared with itself
   * @throws UsageError when it is neither a commit nor a working copy
   */
  async prepare(name: string, side: "a" | "b", hasPages: boolean): Promise<Version> {
    const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const directory = isFolder ? resolve(name) : await this.checkOut(name, side);
    if (!existsSync(join(directory, "script/setup.sh"))) throw new UsageError(`${name} is no working copy of this repository`);
    process.stderr.write(`bench: building ${name}\n`);
    const build = ["install_packages all", "use_node", ...(hasPages ? ["build_pages"] : []), "compile_server"].join("; ");
    await run(["bash", "-c", `source script/setup.sh; ${build}`], { cwd: directory, env: { ASSUME_YES: "1" } });
    const [commit, subject] = (await git(directory, "log", "-1", "--format=%h%n%s")).split("\n");
    const isChanged = isFolder && (await git(directory, "status", "--porcelain")) !== "";
    return { name, commit: `${commit}${isChanged ? "+" : ""}`, subject: subject ?? "", directory };
  }

  async close(): Promise<void> {
    for (const tree of this.trees.splice(0)) await git(ROOT, "worktree", "remove", "--force", tree).catch(() => {});
    rmSync(this.directory, { recursive: true, force: true });
    await git(ROOT, "worktree", "prune").catch(() => {});
  }

  private async checkOut(name: string, side: string): Promise<string> {
    const commit = await git(ROOT, "rev-parse", "--verify", "--quiet", `${name}^{commit}`).catch(() => {
      throw new UsageError(`"${name}" is neither a commit nor a folder`);
    });
    mkdirSync(this.directory, { recursive: true });
    const tree = join(this.directory, side);
    this.trees.push(tree);
    await git(ROOT, "worktree", "add", "--quiet", "--detach", tree, commit);
    await linkPackages(tree);
    return tree;
  }
}

/**
 * Links this work tree's packages into another one with the same lock file. With another lock file, or on another file system, the version's own script
 * installs them.
 */
async function linkPackages(tree: string): Promise<void> {
  const lock = (root: string) => readFileSync(join(root, "package-lock.json"), "utf8");
  if (lock(tree) !== lock(ROOT)) return;
  for (const folder of globSync(["node_modules", "packages/*/node_modules"], { cwd: ROOT })) {
    if (!existsSync(dirname(join(tree, folder)))) continue;
    const isLinked = await run(["cp", "-al", join(ROOT, folder), join(tree, folder)]).then(
      () => true,
      () => false,
    );
    if (!isLinked) rmSync(join(tree, folder), { recursive: true, force: true });
  }
}

async function git(directory: string, ...args: string[]): Promise<string> {
  return (await run(["git", "-C", directory, ...args])).trim();
}
