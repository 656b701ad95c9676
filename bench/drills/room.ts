/**
 * Runs a drill: people talk in a room while processes, nodes, the bus, the database and their own lines fail, one after the other. Every line that
 * was acknowledged is seen by everybody once and in one order, and attendance is right.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Node, startNode } from "../../e2e/cluster.ts";
import { TOKEN, until } from "../../e2e/lectern.ts";
import { binaries, startPostgres } from "../../e2e/postgres.ts";
import { median, round } from "../report/table.ts";
import { pause } from "../testbed/child-process.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { processFigures } from "../testbed/process-figures.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { isFlawless, judge } from "./room-judgement.ts";
import { RoomMember } from "./room-member.ts";

const MEMBERS = { whole: 100, quick: 20 } as const;
/** People talk for so long before the first failure, and after each. */
const TALK_SECONDS = { whole: 15, quick: 8 } as const;
const LINES_PER_SECOND = 5;
const NATS_DOWN_SECONDS = 5;
const DATABASE_DOWN_SECONDS = 10;
const CUT_SECONDS = 10;
const CUT_SHARE = 0.2;
const ATTENDANCE_WITHIN_SECONDS = 2;
const SETTLE_MS = 60_000;
const SETTINGS = { "limits.perAddress.connections": "5000", "limits.perAddress.joinsPerSecond": "500" };

type Phase = { readonly name: string; readonly pauses: readonly number[] };
type Lesson = { readonly id: string; readonly code: string };

export async function roomFailures({ quick }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const size = quick ? "quick" : "whole";
  const members: RoomMember[] = [];
  const talk = setInterval(
    () => members[Math.floor(Math.random() * members.length)]?.say("Why is that so?"),
    1000 / LINES_PER_SECOND,
  );
  try {
    const [nats, postgres] = [await cluster.startNats(), await startPostgres(cluster.scope)];
    const database = postgres.database();
    const set = { ...SETTINGS, "database.url": database };
    const started = [
      startNode(cluster.scope, nats, "a", "origin,control", set),
      startNode(cluster.scope, nats, "b", "origin,control", set),
    ];
    const nodes = new Map((await Promise.all(started)).map((node) => [node.id, node]));
    const up = new Set(nodes.values());
    const lesson = await call<Lesson>(nodeOf(nodes, "a"), "POST", "/lessons", { title: "Room", guests: true });
    for (let i = 0; i < MEMBERS[size]; i++) members.push(await enter([...up][i % up.size] ?? nodeOf(nodes, "a"), up, lesson, i));
    await until(() => members.every(({ isConnected }) => isConnected), "everybody in the room");
    const phases: Phase[] = [];
    const during = async (name: string, fail: () => Promise<void> | void): Promise<void> => {
      for (const member of members) member.takeLongestPause();
      await fail();
      await pause(TALK_SECONDS[size]);
      await until(() => members.every(({ isConnected }) => isConnected), `everybody in the room again after: ${name}`, SETTLE_MS);
      phases.push({ name, pauses: members.map((member) => member.takeLongestPause()) });
    };
    const ownerNode = () => nodeOf(nodes, ownerOf(database, lesson.id).split("/")[0] ?? "");
    await during("nothing", () => {});
    await during("kill -9 of a media worker", () => killProcess(nodeOf(nodes, "b"), (name) => name.startsWith("media-")));
    await during("kill -9 of the owner's control process", () => killProcess(ownerNode(), (name) => name === "control"));
    await during(`the bus is killed for ${NATS_DOWN_SECONDS} s`, async () => {
      await nats.kill();
      await pause(NATS_DOWN_SECONDS);
      await nats.restart();
    });
    await during(`the database is stopped for ${DATABASE_DOWN_SECONDS} s`, async () => {
      postgres.stop();
      await pause(DATABASE_DOWN_SECONDS);
      postgres.start();
    });
    await during(`${CUT_SHARE * 100} % of lines are cut for ${CUT_SECONDS} s`, async () => {
      for (const member of members.slice(0, MEMBERS[size] * CUT_SHARE)) member.cut(CUT_SECONDS * 1000);
      await pause(CUT_SECONDS);
    });
    await during("kill -9 of the owner's node", async () => {
      const node = ownerNode();
      up.delete(node);
      await node.kill();
    });
    clearInterval(talk);
    return await resultOf([...up][0] ?? nodeOf(nodes, "a"), lesson, members, phases);
  } finally {
    clearInterval(talk);
    for (const member of members) member.close();
    await cluster.close();
  }
}

