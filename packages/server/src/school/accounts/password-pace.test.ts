import assert from "node:assert/strict";
import { test } from "node:test";
import { PasswordPace } from "./password-pace.ts";

test("a class that mistypes is not slowed, an address with wrong passwords only is, and others beside it are not", () => {
  let now = 0;
  const pace = new PasswordPace(() => now);
  for (let i = 0; i < 30; i++) {
    assert.equal(pace.start("a"), 0);
    pace.failed("a");
  }
  assert.deepEqual([pace.start("a"), pace.start("a"), pace.start("a")], [0, 500, 1000]);
  assert.equal(pace.start("b"), 0);
  now = 5000;
  assert.equal(pace.start("a"), 0, "ten failures are forgotten after five seconds");
});

test("a flood goes on at two checks a second, however many wait", () => {
  let now = 0;
  const pace = new PasswordPace(() => now);
  let checks = 0;
  for (; now < 60_000; now += 10) {
    const wait = pace.start("flood");
    checks++;
    now += wait;
    pace.failed("flood");
  }
  assert.ok(checks <= 30 + 60 * 2 + 2, `${checks}`);
});

test("a flood from many addresses takes bounded memory", () => {
  let now = 0;
  const pace = new PasswordPace(() => now);
  for (let i = 0; i < 50_000; i++) {
    now++;
    pace.failed(`10.${i}`);
  }
  const { size } = (pace as unknown as { addresses: Map<string, unknown> }).addresses;
  assert.ok(size <= 10_001, `${size}`);
});
