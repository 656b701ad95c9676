import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { type PageAnswer, RoomPages } from "./room-pages.ts";
import { TestOwner } from "./test-owner.ts";

const stroke = { kind: "stroke", to: "all", key: null, body: { page: "1.1", ops: [["x"]] } } as const;

function openPages() {
  const [owner, clock] = [new TestOwner(), new ManualClock()];
  const pages = new RoomPages("r", owner.ask, clock);
  const pass = async (milliseconds: number): Promise<void> => {
    for (let left = milliseconds; left >= 0; left -= 10) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(left > 0 ? 10 : 0);
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  const read = (seq: number, page = "1.1", epoch: string | null = null) => pages.read(page, { epoch, seq });
  return { owner, clock, pages, pass, read };
}

const isAnswer = (one: PageAnswer | Refusal): one is PageAnswer => !(one instanceof Refusal);

test("all who ask at the same time are one request, and get the same bytes", async () => {
  const { owner, pass, read } = openPages();
  const asked = Array.from({ length: 10_000 }, () => read(0));
  await pass(0);
  const answers = await Promise.all(asked);
  assert.equal(owner.ofKind("page").length, 1);
  assert.equal(new Set(answers).size, 1);
  const [answer] = answers;
  assert.ok(answer && isAnswer(answer));
  assert.deepEqual(JSON.parse(String(await answer.plain())), { page: "1.1", epoch: "e", seq: 0, operations: [] });
});

test("while somebody writes, the owner is asked a few times a second, and nobody gets less than was asked for", async () => {
  const { owner, pass, read } = openPages();
  const asked: Promise<void>[] = [];
  const waits: number[] = [];
  for (let n = 0; n < 100; n++) {
    owner.append(stroke);
    const seq = owner.entries.length;
    asked.push(
      read(seq).then((answer) => {
        assert.ok(isAnswer(answer) && answer.position.seq >= seq);
        waits.push(owner.entries.length - seq);
      }),
    );
    await pass(10);
  }
  await pass(400);
  await Promise.all(asked);
  assert.ok(owner.ofKind("page").length <= 10, `${owner.ofKind("page").length} requests in a second`);
  assert.ok(Math.max(...waits) < 40);
});

test("who knows more than the owner has told waits for it; another epoch is told as it is", async () => {
  const { owner, pass, read } = openPages();
  let isThere = false;
  const later = read(1).then((answer) => {
    isThere = isAnswer(answer) && answer.position.seq === 1;
  });
  await pass(300);
  assert.equal(isThere, false);
  owner.append(stroke);
  await pass(300);
  await later;
  assert.ok(isThere);
  for (const nowhere of [read(500, "1.1", "another"), read(9_000_000)]) {
    await pass(300);
    assert.ok(isAnswer(await nowhere));
  }
});

test("a page that there is not is refused; an owner that cannot be reached is waited for, and not forever", async () => {
  const { owner, pass, read } = openPages();
  const code = async (answer: Promise<PageAnswer | Refusal>) => {
    const found = await answer;
    return found instanceof Refusal ? found.code : null;
  };
  const missing = code(read(0, "1.2"));
  await pass(0);
  assert.equal(await missing, "not-found");
  assert.equal(await code(read(0, "../x")), "not-found");
  owner.isAway = true;
  const waiting = code(read(0));
  await pass(1000);
  owner.isAway = false;
  await pass(1500);
  assert.equal(await waiting, null);
  owner.isAway = true;
  await pass(1000);
  const away = code(read(0));
  await pass(12_000);
  assert.equal(await away, "control-away");
});
