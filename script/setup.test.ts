/** When `script/up` and the others install packages: a stamp is trusted only for what is there now. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

/** A checkout whose `npm` writes down what it was called for, and fails where that is wanted. */
function checkout(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-setup-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const folder of ["script", "bin", "node_modules"]) mkdirSync(join(directory, folder));
  copyFileSync(join(import.meta.dirname, "setup.sh"), join(directory, "script/setup.sh"));
  const npm =
    '#!/bin/sh\n[ "$1" = install ] || exit 0\ncp package-lock.json node_modules/installed\necho x >> node_modules/calls\n[ ! -f fails ]\n';
  writeFileSync(join(directory, "bin/npm"), npm, { mode: 0o755 });
  const file = (name: string) => join(directory, name);
  const install = (version: string, kind: "run" | "all", fails = false): string => {
    writeFileSync(file("package-lock.json"), version);
    if (fails) writeFileSync(file("fails"), "");
    else rmSync(file("fails"), { force: true });
    const env = { ...process.env, PATH: `${file("bin")}:${process.env["PATH"]}` };
    try {
      execFileSync("bash", ["-c", `source script/setup.sh; install_packages ${kind}`], { cwd: directory, env, stdio: "pipe" });
    } catch (error) {
      if (!fails) throw error;
    }
    return readFileSync(file("node_modules/installed"), "utf8");
  };
  const calls = () => (existsSync(file("node_modules/calls")) ? readFileSync(file("node_modules/calls"), "utf8").length / 2 : 0);
  return { install, calls };
}

test("nothing is installed again while nothing has changed, and all packages serve for running too", (t) => {
  const { install, calls } = checkout(t);
  install("one", "all");
  install("one", "all");
  install("one", "run");
  assert.equal(calls(), 1);
});

test("after going back and forth between versions, the packages are those of the version, whichever kind was installed last", (t) => {
  const { install } = checkout(t);
  for (const [version, kind] of [
    ["one", "run"],
    ["two", "all"],
    ["one", "run"],
    ["two", "run"],
    ["one", "all"],
    ["two", "all"],
  ] as const)
    assert.equal(install(version, kind), version, `${version} ${kind}`);
});

test("an installation that fails leaves no stamp that vouches for what it has left", (t) => {
  const { install } = checkout(t);
  install("one", "run");
  install("two", "run", true);
  assert.equal(install("one", "run"), "one");
});

type Entry = { readonly resolved?: string; readonly peerDependencies?: Readonly<Record<string, string>> };

test("npm is given the addresses of packages, and for running none that only checks types", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "lectern-lock-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const checker = { version: "7.0.0", devOptional: true };
  const packages = {
    "": { dependencies: { page: "1" }, devDependencies: { checker: "1" } },
    "packages/own": { dependencies: { old: "1" } },
    "node_modules/own": { resolved: "packages/own", link: true },
    "node_modules/page": {
      version: "1.0.0",
      peerDependencies: { "@scope/wanted": "1", old: "1", checker: "1" },
      peerDependenciesMeta: { old: { optional: true }, checker: { optional: true } },
    },
    "node_modules/@scope/wanted": { version: "1.2.0" },
    "node_modules/checker": checker,
    "node_modules/old": { version: "3.0.0", dependencies: { checker: "1" } },
    "packages/own/node_modules/old": { name: "renamed", version: "1.0.0", dependencies: { "@scope/wanted": "1" } },
  };
  writeFileSync(join(directory, "package-lock.json"), JSON.stringify({ packages }));
  const lock = (kind: string): Readonly<Record<string, Entry>> => {
    const args = [join(import.meta.dirname, "lock-for-npm.mjs"), "https://registry.example", kind];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: directory, encoding: "utf8" })).packages;
  };
  const run = lock("run");
  assert.deepEqual(
    ["node_modules/@scope/wanted", "packages/own/node_modules/old", "node_modules/own"].map((path) => run[path]?.resolved),
    [
      "https://registry.example/@scope/wanted/-/wanted-1.2.0.tgz",
      "https://registry.example/renamed/-/renamed-1.0.0.tgz",
      "packages/own",
    ],
  );
  const peersOfPage = (entries: Readonly<Record<string, Entry>>) =>
    Object.keys(entries["node_modules/page"]?.peerDependencies ?? {});
  assert.deepEqual(peersOfPage(run), ["@scope/wanted"]);
  assert.deepEqual(peersOfPage(lock("all")), ["@scope/wanted", "old", "checker"]);
});
