import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ConfigError, loadConfig } from "./load.ts";

function withFile(text: string, env: Record<string, string> = {}, set: [string, string][] = []) {
  const directory = mkdtempSync(join(tmpdir(), "lectern-config-"));
  const file = join(directory, "lectern.yaml");
  writeFileSync(file, text);
  try {
    return loadConfig({ file, env, set });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function mistakes(text: string, env: Record<string, string> = {}, set: [string, string][] = []): string[] {
  try {
    withFile(text, env, set);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.mistakes.map(({ where, what }) => `${where.replace(/^.*\//, "")}: ${what}`);
  }
}

test("without anything, the defaults of the contract hold", () => {
  const config = loadConfig({ file: null, env: {}, set: [] });
  assert.deepEqual([config.http.port, config.rtmp.port, config.rtmp.chunkSize, config.viewer.batchMs], [8080, 1935, 60000, 200]);
  assert.deepEqual(config.publish, { allow: "keys", keys: {}, graceSeconds: 15, supersedeAfterSeconds: 2 });
  assert.deepEqual(config.limits, {
    streams: 1000,
    viewers: 20000,
    perAddress: { connections: 8000, connectionsPerSecond: 200, requestsPerSecond: 2000, joinsPerSecond: 300 },
    perPerson: { requestsPerSecond: 300, burst: 3000 },
    perCode: { joinsPerSecond: 500, burst: 10_000 },
    perSession: { playlistsPerSecond: null, burst: null },
  });
});

test("an option is over the environment, which is over the file", () => {
  const file = "viewer:\n  batchMs: 100\nhttp: { port: 1 }\ndrainSeconds: 3\n";
  const config = withFile(file, { LECTERN_VIEWER_BATCH_MS: "150", LECTERN_HTTP_PORT: "2" }, [["http.port", "3"]]);
  assert.deepEqual([config.viewer.batchMs, config.http.port, config.drainSeconds], [150, 3, 3]);
});

test("values are YAML, so maps and lists can be given; text stays text", () => {
  const config = withFile("", {}, [
    ["publish.keys", '{"live/math": "12345678"}'],
    ["trustedProxies", "[10.0.0.0/8]"],
    ["dataDir", "123"],
  ]);
  assert.deepEqual(config.publish.keys, { "live/math": "12345678" });
  assert.deepEqual(config.trustedProxies, ["10.0.0.0/8"]);
  assert.equal(config.dataDir, "123");
});

test("a node can have the role probe alone", () => {
  assert.deepEqual(mistakes("roles: [probe]\n"), []);
});

test("every mistake is told with its place", () => {
  const text =
    "http:\n  port: many\nvewer:\n  batchMs: 1\nviewer:\n  batchMs: 5\n  speed: 3\nmetrics: { allow: [not-an-address] }\n";
  const found = mistakes(text);
  assert.ok(
    found.some((line) => line.startsWith("lectern.yaml:2: http.port")),
    found.join("\n"),
  );
  assert.ok(found.includes('lectern.yaml:3: there is no key "vewer"'));
  assert.ok(found.some((line) => line.startsWith("lectern.yaml:6: viewer.batchMs")));
  assert.ok(found.includes('lectern.yaml:7: there is no key "viewer.speed"'));
  assert.match(mistakes("metrics:\n  allow: [not-an-address]\n")[0] ?? "", /lectern.yaml:2: metrics.allow: "not-an-address"/);
  assert.match(mistakes("", { LECTERN_NO_SUCH: "1" })[0] ?? "", /LECTERN_NO_SUCH: there is no such key/);
  assert.match(mistakes("", {}, [["viewer.batchMs", "fast"]])[0] ?? "", /--set viewer.batchMs|batchMs: viewer.batchMs/);
  assert.match(mistakes("a: [1\nb: 2")[0] ?? "", /lectern.yaml:\d/);
  assert.match(mistakes("publish: { keys: { math: x } }")[0] ?? "", /APP\/NAME/);
});

test("a file that is not there is said so", () => {
  assert.throws(() => loadConfig({ file: "/nowhere/lectern.yaml", env: {}, set: [] }), /no such file/);
});

test("docs/configuration.md shows every key with its default", () => {
  const text = readFileSync(new URL("../../../../../docs/configuration.md", import.meta.url), "utf8");
  const example = /```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
  assert.deepEqual(withFile(example), loadConfig({ file: null, env: {}, set: [] }));
  const documented: string[] = [...(example.match(/[A-Za-z]+(?=:)/g) ?? [])];
  const keys = JSON.stringify(loadConfig({ file: null, env: {}, set: [] })).match(/"([A-Za-z]+)":/g) ?? [];
  for (const key of keys) assert.ok(documented.includes(key.slice(1, -2)), `${key} is not in docs/configuration.md`);
});
