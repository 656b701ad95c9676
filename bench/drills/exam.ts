/**
 * Runs a drill: candidates write while worker, control process, supervisor, edge and database fail, one after the other; some change the device, have two tabs or a wrong
 * clock, and some have no network over the end. Every acknowledged answer is stored, none twice, and none that the rules do not allow.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { joined, type Node, startNode } from "../../e2e/cluster.ts";
import { TOKEN, until } from "../../e2e/lectern.ts";
import { startPostgres } from "../../e2e/postgres.ts";
import { type Call, caller, enter, enterGuests, makeExamination } from "../../packages/server/src/load/run/examination.ts";
import { openStore } from "../../packages/server/src/platform/store/open-store.ts";
import { MIGRATIONS } from "../../packages/server/src/school/foundation/migrations/index.ts";
import type { Tables } from "../../packages/server/src/school/foundation/store/tables.ts";
import { silentLog } from "../../packages/server/src/school/foundation/store/test-database.ts";
import { compareStored } from "../load/stored-exam.ts";
import { median, round } from "../report/table.ts";
import { pause } from "../testbed/child-process.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { processFigures } from "../testbed/process-figures.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";
import { ExamSitter } from "./exam-sitter.ts";

const CANDIDATES = { whole: 100, quick: 20 } as const;
/** They write for so long before the first failure, and after each. */
const WRITE_SECONDS = { whole: 12, quick: 6 } as const;
const DATABASE_DOWN_SECONDS = 20;
const END_IN_SECONDS = 15;
/** Some have no network from so long before the end until so long after it. */
const CUT_SECONDS = { before: 8, after: 10 } as const;
const CUT_SHARE = 0.2;
const TWO_HOURS = 7_200_000;
const SETTLE_MS = 90_000;
const LEAD_MS = 3000;
const SETTINGS = {
  "limits.perAddress.connections": "5000",
  "limits.perAddress.joinsPerSecond": "5000",
  "limits.perCode.joinsPerSecond": "5000",
};

type Phase = { readonly name: string; readonly pauses: readonly number[] };

export async function examFailures({ quick }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const size = quick ? "quick" : "whole";
  const sitters: ExamSitter[] = [];
  try {
    const [nats, postgres] = [await cluster.startNats(), await startPostgres(cluster.scope)];
    const url = postgres.database();
    const dataDir = mkdtempSync(join(tmpdir(), "lectern-drill-exam-"));
    const set = { ...SETTINGS, "database.url": url, dataDir };
    const startMain = () => startNode(cluster.scope, nats, "a", "origin,control", set);
    const nodes = { main: await startMain(), edge: await startNode(cluster.scope, nats, "b", "edge", SETTINGS) };
    await joined([nodes.main, nodes.edge]);
    const up = new Set<Node>([nodes.main, nodes.edge]);
    const sitting = await openSitting(nodes.main, up, sitters, CANDIDATES[size]);
    const phases: Phase[] = [];
    const during = async (name: string, fail: () => Promise<void> | void): Promise<void> => {
      process.stderr.write(`drill: ${name}\n`);
      for (const sitter of sitters) sitter.takeLongestPause();
      await fail();
      await pause(WRITE_SECONDS[size]);
      await until(() => sitters.every(({ device, isOver }) => isOver || device.pending.size <= 2), name, SETTLE_MS);
      phases.push({ name, pauses: sitters.map((sitter) => sitter.takeLongestPause()) });
    };
    await during("nothing", () => {});
    await during("kill -9 of a media worker", () => killProcess(nodes.main, (name) => name.startsWith("media-")));
    await during("kill -9 of the edge's media worker", () => killProcess(nodes.edge, (name) => name.startsWith("media-")));
    await during("kill -9 of the control process", () => killProcess(nodes.main, (name) => name === "control"));
    await during(`PostgreSQL is stopped for ${DATABASE_DOWN_SECONDS} s`, async () => {
      postgres.stop();
      await pause(DATABASE_DOWN_SECONDS);
      postgres.start();
    });
    await during("kill -9 of the supervisor", async () => {
      up.delete(nodes.main);
      nodes.main.process.kill("SIGKILL");
      await nodes.main.exited;
      nodes.main = await startMain();
      up.add(nodes.main);
    });
    await during("some go on at another device", () => sitting.changeDevices(nodes.main));
    await during("kill -9 of the edge", async () => {
      up.delete(nodes.edge);
      await nodes.edge.kill();
    });
    await during("some have no network over the end", () => sitting.end(nodes.main));
    await until(() => sitters.every(({ isSettled }) => isSettled), "everything to be answered", SETTLE_MS);
    return await resultOf(url, sitting.exam, sitters, phases);
  } finally {
    for (const sitter of sitters) sitter.close();
    await cluster.close();
  }
}

