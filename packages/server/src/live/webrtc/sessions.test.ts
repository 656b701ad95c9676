import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { homeOf } from "./session-id.ts";
import { type SessionSlot, WebRtcSessions } from "./sessions.ts";

const HOME = { node: "north", worker: 2 };

function sessionsOf(limits: Partial<ReturnType<ConstructorParameters<typeof WebRtcSessions>[1]>> = {}) {
  return new WebRtcSessions(HOME, () => ({
    maxSessions: 10,
    maxPerAddress: 5,
    maxHalfOpen: 4,
    maxHalfOpenPerAddress: 2,
    ...limits,
  }));
}

function taken(place: SessionSlot | Refusal): SessionSlot {
  assert.ok(!(place instanceof Refusal));
  return place;
}

const codeOf = (place: SessionSlot | Refusal) => (place instanceof Refusal ? place.code : null);

test("a session's name says where it is, and no two are alike", () => {
  const sessions = sessionsOf();
  const [first, second] = [taken(sessions.take("whip", "192.0.2.1")), taken(sessions.take("whip", "192.0.2.1"))];
  assert.deepEqual(homeOf(first.id), HOME);
  assert.notEqual(first.id, second.id);
  for (const id of ["", "north.2", "north.2.short", `north.x.${"a".repeat(22)}`, `no/rth.2.${"a".repeat(22)}`])
    assert.equal(homeOf(id), null);
});

test("half-open sessions are few, of one address and of all", () => {
  const sessions = sessionsOf();
  const one = taken(sessions.take("whip", "192.0.2.1"));
  taken(sessions.take("whip", "192.0.2.1"));
  assert.equal(codeOf(sessions.take("whip", "192.0.2.1")), "too-many");
  one.connected();
  taken(sessions.take("whip", "192.0.2.1"));
  taken(sessions.take("whep", "192.0.2.2"));
  taken(sessions.take("whep", "192.0.2.3"));
  assert.equal(codeOf(sessions.take("whep", "192.0.2.4")), "too-many");
});

test("sessions of an address, and of the worker, are limited, and a place that is given back is free", () => {
  const sessions = sessionsOf({ maxHalfOpen: 100, maxHalfOpenPerAddress: 100 });
  const first = taken(sessions.take("whip", "2001:db8::1"));
  for (let i = 2; i <= 5; i++) taken(sessions.take("whep", `2001:db8::${i}`));
  assert.equal(codeOf(sessions.take("whep", "2001:db8::6")), "too-many", "an IPv6 network is one address");
  for (let i = 1; i <= 5; i++) taken(sessions.take("whep", `192.0.2.${i}`));
  assert.equal(codeOf(sessions.take("whep", "192.0.2.9")), "full");
  first.leave();
  first.leave();
  taken(sessions.take("whep", "192.0.2.9"));
  assert.deepEqual([sessions.count("whip"), sessions.count("whep")], [0, 10]);
});

test("the last thousand sessions that ended are known by their names, those that were never opened are not", () => {
  const sessions = sessionsOf();
  const end = (kind: "whip" | "whep", isOpened = true) => {
    const slot = taken(sessions.take(kind, "192.0.2.1"));
    if (isOpened) slot.opened({ kind, stream: "live/math", ask: async () => new Refusal("no-such-session"), close: () => {} });
    slot.leave();
    slot.leave();
    return { session: slot.id, kind, stream: "live/math" };
  };
  const [first, refused] = [end("whip"), end("whip", false)];
  const known = () =>
    [first, refused, { ...first, stream: "live/art" }, { ...first, kind: "whep" as const }].map((of) => sessions.hasEnded(of));
  assert.deepEqual(known(), [true, false, false, false]);
  for (let i = 1; i < 1000; i++) end("whep");
  assert.equal(sessions.hasEnded(first), true);
  end("whep");
  assert.equal(sessions.hasEnded(first), false);
});
