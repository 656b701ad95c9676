/** The direct way between media workers and the control process. */
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { RoomUpdate } from "../../contracts/rooms/room-requests.ts";
import { ControlLink, type ControlLinkMessages, WorkerLinks } from "./control-link.ts";

const update = (head: number): RoomUpdate => ({ room: "r", epoch: "e", term: head, entries: [], signals: [] });

const answers: ControlLinkMessages = {
  askControl: async ({ name, of }) => ({ name, of }),
  room: async ({ room }) => ({ kind: "elsewhere", node: room }),
};

function path(): string {
  return join(mkdtempSync(join(tmpdir(), "lectern-link-")), "workers.sock");
}

async function started(t: TestContext, at: string): Promise<WorkerLinks> {
  const links = new WorkerLinks();
  await links.open(at, answers);
  t.after(() => links.close());
  return links;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setTimeout(5);
}

const reaches = (link: ControlLink) => () =>
  link.call("room", { kind: "read", room: "r", after: null }).then(
    () => true,
    () => false,
  );

test("a worker asks, is answered, and hears what rooms have to tell in the order in which they told it", async (t) => {
  const at = path();
  const links = await started(t, at);
  const [link, other] = [new ControlLink(at), new ControlLink(at)];
  const heard: number[][] = [[], []];
  for (const [i, one] of [link, other].entries()) one.serve({ roomUpdate: ({ term }) => void heard[i]?.push(term) });
  assert.deepEqual(await link.call("askControl", { name: "policySnapshot", of: null }), { name: "policySnapshot", of: null });
  assert.deepEqual(await other.call("room", { kind: "read", room: "r", after: null }), { kind: "elsewhere", node: "r" });
  for (let term = 0; term < 200; term++) links.tell("roomUpdate", update(term));
  await until(async () => heard.flat().length === 400);
  const all = Array.from({ length: 200 }, (_, term) => term);
  assert.deepEqual(heard, [all, all]);
});

test("a worker that is there first, or whose control process has died, is refused at once and reaches the next one", async (t) => {
  const at = path();
  const link = new ControlLink(at);
  const heard: number[] = [];
  link.serve({ roomUpdate: ({ term }) => void heard.push(term) });
  await assert.rejects(link.call("room", { kind: "read", room: "r", after: null }));
  const first = await started(t, at);
  await until(reaches(link));
  const waiting = link.call("askControl", { name: "never", of: null });
  first.close();
  await waiting.catch(() => {});
  await assert.rejects(link.call("room", { kind: "read", room: "r", after: null }));
  const second = await started(t, at);
  await until(reaches(link));
  second.tell("roomUpdate", update(7));
  await until(async () => heard.length > 0);
  assert.deepEqual(heard, [7]);
});
