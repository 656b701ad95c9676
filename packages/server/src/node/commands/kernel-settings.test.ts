import assert from "node:assert/strict";
import { test } from "node:test";
import { KERNEL_SETTINGS } from "./kernel-settings.ts";

test("what Lectern recommends is fine, and what Linux begins with is not", () => {
  const begin: Readonly<Record<string, string>> = {
    "net.ipv4.tcp_notsent_lowat": "4294967295",
    "net.ipv4.tcp_congestion_control": "cubic",
    "net.ipv4.tcp_slow_start_after_idle": "1",
    "net.core.somaxconn": "128",
    "net.core.rmem_max": "212992",
    "fs.file-max": "8192",
  };
  for (const { name, wanted, isFine } of KERNEL_SETTINGS) {
    assert.ok(isFine(wanted), `${name} = ${wanted}`);
    assert.ok(!isFine(begin[name] ?? ""), `${name} = ${begin[name]}`);
  }
});
