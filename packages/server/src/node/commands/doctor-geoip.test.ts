import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { configSchema } from "../../platform/config/schema.ts";
import { xdbFile } from "../../platform/geoip/test-tables.ts";
import { openLog } from "../../platform/log.ts";
import { checkGeoip } from "./doctor-geoip.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-doctor-places-"));
after(() => rmSync(folder, { recursive: true }));
const NOW = Date.parse("2026-06-01T12:00:00Z");
const check = (files: readonly string[]) => checkGeoip(configSchema.parse({ geoip: { files } }), openLog("silent"), NOW);

test("doctor names the tables that come with the program, and how old they are", async () => {
  assert.deepEqual(await check([]), {
    state: "good",
    what: "places of addresses: IPv4 of 2021-10-25, 1680 days old (comes with Lectern), IPv6 of 2021-05-11, 1847 days old (comes with Lectern)",
  });
});

test("doctor names the operator's files, and advises newer ones after a year", async () => {
  const path = join(folder, "v4.xdb");
  const write = (day: string) =>
    writeFileSync(path, xdbFile([["1.0.0.0", "1.0.0.255", "中国|北京|北京市|电信|CN"]], { madeAt: new Date(day) }));
  write("2026-05-01");
  const newer = await check([path]);
  assert.equal(newer.state, "good");
  assert.ok(newer.what.startsWith(`places of addresses: ${path} (xdb IPv4) of 2026-05-01, 31 days old, IPv4 of`), newer.what);
  write("2025-05-01");
  assert.equal((await check([path])).state, "advice");
});

test("a file that cannot be used is bad", async () => {
  const path = join(folder, "none.xdb");
  const { state, what } = await check([path]);
  assert.equal(state, "bad");
  assert.ok(what.includes(`${path} cannot be used (there is no such file)`), what);
});
