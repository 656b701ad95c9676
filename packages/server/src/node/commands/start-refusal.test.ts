import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { explain, prepareDataDir, StartRefusal } from "./start-refusal.ts";

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-refusal-"));
  t.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test("a data directory is created, checked, and left without a trace", (t) => {
  const directory = join(folder(t), "a", "b");
  prepareDataDir(directory, false);
  assert.deepEqual(readdirSync(directory), []);
  prepareDataDir(directory, false);
});

test("a data directory that is a file, or lies below one, is refused with what to do", (t) => {
  const file = join(folder(t), "file");
  writeFileSync(file, "");
  assert.throws(() => prepareDataDir(file, false), { name: "StartRefusal", message: /is a file; choose .*--data/ });
  assert.throws(() => prepareDataDir(join(file, "data"), false), { name: "StartRefusal", message: /is a file; choose .*--data/ });
});

test("a data directory that cannot be written is refused with what to do", () => {
  // Root may write everywhere but here.
  assert.throws(() => prepareDataDir("/sys/kernel/lectern", false), {
    name: "StartRefusal",
    message: /\/sys\/kernel\/lectern cannot be written/,
  });
});

test("a data directory below /proc is refused in one line", () => {
  for (const path of ["/proc/lectern", "/proc/lectern/a/b", "/proc/1/lectern"])
    assert.throws(() => prepareDataDir(path, false), {
      name: "StartRefusal",
      message: /^\/proc\S* is a folder of the system .*--data$/,
    });
});

test("every failure is explained in words without a stack", () => {
  const system = (code: string, more: object = {}) => Object.assign(new Error(`${code}: listen`), { code, ...more });
  const failures: readonly [unknown, RegExp][] = [
    [new StartRefusal("the reason"), /^lectern: the reason$/],
    [Object.assign(new Error("no such host"), { name: "StoreError" }), /^lectern: no such host$/],
    [system("EADDRINUSE", { port: 8080 }), /port 8080 is in use .*--http-port/],
    [system("EACCES", { port: 80 }), /port 80 needs root/],
    [system("EADDRNOTAVAIL"), /http\.host and rtmp\.host/],
    [system("ENOSPC"), /disk is full/],
    [system("EMFILE"), /ulimit/],
    [new TypeError("x is not a function"), /unexpected error: x is not a function\n.*LECTERN_LOG_LEVEL=debug/],
    ["just text", /unexpected error: just text/],
  ];
  for (const [failure, words] of failures) {
    const { text, exitCode } = explain(failure);
    assert.match(text, words);
    assert.ok(!text.includes("    at "), text);
    assert.equal(exitCode, 1);
  }
});
