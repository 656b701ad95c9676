/** How fast the bodies of requests have to come: those that are held in memory, and uploads that are passed on. */
import assert from "node:assert/strict";
import { PassThrough, Writable } from "node:stream";
import { test } from "node:test";
import type { MediaRequest } from "../../live/http/media-request.ts";
import { ByteBudget } from "../../platform/byte-budget.ts";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import { readBody } from "./request-body.ts";
import { streamUpload } from "./upload-stream.ts";

const KIB = 1024;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Sends a piece each second. Resolves with the second in which the body was refused, or null. */
async function hold(pieceBytes: number, seconds: number): Promise<{ refusedAt: number | null; length: number }> {
  const clock = new ManualClock();
  const body = new PassThrough();
  const request = { raw: body, headers: { "transfer-encoding": "chunked" } } as unknown as MediaRequest;
  const budget = new ByteBudget({ total: 64 * KIB * KIB, perKey: 64 * KIB * KIB });
  let refusedAt: number | null = null;
  let second = 0;
  const read = readBody(request, "a", { budget, clock }).then((result) => {
    if (!(result instanceof Refusal)) return result?.bytes.length ?? 0;
    assert.equal(result.code, "too-slow");
    assert.equal(budget.used, 0, "nothing of a refused body is held");
    refusedAt = second;
    return 0;
  });
  for (second = 1; second <= seconds && refusedAt === null; second++) {
    body.write(Buffer.alloc(pieceBytes));
    await turn();
    clock.advance(1000);
    await turn();
  }
  body.end();
  return { length: await read, refusedAt };
}

test("a body that is held may take 25 s, and then as long as it takes at 64 KiB/s", async () => {
  assert.deepEqual(await hold(1, 24), { length: 24, refusedAt: null });
  assert.equal((await hold(1, 30)).refusedAt, 26, "a byte each second buys next to nothing");
  assert.deepEqual(await hold(66 * KIB, 200), { length: 200 * 66 * KIB, refusedAt: null });
  assert.equal((await hold(32 * KIB, 200)).refusedAt, 50, "what has come until then buys its time");
});

type Upload = {
  readonly client: PassThrough;
  readonly clock: ManualClock;
  readonly received: () => number;
  readonly slow: () => boolean;
};

/** @param takes whether the receiver takes what it is sent */
function upload(takes: () => boolean): Upload & { readonly take: () => void } {
  const clock = new ManualClock();
  const client = new PassThrough();
  let waiting: (() => void) | null = null;
  let received = 0;
  let slow = false;
  const receiver = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _encoding, done) {
      received += piece.length;
      if (takes()) done();
      else waiting = done;
    },
  });
  streamUpload(client, receiver, () => void (slow = true), clock);
  const take = (): void => {
    waiting?.();
    waiting = null;
  };
  return { client, clock, received: () => received, slow: () => slow, take };
}

test("an upload goes on while each 25 s bring 256 KiB, and ends when they do not", async () => {
  const { client, clock, received, slow } = upload(() => true);
  for (let step = 1; step <= 20; step++) {
    client.write(Buffer.alloc(256 * KIB));
    await turn();
    clock.advance(25_000);
    assert.equal(slow(), false, `after ${step} steps`);
  }
  assert.equal(received(), 20 * 256 * KIB);
  client.write(Buffer.alloc(256 * KIB - 1));
  await turn();
  clock.advance(24_999);
  assert.equal(slow(), false);
  clock.advance(1);
  assert.equal(slow(), true);
  client.write("more");
  await turn();
  assert.equal(received(), 21 * 256 * KIB - 1, "nothing more is passed on");
});

test("time in which the receiver takes nothing does not count against an upload", async () => {
  let takes = true;
  const { client, clock, slow, take } = upload(() => takes);
  clock.advance(20_000);
  takes = false;
  client.write("a");
  await turn();
  clock.advance(120_000);
  assert.equal(slow(), false);
  takes = true;
  take();
  await turn();
  clock.advance(4_999);
  assert.equal(slow(), false, "the rest of the span begins when the receiver takes more");
  clock.advance(1);
  assert.equal(slow(), true);
});

test("an upload at the least speed ends in words before Node cuts it, and one that has ended is left alone", async () => {
  const endless = upload(() => true);
  let seconds = 0;
  for (; !endless.slow() && seconds < 3600; seconds += 25) {
    endless.client.write(Buffer.alloc(300 * KIB));
    await turn();
    endless.clock.advance(25_000);
  }
  assert.ok(seconds > 13 * 60 && seconds < 15 * 60, `${seconds} s`);
  const whole = upload(() => true);
  whole.client.end("all of it");
  await turn();
  await turn();
  whole.clock.advance(3_600_000);
  assert.deepEqual([whole.received(), whole.slow()], [9, false]);
});
