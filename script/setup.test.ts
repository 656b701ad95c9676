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
  const npm = "#!/bin/sh\ncp package-lock.json node_modules/installed\necho x >> node_modules/calls\n[ ! -f fails ]\n";
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
