/** The line to a room against a fake server and a manual clock: delays, resumption, actions until they are acknowledged, the way without WebSockets. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Action, Frame } from "@lectern/room";
import { RoomConnection, type RoomEnvironment, type RoomStatus } from "./room-connection.ts";
import { RoomError } from "./room-error.ts";
import { EventLines, type TransportEvents } from "./transport.ts";

type Line = {
  readonly url: string;
  readonly events: TransportEvents;
  readonly sent: Action[];
  readonly way: "socket" | "events";
  closed: boolean;
};

const YOU = { id: "p1", name: "Mei", role: "guest" };
const action = (id: string): Action => ({ id, kind: "chat", mediaTime: null, body: { text: id } });

function world(position: { current: string | null } = { current: null }) {
  const lines: Line[] = [];
  const timers = new Set<{ at: number; call: () => void }>();
  let now = 1_000_000;
  const open = (way: Line["way"]) => (url: string, events: TransportEvents) => {
    const line: Line = { url, events, sent: [], way, closed: false };
    lines.push(line);
    return {
      send: (one: Action) => void line.sent.push(one),
      close: () => {
        line.closed = true;
      },
    };
  };
  const environment: RoomEnvironment = {
    openSocket: open("socket"),
    openEventStream: open("events"),
    now: () => now,
    clock: { now: () => now, take: ({ earliest }) => void times.push(earliest) },
    after: (ms, call) => {
      const timer = { at: now + ms, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random: () => 0.5,
  };
  const times: number[] = [];
  const statuses: RoomStatus[] = [];
  const frames: Frame[] = [];
  const pending: string[][] = [];
  let failure: RoomError | null = null;
  const connection = new RoomConnection(
    "/api/v1/rooms/ABCD/socket?sign=1",
    {
      onFrame: (frame) => {
        frames.push(frame);
        return !frame.entries.some(({ epoch }) => epoch === "other");
      },
      onStatus: (status, error) => {
        if (statuses.at(-1) !== status) statuses.push(status);
        failure = error;
      },
      onPending: (list) => void pending.push(list.map(({ id }) => id)),
      position: () => position.current,
    },
    environment,
  );
  return {
    connection,
    times,
    lines,
    statuses,
    frames,
    pending,
    failure: () => failure,
    line: () => lines.at(-1)!,
    pass: (ms: number) => {
      const end = now + ms;
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.call();
      }
      now = end;
    },
    timers,
    open: () => lines.at(-1)!.events.onText(JSON.stringify({ you: YOU, epoch: "e", seq: 3, snapshot: [] })),
    say: (frame: unknown) => lines.at(-1)!.events.onText(JSON.stringify(frame)),
    lose: (error: RoomError | null = null) => lines.at(-1)!.events.onClose(error),
  };
}

test("the server's time in a first frame is taken", () => {
  const { times, say } = world();
  say({ you: YOU, now: 1_785_000_000_000, epoch: "e", seq: 3, snapshot: [] });
  say({ epoch: "e", seq: 4, entries: [] });
  assert.deepEqual(times, [1_785_000_000_000]);
});

test("a lost line is opened again after growing delays, and says after which entry it goes on", () => {
  const position = { current: null as string | null };
  const { line, lines, open, lose, pass, statuses } = world(position);
  assert.equal(line().url, "/api/v1/rooms/ABCD/socket?sign=1");
  open();
  position.current = "e.3";
  lose();
  pass(999);
  assert.equal(lines.length, 1);
  pass(1);
  assert.equal(line().url, "/api/v1/rooms/ABCD/socket?sign=1&after=e.3");
  open();
  lose();
  pass(1999);
  assert.equal(lines.length, 2);
  pass(1);
  assert.equal(lines.length, 3);
  assert.deepEqual(statuses, ["connecting", "open", "reconnecting", "open", "reconnecting"]);
});

test("an action is sent when there is a line, again after each loss, and no more once it is acknowledged", async () => {
  const { connection, line, open, lose, pass, say, pending } = world();
  const done = connection.send(action("a"));
  assert.deepEqual(line().sent, []);
  open();
  assert.deepEqual(line().sent, [action("a")]);
  lose();
  pass(1000);
  open();
  assert.deepEqual(line().sent, [action("a")]);
  say({ acks: [{ id: "a", seq: 4, answer: { held: true } }] });
  assert.deepEqual(await done, { seq: 4, answer: { held: true } });
  say({ epoch: "e", seq: 4, entries: [] });
  assert.deepEqual(pending.at(-1), []);
  pass(60_000);
  assert.equal(line().sent.length, 1);
});

test("an acknowledged action stays in the list until its entry has arrived", () => {
  const { connection, open, say, pending } = world();
  void connection.send(action("a"));
  open();
  say({ acks: [{ id: "a", seq: 9 }] });
  assert.deepEqual(pending.at(-1), ["a"]);
  say({ epoch: "e", seq: 8, entries: [] });
  assert.deepEqual(pending.at(-1), ["a"]);
  say({ epoch: "e", seq: 9, entries: [] });
  assert.deepEqual(pending.at(-1), []);
});

test("a refusal rejects with its code; one that passes is tried again when the server says", async () => {
  const { connection, line, open, say, pass } = world();
  open();
  const muted = connection.send(action("a"));
  const stored = connection.send(action("b"));
  say({ acks: [{ id: "a", code: "muted", detail: "The teacher has muted you.", retryAfter: 30 }] });
  await assert.rejects(muted, { code: "muted", detail: "The teacher has muted you.", retryAfter: 30 });
  say({ acks: [{ id: "b", code: "database-away", retryAfter: 8 }] });
  pass(7000);
  assert.equal(line().sent.filter(({ id }) => id === "b").length, 1);
  pass(2000);
  assert.equal(line().sent.filter(({ id }) => id === "b").length, 2);
  say({ acks: [{ id: "b", seq: 5 }] });
  assert.deepEqual(await stored, { seq: 5 });
});

test("where WebSockets bring nothing twice, server-sent events follow; a socket is tried again when they end", () => {
  const { lines, lose, pass, open, line } = world();
  lose();
  pass(1000);
  lose();
  pass(2000);
  assert.deepEqual(
    lines.map(({ way }) => way),
    ["socket", "socket", "events"],
  );
  open();
  lose();
  pass(30_000);
  assert.equal(line().way, "socket");
});

test("a line that brings no first frame, or nothing after something was sent, is lost", () => {
  const { connection, lines, open, pass, lose } = world();
  pass(10_000);
  assert.equal(lines[0]!.closed, true);
  pass(1000);
  open();
  lines[0]!.events.onText(JSON.stringify({ acks: [] }));
  void connection.send(action("a"));
  pass(21_000);
  assert.equal(lines[1]!.closed, true);
  assert.equal(lines.length, 3);
  lose();
});

test("another line takes the place of one that was silent for long, unseen, unless it takes long or fails", () => {
  const { connection, line, lines, open, lose, pass, statuses } = world({ current: "e.3" });
  open();
  pass(89_000);
  assert.equal(lines.length, 1);
  pass(1000);
  assert.deepEqual([lines.length, lines[0]?.closed], [2, true]);
  assert.equal(line().url, "/api/v1/rooms/ABCD/socket?sign=1&after=e.3");
  void connection.send(action("a"));
  pass(1000);
  open();
  assert.deepEqual(line().sent, [action("a")], "what was done meanwhile");
  assert.deepEqual(statuses, ["connecting", "open"]);
  line().events.onText(JSON.stringify({ acks: [{ id: "a", seq: 4 }] }));

  pass(90_000);
  assert.equal(lines.length, 3);
  pass(1000);
  assert.deepEqual(statuses, ["connecting", "open"]);
  pass(1000);
  assert.equal(statuses.at(-1), "reconnecting", "it takes long");
  open();
  assert.equal(statuses.at(-1), "open");

  pass(90_000);
  lose();
  assert.equal(statuses.at(-1), "reconnecting", "it fails");
});

test("a person who may not enter is told so; a renewed address tries again, and an open line stays when it is renewed", () => {
  const { connection, lines, lose, pass, statuses, failure, open, line } = world();
  lose(new RoomError("removed-from-lesson", "You were removed."));
  pass(100_000);
  assert.equal(lines.length, 1);
  assert.deepEqual([statuses.at(-1), failure()?.code], ["closed", "removed-from-lesson"]);
  connection.setAddress("/api/v1/rooms/ABCD/socket?sign=2");
  assert.equal(line().url, "/api/v1/rooms/ABCD/socket?sign=2");
  open();
  connection.setAddress("/api/v1/rooms/ABCD/socket?sign=3");
  assert.equal(lines.length, 2);
});

test("entries of another epoch make it ask for a snapshot", () => {
  const position = { current: "e.3" as string | null };
  const { open, say, pass, line } = world(position);
  open();
  say({ epoch: "other", seq: 1, entries: [{ seq: 1, kind: "chat" }] });
  pass(1000);
  assert.equal(line().url, "/api/v1/rooms/ABCD/socket?sign=1");
});

test("after close nothing runs, and what waits is refused", async () => {
  const { connection, lines, timers, pass } = world();
  const waiting = connection.send(action("a"));
  connection.close();
  connection.close();
  await assert.rejects(waiting, { code: "offline" });
  await assert.rejects(connection.send(action("b")), { code: "offline" });
  assert.equal(timers.size, 0);
  pass(100_000);
  assert.equal(lines.length, 1);
});

test("what is not a frame does nothing", () => {
  const { line, frames, statuses } = world();
  for (const text of ["", "null", "[]", "7", '{"you":{}', '"x"']) line().events.onText(text);
  assert.deepEqual([frames, statuses], [[], ["connecting"]]);
});

test("server-sent events are read however they are cut, with comments and both line ends", () => {
  const text = ': hello\r\nid: e.1\r\ndata: {"a":1}\r\n\r\ndata: one\ndata:two\n\n\n';
  for (let at = 0; at <= text.length; at++) {
    const data: string[] = [];
    const lines = new EventLines((one) => data.push(one));
    lines.push(text.slice(0, at));
    lines.push(text.slice(at));
    assert.deepEqual(data, ['{"a":1}', "one\ntwo"], `cut at ${at}`);
  }
});
