/**
 * DNS rebinding: a name that people entered has a public address when it is checked, and one of this machine or its network when it is connected to. In a
 * network of its own, with a name server that does so, no connection leads to such an address.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

/** Public addresses of documents that everybody knows; in the test's network they are this machine's. */
const PUBLIC = "93.184.216.34";
const PUBLIC_V6 = "2606:2800:220:1::34";
const OWN = [`${PUBLIC}/32`, `${PUBLIC_V6}/128`, "169.254.169.254/32", "10.9.8.7/32", "fd00::7/128"];

type Report = {
  readonly calls: readonly string[];
  readonly kinds: readonly string[];
  readonly connected: readonly string[];
  readonly asked: number;
};

test("no request, source or forward connects to an address of this machine or its network, whatever a name server answers", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-rebinding-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const resolver = join(folder, "resolv.conf");
  writeFileSync(resolver, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n");
  const script = [
    "set -e",
    "ip link set lo up",
    ...OWN.map((address) => `ip addr add ${address} dev lo nodad 2>/dev/null || ip addr add ${address} dev lo`),
    // What the machine's own file is a link to may be missing here.
    `mount --bind ${resolver} "$(readlink -f /etc/resolv.conf)"`,
    `exec ${process.execPath} ${join(import.meta.dirname, "rebinding-calls.ts")} ${PUBLIC} ${PUBLIC_V6}`,
  ].join("\n");
  const { stdout } = await promisify(execFile)("unshare", ["--net", "--mount", "sh", "-c", script], { timeout: 120_000 });
  const { calls, kinds, connected, asked }: Report = JSON.parse(stdout);
  assert.ok(asked > calls.length * kinds.length, `${asked} questions were asked`);
  const isPublic = (line: string) => line.endsWith(` ${PUBLIC}`) || line.endsWith(` ${PUBLIC_V6}`);
  assert.deepEqual(
    connected.filter((line) => !isPublic(line)),
    [],
  );
  // A call that connects to nothing would show nothing.
  const reached = (call: string) => connected.some((line) => line.startsWith(`${call}: `) && isPublic(line));
  assert.deepEqual(
    calls.filter((call) => !reached(call)),
    [],
    "these reached no public address",
  );
});
