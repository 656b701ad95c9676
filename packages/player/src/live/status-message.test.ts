import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesFor } from "../controls/messages.ts";
import { type StatusInput, statusMessage } from "./status-message.ts";

const en = messagesFor("en");
const status = (input: Partial<StatusInput>) =>
  statusMessage(en, {
    state: "live",
    problem: null,
    msSinceLoad: 0,
    stallMs: 0,
    hasShownFrame: true,
    silence: null,
    soundLeftOutMs: null,
    awayMs: null,
    ...input,
  });

test("short waits show nothing, longer ones say what the player waits for", () => {
  assert.equal(status({}), null);
  assert.equal(status({ state: "connecting", msSinceLoad: 600 }), null);
  assert.equal(status({ state: "connecting", msSinceLoad: 800 }), en.connecting);
  assert.equal(status({ stallMs: 600 }), null);
  assert.equal(status({ stallMs: 800 }), en.buffering);
  assert.equal(status({ state: "reconnecting" }), en.reconnecting);
});

test("a picture that stands still says whether the connection or the teacher is the reason, and for how long", () => {
  const away = "Your teacher's connection broke off. Stay here, it goes on by itself. (0:42)";
  assert.equal(status({ stallMs: 3000, silence: { since: 0, cause: "publisher" }, awayMs: 42_000 }), away);
  assert.equal(status({ stallMs: 3000, silence: { since: 0, cause: "connection" } }), en.reconnecting);
});

test("a stream that was live and is not any more has not failed to begin: its publisher is absent", () => {
  const away = "Your teacher's connection broke off. Stay here, it goes on by itself. (1:02:03)";
  assert.equal(status({ state: "reconnecting", problem: "not-live", awayMs: 3_723_000 }), away);
  assert.equal(status({ state: "connecting", problem: "not-live" }), en.problems["not-live"]);
  assert.equal(status({ state: "failed", problem: "expired", awayMs: 42_000 }), en.problems.expired);
});

test("that the sound cannot be played is said for ten seconds, and less than what holds the picture up", () => {
  assert.equal(status({ soundLeftOutMs: 9000 }), en.withoutSound);
  assert.equal(status({ soundLeftOutMs: 11_000 }), null);
  assert.equal(status({ soundLeftOutMs: 9000, stallMs: 800 }), en.buffering);
});

test("a problem is named before anything else, and a pause only after a frame", () => {
  assert.equal(status({ state: "reconnecting", problem: "busy" }), en.problems.busy);
  assert.equal(status({ state: "paused" }), en.paused);
  assert.equal(status({ state: "paused", hasShownFrame: false }), null);
});

test("what the encoder sends wrong is named where its picture stands still", () => {
  const still = { stallMs: 3000, silence: { since: 0, cause: "publisher" }, awayMs: 3000 } as const;
  assert.equal(status({ ...still, problem: "picture-undecodable" }), en.problems["picture-undecodable"]);
});
