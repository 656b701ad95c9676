/**
 * What the nodes of one cluster know together of their viewers: measures against abusers, seats of links, and who has to be reported gone when a node
 * dies. Policies at an edge: access-cluster.test.ts. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signLink } from "../packages/server/src/access/links/signed-link.ts";
import { askFrom, countermeasuresOf, scan, untilAnswered } from "./abuser.ts";
import { LINK_SECRET } from "./access-server.ts";
import { allow, backEnd, type Heard, of, settings } from "./back-end.ts";
import { clip } from "./clips.ts";
import { joined, type Node, publishTo, startNats, startNode } from "./cluster.ts";
import { wholeFile } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { ask, done, watch as watchUrl } from "./lesson-client.ts";
import { watch, watchOnce } from "./watching.ts";

const STREAM = "math";
/** A code that nobody has. */
const HELD = "/api/v1/invitations/none";
const ABUSER = "127.0.0.12";
const PHONE = { ip: "127.0.0.2", agent: "phone" };
const LAPTOP = { ip: "127.0.0.3", agent: "laptop" };

type Cluster = {
  readonly control: Node;
  readonly edge: Node;
  /** The last test kills it. */
  readonly victim: Node;
  readonly heard: readonly Heard[];
  readonly startLate: () => Promise<Node>;
};
let opened: Promise<Cluster> | null = null;

/** A cluster with a live stream, whose viewers may have one seat each. */
function cluster(): Promise<Cluster> {
  opened ??= (async () => {
    const { heard, url } = await backEnd(wholeFile, allow);
    const nats = await startNats(wholeFile);
    const set = settings(url, { "secrets.links": `["${LINK_SECRET}"]` });
    const start = (id: string, roles: string) => startNode(wholeFile, nats, id, roles, set);
    const nodes = [await start("control", "origin,control"), await start("edge", "edge"), await start("victim", "edge")] as const;
    const [control, edge, victim] = nodes;
    await joined(nodes);
    publishTo(wholeFile, clip("b-frames"), STREAM, () => [control]);
    for (const node of nodes) await node.stream(STREAM, ({ video }) => video !== null);
    const rules = [
      { kind: "viewers", for: "play", perViewer: 1, over: "refuse-newest" },
      { kind: "user-agents", for: "play", deny: ["mark"] },
    ];
    await done(control, "POST", "/policies", { target: { level: "stream", id: `live/${STREAM}` }, rules });
    const marked = { headers: { "user-agent": "mark" } };
    for (const node of nodes)
      await until(async () => (await askFrom(node, "127.0.0.1", `/live/${STREAM}.rungs.json`, marked)).status === 403, "the rules");
    return { control, edge, victim, heard, startLate: () => start("late", "edge") };
  })();
  return opened;
}

let people = 0;
/** A link for somebody of whom no test knows yet. */
function newLink(): string {
  const claims = { app: "live", name: STREAM, expires: Math.floor(Date.now() / 1000) + 3600, viewer: `person-${++people}` };
  return signLink(claims, LINK_SECRET).toString();
}

test("what a node passes on to another one is counted where it came in, and never against the node", async () => {
  const { control, edge } = await cluster();
  const ip = "127.0.0.14";
  for (let turn = 0; countermeasuresOf(edge, ip).length === 0; turn++)
    await Promise.all(Array.from({ length: 20 }, (_, i) => askFrom(edge, ip, `/api/v1/invitations/${turn}-${i}`)));
  assert.deepEqual([countermeasuresOf(control, ip), countermeasuresOf(control, "127.0.0.1")], [[], []]);
  assert.equal((await askFrom(edge, "127.0.0.15", HELD)).status, 404);
});

test("one link on two nodes at the same moment is watched once", async (t) => {
  const { control, victim } = await cluster();
  for (let round = 0; round < 10; round++) {
    const query = newLink();
    const [here, there] = await Promise.all([
      watch(t, control, "ws", STREAM, { ...PHONE, query }),
      watch(t, victim, "ws", STREAM, { ...LAPTOP, query }),
    ]);
    const isIn = [here, there].filter(({ answer }) => answer === "in");
    // Of two that were let in before their nodes had told each other, one ends.
    if (isIn.length === 2) assert.equal(await Promise.race([here.ended, there.ended]), "too-many");
    else assert.equal(isIn.length, 1);
    for (const node of [control, victim])
      assert.equal((await watch(t, node, "flv", STREAM, { ip: "127.0.0.4", query })).answer, "too-many");
    for (const one of isIn) one.leave();
  }
});

test("an abuser of one node is refused by the others, and by one that comes later", async () => {
  const { control, edge, victim, startLate } = await cluster();
  await untilAnswered(victim, ABUSER, HELD, 404);
  await scan(victim, ABUSER, "refuse");
  for (const node of [control, edge, victim]) await untilAnswered(node, ABUSER, HELD, 429);
  assert.deepEqual(countermeasuresOf(control, ABUSER), []);
  const late = await startLate();
  await joined([control, edge, victim, late]);
  await untilAnswered(late, ABUSER, HELD, 429);
  for (const node of [control, edge, victim, late]) assert.equal((await askFrom(node, "127.0.0.13", HELD)).status, 404);
});

test("when a node dies, others report everybody there gone, once, its seats are free, and its measures go on until an operator ends them", async (t) => {
  const { control, edge, victim, heard } = await cluster();
  const query = newLink();
  assert.equal((await watch(t, victim, "flv", STREAM, { ...LAPTOP, query })).answer, "in");
  const isKnown = async () => (await watch(t, control, "flv", STREAM, { ...PHONE, query })).answer === "too-many";
  await until(isKnown, "the seat to be known");
  const address = (node: Node, kind: string, user: string) =>
    `${kind === "ws" ? node.http.replace("http", "ws") : node.http}/live/${STREAM}.flv?u=${user}`;
  const viewers = ["flv", "ws", "flv"].map((kind, i) => watchUrl(address(victim, kind, `there-${i}`)));
  const stays = watchUrl(address(control, "flv", "here"));
  await until(() => [...viewers, stays].every(({ bytes }) => bytes() > 5000), "pictures");
  const idsOf = (action: string, user: string) =>
    of(heard, action)
      .filter(({ param = "" }) => param.startsWith(`?u=${user}`))
      .map((one) => one["client_id"])
      .sort();
  assert.equal(idsOf("on_play", "there").length, 3);

  await victim.kill();
  await until(() => idsOf("on_stop", "there").length >= 3, "their ends");
  await watchOnce(t, control, "flv", STREAM, { ...PHONE, query });
  stays.leave();
  await until(() => idsOf("on_stop", "here").length > 0, "the end of the viewer elsewhere");
  for (const user of ["there", "here"]) assert.deepEqual(idsOf("on_stop", user), idsOf("on_play", user), user);

  await untilAnswered(control, ABUSER, HELD, 429);
  const released = await ask(control, "POST", "/protection/releases", { address: ABUSER, seconds: 60 });
  assert.equal(released.status, 202);
  for (const node of [control, edge]) await untilAnswered(node, ABUSER, HELD, 404);
});
