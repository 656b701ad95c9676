import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { leastEventLoopDelay, TESTED_HOLD_MS } from "../../platform/test-event-loop-delay.ts";
import { compileAddresses } from "./compile-addresses.ts";
import { LoadedLists } from "./loaded-lists.ts";
import { listedAddresses, listFile } from "./test-address-list.ts";
import { listMemory } from "./test-list-memory.ts";
import { compileHere } from "./test-naive-ranges.ts";

const MILLION = 1_000_000;
const directory = mkdtempSync(join(tmpdir(), "lectern-lists-"));
const [million, otherMillion] = [join(directory, "million"), join(directory, "other-million")];

before(async () => {
  for (const [file, seed] of [
    [million, 1],
    [otherMillion, 7],
  ] as const) {
    const compiled = await compileAddresses(listFile(listedAddresses(MILLION, seed)));
    assert.ok(compiled !== "too-many-entries");
    writeFileSync(file, compiled.bytes);
  }
});
after(() => rmSync(directory, { recursive: true, force: true }));

function fileOf(name: string, ...entries: readonly string[]): string {
  const file = join(directory, name);
  writeFileSync(file, compileHere(entries.join("\n")));
  return file;
}

test("a list answers from its load to its removal", async () => {
  const lists = new LoadedLists();
  assert.equal(lists.isListed("l1", "10.0.0.1"), null);
  const loading = lists.load("l1", 1, fileOf("one", "10.0.0.1"));
  assert.equal(lists.isListed("l1", "10.0.0.1"), null);
  await loading;
  assert.equal(lists.isListed("l1", "10.0.0.1"), true);
  assert.equal(lists.isListed("l1", "10.0.0.2"), false);
  assert.equal(lists.isListed("l2", "10.0.0.1"), null);
  lists.remove("l1");
  assert.equal(lists.isListed("l1", "10.0.0.1"), null);
});

test("a load that fails rejects and leaves the list before it", async () => {
  const lists = new LoadedLists();
  await lists.load("l1", 1, fileOf("good", "10.0.0.1"));
  const whole = compileHere("10.0.0.1\n10.0.0.5\n::1");
  const broken = join(directory, "broken");
  for (const bytes of [
    new Uint8Array(),
    whole.slice(0, 7),
    whole.slice(0, -1),
    Uint8Array.of(...whole, 0),
    whole.slice().fill(9),
  ]) {
    writeFileSync(broken, bytes);
    await assert.rejects(lists.load("l1", 2, broken), RangeError);
    assert.equal(lists.isListed("l1", "10.0.0.1"), true);
  }
  const unsorted = whole.slice();
  unsorted.set(whole.slice(20, 24), 24);
  writeFileSync(broken, unsorted);
  await assert.rejects(lists.load("l1", 2, broken), RangeError);
  await assert.rejects(lists.load("l1", 2, join(directory, "missing")), { code: "ENOENT" });
  await assert.rejects(lists.load("l1", 2, directory));
  assert.equal(lists.isListed("l1", "10.0.0.1"), true);
  await lists.load("l1", 2, fileOf("better", "10.0.0.2"));
  assert.deepEqual([lists.isListed("l1", "10.0.0.1"), lists.isListed("l1", "10.0.0.2")], [false, true]);
});

test("a version that is there, or is being read, is not read again", async () => {
  const lists = new LoadedLists();
  const file = fileOf("once", "10.0.0.1");
  await Promise.all([lists.load("l1", 1, file), lists.load("l1", 1, join(directory, "missing"))]);
  await lists.load("l1", 1, join(directory, "missing"));
  assert.equal(lists.isListed("l1", "10.0.0.1"), true);
});

test("of several loads, the one that was requested last counts", async () => {
  const lists = new LoadedLists();
  const small = fileOf("small", "240.1.0.1");
  // The million takes longer than what follows it.
  const loads = [lists.load("l1", 1, million), lists.load("l1", 2, join(directory, "missing")), lists.load("l1", 3, small)];
  await Promise.all(loads);
  assert.equal(lists.isListed("l1", "240.1.0.1"), true);
  await Promise.all([lists.load("l2", 2, small), lists.load("l2", 1, million)]);
  assert.equal(lists.isListed("l2", "240.1.0.1"), false);
});

test("a list that is removed while it is read stays removed", async () => {
  const lists = new LoadedLists();
  const loading = lists.load("l1", 1, million);
  lists.remove("l1");
  await loading;
  assert.equal(lists.isListed("l1", "10.0.0.1"), null);
  await lists.load("l1", 1, fileOf("again", "10.0.0.1"));
  assert.equal(lists.isListed("l1", "10.0.0.1"), true);
});

test("lookups go on while a list of a million is replaced, and see the one version or the other", {
  timeout: 120_000,
}, async () => {
  const lists = new LoadedLists();
  await lists.load("l1", 1, million);
  const firsts = new LoadedLists();
  await firsts.load("other", 1, otherMillion);
  // An address of the first version only, and one of the second only.
  const only = (of: number, others: (ip: string) => boolean | null): string => {
    for (const { inside } of listedAddresses(100, of)) if (others(inside) === false) return inside;
    return assert.fail("the lists are the same");
  };
  const old = only(1, (ip) => firsts.isListed("other", ip));
  const fresh = only(7, (ip) => lists.isListed("l1", ip));
  let isLoaded = false;
  const loading = lists.load("l1", 2, otherMillion).then(() => {
    isLoaded = true;
  });
  const seen: string[] = [];
  while (!isLoaded) {
    seen.push(`${lists.isListed("l1", old)} ${lists.isListed("l1", fresh)}`);
    await setImmediate();
  }
  await loading;
  seen.push(`${lists.isListed("l1", old)} ${lists.isListed("l1", fresh)}`);
  assert.deepEqual([...new Set(seen)], ["true false", "false true"]);
  assert.ok(seen.lastIndexOf("true false") > 10, "there were lookups while it was read");
});

test("replacing a list of a million does not hold the loop", { timeout: 120_000 }, async () => {
  const lists = new LoadedLists();
  let version = 0;
  const longest = await leastEventLoopDelay(() => lists.load("l1", ++version, version % 2 === 0 ? million : otherMillion));
  assert.equal(lists.isListed("l1", "240.1.0.1"), false);
  assert.ok(longest < TESTED_HOLD_MS, `${longest} ms of CPU between two turns of the loop`);
});

test("a million entries take less than 40 MB", { timeout: 120_000 }, async () => {
  const { accounted, resident } = await listMemory(million);
  assert.ok(accounted > 15e6 && accounted < 40e6, `${accounted} bytes in the heap and outside of it`);
  assert.ok(resident < 40e6, `${resident} bytes more are resident`);
});
