/**
 * Runs a drill: disks stand still, as network storage does whose server restarts: of the node that has the publisher and the only recorder, then of the
 * node with the control process and its database. Needs root.
 */
import type { Node } from "../../e2e/cluster.ts";
import { ask } from "../../e2e/lesson-client.ts";
import { pause } from "../testbed/child-process.ts";
import { recordedStreams, recordedUntil } from "../testbed/cluster-recordings.ts";
import { FreezingDisk } from "../testbed/freezing-disk.ts";
import { LocalCluster, nodeOf } from "../testbed/local-cluster.ts";
import { longestGap } from "../testbed/viewer-summary.ts";
import { BUSY_GAP_MS, type DrillOptions, type DrillResult, GAP_COLUMNS, HLS_PART_MS } from "./drill.ts";

const FREEZES_S = [5, 20, 60] as const;
/** Within this time, the API says that the database is unreachable. */
const ANSWER_MS = 12_000;
const ASK_EVERY_MS = 500;

export async function freezeDisks(options: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster(options);
  try {
    const nats = await cluster.startNats();
    const disks = { o: new FreezingDisk(cluster.scope), c: new FreezingDisk(cluster.scope) };
    const nodes = await cluster.startNodes(nats, {
      c: { roles: "control,edge", set: { dataDir: disks.c.directory } },
      o: { roles: "origin", set: { dataDir: disks.o.directory, "recording.auto": "pushed" } },
      e: "edge",
    });
    const [c, o, e] = [nodeOf(nodes, "c"), nodeOf(nodes, "o"), nodeOf(nodes, "e")];
    const before = await cluster.publish("x", [o], c);
    await cluster.watch("x", [e, o, c]);
    const rows: (readonly (string | number)[])[] = [];
    for (const [whose, disk] of [
      ["recorder", disks.o],
      ["database", disks.c],
    ] as const) {
      for (const seconds of options.quick ? FREEZES_S.slice(0, 2) : FREEZES_S) {
        disk.freeze();
        const asking = askMeanwhile(c, seconds * 1000);
        await pause(seconds).finally(() => disk.thaw());
        const asked = await asking;
        await recordedUntil(c, Date.now());
        const { recordings, framesMissing } = await recordedStreams(c);
        const gaps = cluster.seen().map(({ longestGapMs }) => longestGapMs);
        rows.push([whose, seconds, recordings, framesMissing, Math.round(asked.slowestMs), asked.answers.join(" "), ...gaps]);
      }
    }
    const now = await c.stream("x", ({ video }) => video !== null);
    const seen = cluster.seen();
    const isWhole = rows.every((row) => row[2] === 1 && row[3] === 0 && Number(row[4]) <= ANSWER_MS);
    const lost = seen.reduce((sum, one) => sum + one.lost + one.reconnects, 0);
    return {
      drill: "disk-freeze",
      broke: "the disk of the recording node, then that of the database, stood still",
      promise: `no viewer notices; one recording, in which no frame is missing; the API answers within ${ANSWER_MS / 1000} s, but for one change`,
      held: isWhole && lost === 0 && now.epoch === before.epoch && longestGap(seen) <= BUSY_GAP_MS + HLS_PART_MS,
      seen,
      table: {
        columns: [
          "disk of",
          "stood still, s",
          "recordings",
          "frames missing",
          "slowest answer of the API, ms",
          "answers",
          ...GAP_COLUMNS,
        ],
        rows,
      },
      notes: [`${lost} frames or connections lost by viewers; epoch ${now.epoch === before.epoch ? "the same" : "another"}`],
    };
  } finally {
    await cluster.close();
  }
}

type ApiAnswers = { readonly slowestMs: number; readonly answers: readonly number[] };

/**
 * Makes lessons for so long, and tells which answers came. A change needs the database. The slowest answer is left out: it is that of the change which
 * was being written, and nobody can say whether it is until the disk does.
 */
async function askMeanwhile(node: Node, milliseconds: number): Promise<ApiAnswers> {
  const end = performance.now() + milliseconds;
  const asking: Promise<{ readonly status: number; readonly tookMs: number }>[] = [];
  while (performance.now() < end) {
    const begun = performance.now();
    const answer = ask(node, "POST", "/lessons", { title: "Fractions" });
    asking.push(answer.then(({ status }) => ({ status, tookMs: performance.now() - begun })));
    await pause(ASK_EVERY_MS / 1000);
  }
  const answers = await Promise.all(asking);
  const [, slowestMs = 0] = answers.map(({ tookMs }) => tookMs).sort((a, b) => b - a);
  return { slowestMs, answers: [...new Set(answers.map(({ status }) => status))] };
}
