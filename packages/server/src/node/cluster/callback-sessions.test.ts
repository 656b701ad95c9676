import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import type { Member } from "../../network/membership.ts";
import { CallbackSessions } from "./callback-sessions.ts";

function member(id: string, state: Member["state"] = "up", instance = `${id}1`): Member {
  return { id, state, instance } as Member;
}

function viewer(clientId: string): CallbackEvent {
  return { action: "play", clientId, protocol: "flv", app: "live", name: "x", ip: "", param: "", tcUrl: "", pageUrl: "" };
}

/** Nodes that hear of each other at once, and what each has reported. */
function nodes(...ids: readonly string[]) {
  const members = new Map(ids.map((id) => [id, member(id)]));
  const reported: string[] = [];
  const all = new Map<string, CallbackSessions>();
  const add = (id: string) => {
    const attendance = new CallbackSessions({
      members: () => [members.get(id)!, ...[...members.values()].filter((other) => other.id !== id)],
      tell: (node, news) => {
        if (members.get(node)?.state !== "gone") all.get(node)?.hear(structuredClone(news));
      },
      report: (events) => reported.push(...events.map(({ clientId }) => `${clientId} by ${id}`)),
    });
    all.set(id, attendance);
  };
  for (const id of ids) add(id);
  const change = (next: Member) => {
    members.set(next.id, next);
    for (const [id, attendance] of all) if (id !== next.id && members.get(id)?.state !== "gone") attendance.changed(next);
  };
  for (const id of ids) change(member(id));
  return { all, add, change, reported };
}

test("when a node dies, everybody who was in there is reported gone, once, by one other node", () => {
  const { all, change, reported } = nodes("a", "b", "c");
  const a = all.get("a")!;
  for (let i = 0; i < 1200; i++) a.entered(`media-${i % 2}`, viewer(`v${i}`));
  a.left("media-0", viewer("v0"));
  all.get("b")?.entered("media-0", viewer("elsewhere"));
  change(member("a", "gone"));
  assert.equal(reported.length, 1199);
  assert.equal(new Set(reported).size, 1199);
  assert.ok(!reported.some((who) => /^(v0|elsewhere) /.test(who)));
  change(member("a", "gone"));
  assert.equal(reported.length, 1199);
});

test("when the witness dies, or begins anew, another one knows, or the same one again", () => {
  for (const again of [false, true]) {
    const { all, add, change, reported } = nodes("a", "b", "c");
    all.get("a")?.entered("media-1", viewer("v1"));
    const witness = ["b", "c"].find((id) => all.get(id)?.["watched"].has("a"))!;
    change(member(witness, "gone"));
    if (again) {
      add(witness);
      change(member(witness, "up", "anew"));
    }
    all.get("a")?.entered("media-1", viewer("v2"));
    change(member("a", "gone"));
    assert.deepEqual(reported.map((who) => who.slice(0, 2)).sort(), ["v1", "v2"], `again: ${again}`);
  }
});

test("a node that began anew before it was missed has those reported who were in before", () => {
  const { all, change, reported } = nodes("a", "b");
  all.get("a")?.entered("media-1", viewer("v1"));
  change(member("a", "up", "a2"));
  assert.deepEqual(reported, ["v1 by b"]);
  change(member("a", "gone", "a2"));
  assert.equal(reported.length, 1);
});

test("a machine that is alone tells nobody", () => {
  const { all, reported } = nodes("a");
  all.get("a")?.entered("media-1", viewer("v1"));
  assert.deepEqual(
    all
      .get("a")
      ?.at("media-1")
      .map(({ clientId }) => clientId),
    ["v1"],
  );
  assert.deepEqual(reported, []);
});