/** Candidates enter, and begin to write; among them some with two tabs, and some whose clock is wrong. @param sitters gets their devices */
async function openSitting(main: Node, up: ReadonlySet<Node>, sitters: ExamSitter[], count: number) {
  const call = caller(main.http, TOKEN);
  const now = Date.now();
  const times = { opensAt: now + 25 * 60_000, closesAt: now + 6 * 3_600_000, seconds: 3600, offlineSeconds: 1200 };
  const { id: exam } = await makeExamination(call, times);
  const portOf = (i: number) => {
    let turn = i;
    return () => [...up][turn++ % up.size]?.httpPort ?? 0;
  };
  const entered = await enterGuests(call, { id: exam }, count);
  const sessions = await Promise.all(Array.from({ length: Math.ceil(count / 10) }, (_, i) => signIn(call, `student${i}`)));
  for (const session of sessions) sitters.push(new ExamSitter(await enter(caller(main.http, session), exam, {}), portOf(0)));
  for (const [i, order] of entered.entries()) {
    const wrong = i % 10 === 1 ? TWO_HOURS : i % 10 === 2 ? -TWO_HOURS : 0;
    sitters.push(new ExamSitter(order, portOf(i), () => Date.now() + wrong));
    // A second tab of the same device.
    if (i % 10 === 3) sitters.push(new ExamSitter(order, portOf(i + 1)));
  }
  const opensAt = Date.now() + LEAD_MS;
  await call("PATCH", `/exams/${exam}`, { opensAt: new Date(opensAt).toISOString() });
  await Promise.all(sitters.map((sitter) => sitter.start()));
  return {
    exam,
    changeDevices: async (node: Node): Promise<void> => {
      for (const session of sessions) {
        const order = await enter(caller(node.http, session), exam, { takeOver: true });
        const sitter = new ExamSitter(order, portOf(0));
        sitters.push(sitter);
        await sitter.start();
      }
    },
    /** Everybody has less time now. Some are cut off before it is over, and come back after it; they all write on for a while. */
    end: async (node: Node): Promise<void> => {
      const closesAt = Date.now() + END_IN_SECONDS * 1000;
      const seconds = Math.floor((closesAt - opensAt) / 1000);
      const change = { closesAt: new Date(closesAt).toISOString(), seconds };
      await caller(node.http, TOKEN)("PATCH", `/exams/${exam}`, change);
      await pause(END_IN_SECONDS - CUT_SECONDS.before);
      const cut = sitters.slice(0, sitters.length * CUT_SHARE);
      for (const sitter of cut) sitter.cut((CUT_SECONDS.before + CUT_SECONDS.after) * 1000);
      await pause(CUT_SECONDS.before + CUT_SECONDS.after);
      for (const sitter of sitters) sitter.stopWriting();
    },
  };
}

/** A person of the school, who can go on at another device. @returns the token of the session */
async function signIn(call: Call, login: string): Promise<string> {
  const schools = await call<{ items: { id: string }[] }>("GET", "/schools");
  const account = { login, password: "a good password" };
  await call("POST", "/users", { schoolId: schools.items[0]?.id, name: login, role: "student", ...account });
  return (await call<{ token: string }>("POST", "/sessions", account)).token;
}

async function resultOf(url: string, exam: string, sitters: readonly ExamSitter[], phases: readonly Phase[]): Promise<DrillResult> {
  const store = await openStore<Tables>({ url, dataDir: "", migrations: MIGRATIONS, log: silentLog });
  try {
    const isHandedIn = async () => {
      const waiting = await store.db
        .selectFrom("exam_attempts")
        .select("id")
        .where("exam_id", "=", exam)
        .where("handed_in_at", "is", null)
        .executeTakeFirst();
      return waiting === undefined;
    };
    // What is still missing then is judged as missing.
    await until(isHandedIn, "everything to be handed in by time", SETTLE_MS).catch(() => null);
    const devices = sitters.map(({ device }) => ({
      attempt: device.order.attempt,
      seat: device.order.seat,
      answers: [...device.acknowledged.values()],
    }));
    const found = await compareStored(store.db, exam, devices);
    const { acknowledged, stored, missing, other, twice, afterRules, attempts, handedIn } = found;
    const late = sitters.reduce((sum, { device }) => sum + device.late.size, 0);
    const refused = new Map<string, number>();
    for (const sitter of sitters) for (const [code, count] of sitter.refused) refused.set(code, (refused.get(code) ?? 0) + count);
    return {
      drill: "exam",
      broke: `${phases.length - 1} failures, one after the other, while ${attempts} candidates write an answer a second`,
      promise: "every acknowledged answer is stored, none twice, none that the rules do not allow, and everything is handed in",
      held: acknowledged > 0 && missing + other + twice + afterRules === 0 && handedIn === attempts,
      seen: [],
      table: {
        columns: ["what failed", "longest time without an acknowledgement, ms", "median of the devices, ms"],
        rows: phases.map(({ name, pauses }) => [name, round(Math.max(...pauses), 0), round(median(pauses), 0)]),
      },
      notes: [
        `${acknowledged} answers acknowledged, ${stored} stored; missing ${missing}, other ${other}, twice ${twice}, after the time of the rules ${afterRules}; ${handedIn} of ${attempts} handed in.`,
        `Refused because they were written after the end: ${late}. Refusals: ${[...refused].map(([code, count]) => `${count} × ${code}`).join(", ") || "none"}.`,
        "A device saves each second, so about a second without an acknowledgement is normal. PostgreSQL starts synchronously, which holds up this process too.",
      ],
    };
  } finally {
    await store.close();
  }
}

function killProcess(node: Node, isIt: (name: string) => boolean): void {
  const found = processFigures(node.process.pid).find(({ name }) => isIt(name));
  if (!found) throw new Error(`${node.id} has no such process`);
  process.kill(found.pid, "SIGKILL");
}
