import assert from "node:assert/strict";
import { test } from "node:test";
import type { Admission } from "../../access/admission.ts";
import { ViewerSessions } from "../../access/credentials/viewer-sessions.ts";
import type { Stream } from "../streams/index.ts";
import { Sessions } from "./sessions.ts";

const SECRET = new ViewerSessions(Buffer.from("a secret of thirty-two bytes ..."));
const stream = (over: Partial<Stream> = {}) => ({ app: "live", name: "math", epoch: "one", ...over }) as Stream;

test("a session is accepted for its stream and epoch, by every process with the secret, until it expires", () => {
  const mine = stream();
  const session = new Sessions(SECRET).issue(mine, null, 1_000_000);
  assert.match(session, /^[\w-]{40}$/);
  const other = new Sessions(SECRET);
  assert.equal(other.verify(session, mine, 1_000_000), true);
  assert.equal(other.verify(session, mine, 1_000_000 + 25 * 3600_000), false);
  assert.equal(other.verify(session, stream({ epoch: "two" }), 1_000_000), false);
  assert.equal(other.verify(session, stream({ name: "physics" }), 1_000_000), false);
  assert.equal(new Sessions(new ViewerSessions(Buffer.from("another secret"))).verify(session, mine, 1_000_000), false);
});

test("a session of which any character was changed is refused", () => {
  const sessions = new Sessions(SECRET);
  const mine = stream();
  const session = sessions.issue(mine);
  // The last character has bits that mean nothing.
  for (let i = 0; i < session.length - 1; i++) {
    const changed = `${session.slice(0, i)}${session[i] === "A" ? "B" : "A"}${session.slice(i + 1)}`;
    assert.equal(sessions.verify(changed, mine), false, `character ${i}`);
  }
});

test("a viewer is counted while it renews, once, and by the same number everywhere", () => {
  const [here, there] = [new Sessions(SECRET), new Sessions(SECRET)];
  const mine = stream();
  const [first, second] = [here.issue(mine), here.issue(mine)];
  assert.equal(here.touch(first, mine, 0), true);
  assert.equal(here.touch(first, mine, 5000), false);
  here.touch(second, mine, 0);
  there.touch(first, mine, 0);
  assert.deepEqual([here.count(mine), here.size, there.count(mine)], [2, 2, 1]);
  assert.equal(new Set([...here.viewerNumbers(mine), ...there.viewerNumbers(mine)]).size, 2);
  here.sweep(13_000);
  assert.deepEqual(here.viewerNumbers(mine).length, 1);
  here.sweep(30_000);
  assert.deepEqual([here.count(mine), here.size], [0, 0]);
});

test("a viewer who asks for nothing keeps its seat at rest, and has it again when it asks again, here or at another process", () => {
  const told: string[] = [];
  const seat = {
    isTaken: true,
    name: (_number: number, isAttended: boolean) => told.push(`named ${isAttended}`),
    rest: (isResting: boolean) => told.push(isResting ? "rests" : "wakes"),
  };
  const admission = { name: "math", viewer: null, onWithdrawn: () => {}, close: () => told.push("closed"), seat };
  const [here, mine] = [new Sessions(SECRET), stream()];
  const session = here.issue(mine, admission as unknown as Admission);
  const start = performance.now();
  here.touch(session, mine, start);
  here.sweep(start + 11_000);
  assert.deepEqual(told, ["named true"]);
  here.sweep(start + 13_000);
  assert.deepEqual(told.splice(0), ["named true", "rests", "closed"]);
  here.touch(session, mine, start + 20_000);
  here.touch(session, mine, start + 21_000);
  assert.deepEqual(told.splice(0), ["wakes"]);
  here.sweep(start + 40_000);
  assert.deepEqual(told.splice(0), ["rests", "closed"]);
  const there = new Sessions(SECRET);
  there.touch(session, mine, start + 50_000);
  here.seenElsewhere(there.foreign(), start + 50_000);
  assert.deepEqual(told.splice(0), ["wakes"]);
  seat.isTaken = false;
  here.sweep(start + 70_000);
  assert.deepEqual(told, ["closed"], "its seat was lost");
});

test("a session that lost its seat has ended, however it is written", () => {
  const sessions = new ViewerSessions(Buffer.from("a secret of thirty-two bytes ..."));
  const [first, second] = [1, 2].map(() => sessions.issue({ recording: "r" }, null)) as [string, string];
  sessions.end([Buffer.from(first, "base64url").readUInt32BE(0)]);
  assert.deepEqual(
    [first, `${first}=`, second, "", "x"].map((one) => sessions.hasEnded(one)),
    [true, true, false, false, false],
  );
});
