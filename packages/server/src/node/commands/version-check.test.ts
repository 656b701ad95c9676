/** What `lectern version --check` says of a release, and which keys of a configuration it names. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Deprecation } from "../deprecations.ts";
import { keysInUse, keysOf } from "./configured-keys.ts";
import { compareVersions, type ReleaseFile, readReleaseFile } from "./release-file.ts";
import { compareRelease } from "./version-check.ts";

const PORT: Deprecation = {
  part: "configuration",
  name: "rtmp.port",
  since: "1.1.0",
  until: "2027-12-01",
  instead: "Use rtmp.listen.",
};
const INSTALLED = { version: "1.1.0", migration: "0060-b", keys: ["rtmp.port", "http.port"] };

const release = (version: string, first: string, last: string, deprecations: Deprecation[] = []): ReleaseFile => ({
  version,
  date: "2026-12-01",
  database: { first, last },
  deprecations,
  files: [],
});

function fileWith(t: TestContext, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "lectern-release-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "file");
  writeFileSync(file, text);
  return file;
}

test("versions are in the order of Semantic Versioning, section 11", () => {
  const order = [
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.2.0",
    "1.10.0",
  ];
  assert.deepEqual(order.toReversed().toSorted(compareVersions), order);
});

test("a newer release says what becomes of the database, and what of the configuration will go", () => {
  const [head, database, key] = compareRelease(release("1.2.0", "0054-a", "0062-c", [PORT]), INSTALLED);
  assert.match(head?.text ?? "", /^1\.2\.0 of 2026-12-01 is newer than 1\.1\.0/);
  assert.match(database?.text ?? "", /changes the tables \(up to 0062-c\), after a backup/);
  assert.equal(key?.text, "rtmp.port is set here and works up to 2027-12-01 at least: Use rtmp.listen.");
  assert.match(compareRelease(release("1.2.0", "0054-a", "0060-b"), INSTALLED)[1]?.text ?? "", /tables stay as they are/);
});

test("a release that cannot read this database is refused: too new without one between, or older", () => {
  const isBad = (one: ReleaseFile) => compareRelease(one, INSTALLED).some((finding) => finding.isBad);
  assert.equal(isBad(release("3.0.0", "0070-x", "0080-y")), true);
  assert.equal(isBad(release("1.0.0", "0054-a", "0059-a")), true);
  assert.equal(isBad(release("1.0.0", "0054-a", "0060-b")), false);
});

test("keys are found in the file and in options, also below a deprecated group", (t) => {
  const keys = keysOf({
    file: fileWith(t, "rtmp: { port: 1 }\nhttp: { tls: { cert: a, key: b } }\n"),
    set: [["hls.strict", "true"]],
  });
  assert.deepEqual(keys, ["rtmp.port", "http.tls.cert", "http.tls.key", "hls.strict"]);
  const group: Deprecation = { ...PORT, name: "http.tls" };
  assert.deepEqual(keysInUse([PORT, group, { ...PORT, name: "rtmp.host" }, { ...PORT, part: "api" }], keys), [PORT, group]);
});

test("another file than a release.json is refused with what it lacks", (t) => {
  assert.throws(() => readReleaseFile(fileWith(t, '{"version":"1"}')), /is no release\.json/);
  assert.throws(() => readReleaseFile(fileWith(t, "x")), /is no release\.json/);
  assert.throws(() => readReleaseFile("/nowhere"), /cannot be read/);
});
