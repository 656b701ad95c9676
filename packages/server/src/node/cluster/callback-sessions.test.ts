import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { Member } from "../../network/membership.ts";
import { CallbackSessions } from "./callback-sessions.ts";

function member(id: string, state: Member["state"] = "up", instance = `${id}1`): Member {
  return { id, state, instance } as Member;
}

function viewer(clientId: string): CallbackEvent {
  return {
    action: "play",
    clientId,
    session: clientId,
    protocol: "flv",
    app: "live",
    name: "x",
    ip: "",
    param: "",
    tcUrl: "",
    pageUrl: "",
  };
}

/** Nodes that see each other at once, and the sessions that each has reported as ended. */
function nodes(...ids: readonly string[]) {
  const members = new Map(ids.map((id) => [id, member(id)]));
  const reported: string[] = [];
  const all = new Map<string, CallbackSessions>();
  const add = (id: string) => {
    const sessions = new CallbackSessions({
      members: () => [members.get(id)!, ...[...members.values()].filter((other) => other.id !== id)],
      send: (node, update) => {
        if (members.get(node)?.state !== "gone") all.get(node)?.take(structuredClone(update));
      },
      report: (events) => reported.push(...events.map(({ clientId }) => `${clientId} by ${id}`)),
    });
    all.set(id, sessions);
  };
  for (const id of ids) add(id);
  const change = (next: Member) => {
    members.set(next.id, next);
    for (const [id, sessions] of all) if (id !== next.id && members.get(id)?.state !== "gone") sessions.memberChanged(next);
  };
  for (const id of ids) change(member(id));
  return { all, add, change, reported };
}

test("when a node dies, its witness reports the end of its sessions, once", () => {
  const { all, change, reported } = nodes("a", "b", "c");
  const a = all.get("a")!;
  for (let i = 0; i < 1200; i++) a.opened(`media-${i % 2}`, viewer(`v${i}`));
  a.closed("media-0", viewer("v0"));
  all.get("b")?.opened("media-0", viewer("elsewhere"));
  change(member("a", "gone"));
  assert.equal(reported.length, 1199);
  assert.equal(new Set(reported).size, 1199);
  assert.ok(!reported.some((who) => /^(v0|elsewhere) /.test(who)));
  change(member("a", "gone"));
  assert.equal(reported.length, 1199);
});

test("a witness that dies is replaced; one that restarts is told again", () => {
  for (const again of [false, true]) {
    const { all, add, change, reported } = nodes("a", "b", "c");
    all.get("a")?.opened("media-1", viewer("v1"));
    const witness = ["b", "c"].find((id) => all.get(id)?.["watched"].has("a"))!;
    change(member(witness, "gone"));
    if (again) {
      add(witness);
      change(member(witness, "up", "restarted"));
    }
    all.get("a")?.opened("media-1", viewer("v2"));
    change(member("a", "gone"));
    assert.deepEqual(reported.map((who) => who.slice(0, 2)).sort(), ["v1", "v2"], `again: ${again}`);
  }
});

test("the sessions of a node that restarts unnoticed are reported as ended", () => {
  const { all, change, reported } = nodes("a", "b");
  all.get("a")?.opened("media-1", viewer("v1"));
  change(member("a", "up", "a2"));
  assert.deepEqual(reported, ["v1 by b"]);
  change(member("a", "gone", "a2"));
  assert.equal(reported.length, 1);
});

test("a machine that is alone tells nobody", () => {
  const { all, reported } = nodes("a");
  all.get("a")?.opened("media-1", viewer("v1"));
  assert.deepEqual(
    all
      .get("a")
      ?.of("media-1")
      .map(({ clientId }) => clientId),
    ["v1"],
  );
  assert.deepEqual(reported, []);
});
