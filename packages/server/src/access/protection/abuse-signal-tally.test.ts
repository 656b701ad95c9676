import assert from "node:assert/strict";
import { test } from "node:test";
import { AbuseSignalTally } from "./abuse-signal-tally.ts";
import { attackToolOf } from "./attack-tools.ts";

const open = (over = {}) => new AbuseSignalTally({ isOn: () => true, isUncounted: () => false, isExempt: () => false, ...over });

test("a refused name counts once for each address, however often it is repeated", () => {
  const tally = open();
  for (let i = 0; i < 100; i++) {
    tally.noteName("10.0.0.1", "new-name", "live/math", "no-such-stream live/math");
    tally.noteName("10.0.0.2", "new-name", `live/${i}`, `no-such-stream live/${i}`);
  }
  assert.deepEqual(tally.take().find(({ owner }) => owner === "10.0.0.1")?.signs, { "new-name": 1 });
  tally.noteName("10.0.0.1", "new-name", "live/math", "");
  assert.deepEqual(tally.take(), []);
  const many = open();
  for (let i = 0; i < 5000; i++) many.noteName("10.0.0.2", "new-name", `live/${i}`, "");
  const seen = many.take()[0]?.signs["new-name"] ?? 0;
  assert.ok(seen > 3500 && seen <= 5000, `${seen} of 5000 names`);
});

test("addresses of one IPv6 network of 64 bits count as one", () => {
  const tally = open();
  tally.note("2001:db8::1", "malformed", "a");
  tally.note("2001:db8::2", "malformed", "b", 2);
  tally.good("2001:db8::3", 4);
  assert.deepEqual(tally.take(), [{ owner: "2001:db8:0:0::/64", good: 4, signs: { malformed: 3 }, about: "b", isExempt: false }]);
  assert.deepEqual(tally.take(), []);
});

test("nothing is counted for trusted proxies, or while protection is off", () => {
  const proxied = open({ isUncounted: (ip: string) => ip === "10.0.0.1" });
  proxied.note("10.0.0.1", "malformed");
  proxied.good("10.0.0.1");
  assert.deepEqual(proxied.take(), []);
  const off = open({ isOn: () => false });
  off.note("10.0.0.1", "malformed");
  off.noteName("10.0.0.1", "new-name", "x", "x");
  off.noteReferer("10.0.0.1", "nonsense");
  assert.deepEqual(off.take(), []);
});

test("of very many addresses, those with the most signs are reported first, and the others later", () => {
  const tally = open();
  for (let i = 0; i < 20_000; i++) tally.good(`10.1.${i >> 8}.${i & 255}`);
  tally.note("10.2.0.1", "slow");
  assert.deepEqual(tally.take()[0]?.owner, "10.2.0.1");
  const other = open();
  for (let i = 0; i < 5000; i++) other.note(`10.1.${i >> 8}.${i & 255}`, "slow", null, i === 4321 ? 1000 : 1);
  const reported = other.take();
  assert.deepEqual([reported.length, reported[0]?.signs.slow], [500, 1000]);
  let rest = 0;
  for (let next = other.take(); next.length > 0; next = other.take()) rest += next.length;
  assert.equal(rest, 4500);
});

test("a Referer that is no address counts once, and one of very many sites each", () => {
  const tally = open();
  for (let i = 0; i < 50; i++) tally.noteReferer("10.0.0.1", `https://site-${i}.example/page`);
  for (let i = 0; i < 100; i++) tally.noteReferer("10.0.0.2", `https://school.example/lesson/${i}`);
  assert.deepEqual(tally.take(), []);
  for (let i = 0; i < 9; i++) tally.noteReferer("10.0.0.2", "nonsense");
  for (let i = 0; i < 100; i++) tally.noteReferer("10.0.0.1", `https://other-${i}.example/`);
  const signs = tally.take();
  const seen = signs.find(({ owner }) => owner === "10.0.0.1")?.signs["new-referer"] ?? 0;
  assert.ok(seen > 85 && seen <= 100, `${seen} of 100 sites`);
  assert.deepEqual(signs.find(({ owner }) => owner === "10.0.0.2")?.signs, { "new-referer": 1 });
});

test("programs for attacks are known by their names, and others are not taken for them", () => {
  const tools = [
    "sqlmap/1.7#stable (https://sqlmap.org)",
    "Mozilla/5.00 (Nikto/2.1.6)",
    "Mozilla/5.0 zgrab/0.x",
    "masscan/1.3",
    "Nuclei",
  ];
  for (const tool of tools) assert.ok(attackToolOf(tool), tool);
  const others = [
    undefined,
    "",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
    "curl/8.1",
    "python-requests/2.31",
    "Go-http-client/1.1",
    "Lavf/60.16.100",
    "VLC/3.0.20 LibVLC/3.0.20",
    "hydrant/1.0",
  ];
  for (const other of others) assert.equal(attackToolOf(other), null, other);
});