async function resultOf(
  node: Node,
  { id }: Lesson,
  members: readonly RoomMember[],
  phases: readonly Phase[],
): Promise<DrillResult> {
  const head = () => Math.max(...members.map((member) => member.head));
  const isSettled = () => members.every((member) => member.waiting === 0 && member.head === head());
  // What is still missing then is judged as missing.
  await until(isSettled, "all lines", SETTLE_MS).catch(() => null);
  const { items } = await call<{ items: { name: string; seconds: number }[] }>(node, "GET", `/lessons/${id}/attendance?limit=500`);
  const now = Date.now();
  const errors = members.map(({ firstOpenAt }, i) => {
    const attended = items.find(({ name }) => name === nameOf(i))?.seconds ?? 0;
    return Math.abs(attended - (now - (firstOpenAt ?? now)) / 1000);
  });
  const judgement = judge(members);
  const worst = Math.max(...errors);
  const { acknowledged, missing, repeated, disordered, twice, unanswered, refused, others } = judgement;
  return {
    drill: "room",
    broke: `${phases.length - 1} failures, one after the other, while ${members.length} people talk in a room`,
    promise: `every acknowledged line is seen by everybody once and in one order, and attendance is right within ${ATTENDANCE_WITHIN_SECONDS} s`,
    held: isFlawless(judgement) && acknowledged > 0 && worst <= ATTENDANCE_WITHIN_SECONDS,
    seen: [],
    table: {
      columns: ["what failed", "longest time without a line, ms", "median of the members, ms"],
      rows: phases.map(({ name, pauses }) => [name, round(Math.max(...pauses), 0), round(median(pauses), 0)]),
    },
    notes: [
      `${acknowledged} lines acknowledged; missing at a member ${missing}, repeated ${repeated}, out of order ${disordered}, done twice ${twice}, unanswered ${unanswered}, refused ${refused.length} (${[...new Set(refused)].join(", ") || "none"}), members with another order ${others}.`,
      `Attendance: the worst is ${round(worst, 1)} s off.`,
      `${LINES_PER_SECOND} lines a second by random members, so up to about half a second without a line is normal. PostgreSQL starts synchronously, which holds up this process too.`,
    ],
  };
}

/** A guest who joins at a node, and then goes wherever a node is up. */
async function enter(node: Node, up: ReadonlySet<Node>, lesson: Lesson, i: number): Promise<RoomMember> {
  const { play } = await call<{ play: { hls: string } }>(node, "POST", `/lessons/${lesson.code}/join`, { name: nameOf(i) }, null);
  let turn = i;
  const portOf = () => [...up][turn++ % up.size]?.httpPort ?? 0;
  return new RoomMember(portOf, `/api/v1/rooms/${lesson.code}/socket${new URL(play.hls).search}`);
}

const nameOf = (i: number) => `Guest ${i}`;

function killProcess(node: Node, isIt: (name: string) => boolean): void {
  const found = processFigures(node.process.pid ?? 0).find(({ name }) => isIt(name));
  if (!found) throw new Error(`${node.id} has no such process`);
  process.kill(found.pid, "SIGKILL");
}

/** The control process that owns a room, `NODE/INSTANCE`. */
function ownerOf(database: string, lessonId: string): string {
  const query = `select owner from rooms where lesson_id = '${lessonId}'`;
  return execFileSync(join(binaries(), "psql"), [database, "-Atc", query], { encoding: "utf8" }).trim();
}

/** @throws Error unless it succeeds */
async function call<T>({ http }: Node, method: string, path: string, body?: unknown, token: string | null = TOKEN): Promise<T> {
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  const answer = await fetch(`${http}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return JSON.parse(await answer.text());
}
