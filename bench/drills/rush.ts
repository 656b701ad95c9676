/** Drill: a thousand students behind one address join a lesson at once, without and with an abuser at another address beside them. */
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { type Lectern, startLectern } from "../../e2e/lectern.ts";
import { median, quantile, round } from "../report/table.ts";
import { pause, start } from "../testbed/child-process.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { ask } from "./abuse-innocents.ts";
import { create } from "./abuse-schools.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

export type AbuserOptions = { readonly port: number; readonly address: string; readonly perSecond: number };
/** What became of the connections that the abuser opened in one second. Those that it closed itself are in `opened` only. */
export type AbusedSecond = { opened: number; refused: number; served: number };

const STUDENTS = { whole: 1000, quick: 200 } as const;
/** Pairs of rounds, without and with the abuser: the machine's own moods are larger than the difference. */
const PAIRS = { whole: 4, quick: 1 } as const;
const SCHOOL_ADDRESS = "127.0.0.2";
const ABUSER_ADDRESS = "127.0.0.3";
const CONNECTIONS_PER_SECOND = 500;
/** The abuser begins so much earlier than the students, seconds. */
const AHEAD_SECONDS = 5;
/** The students' 99th percentile may be so many times as long. */
const MAX_RATIO = 1.2;
const STREAM_WITHIN_MS = 60_000;

type Round = { readonly refused: number; readonly p50: number; readonly p99: number };
type Abuse = { readonly seconds: readonly AbusedSecond[] };

export async function rush({ quick }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const size = quick ? "quick" : "whole";
  try {
    const lectern = await startLectern(cluster.scope);
    const calm: Round[] = [];
    const attacked: Round[] = [];
    const abuse: AbusedSecond[] = [];
    // The first rush loads what later ones find.
    await joinAll(lectern, cluster, Math.min(100, STUDENTS[size]));
    for (let i = 0; i < PAIRS[size]; i++) {
      calm.push(await joinAll(lectern, cluster, STUDENTS[size]));
      const end = startAbuser(lectern.httpPort);
      await pause(AHEAD_SECONDS);
      attacked.push(await joinAll(lectern, cluster, STUDENTS[size]));
      abuse.push(...(await end()).seconds.slice(AHEAD_SECONDS));
    }
    return resultOf(STUDENTS[size], calm, attacked, abuse);
  } finally {
    await cluster.close();
  }
}

function resultOf(
  students: number,
  calm: readonly Round[],
  attacked: readonly Round[],
  abuse: readonly AbusedSecond[],
): DrillResult {
  const of = (rounds: readonly Round[], figure: (one: Round) => number) => median(rounds.map(figure));
  const ratio = of(attacked, ({ p99 }) => p99) / of(calm, ({ p99 }) => p99);
  const refused = [...calm, ...attacked].reduce((sum, one) => sum + one.refused, 0);
  const sum = (figure: keyof AbusedSecond) => abuse.reduce((all, second) => all + second[figure], 0);
  const share = sum("refused") / Math.max(1, sum("refused") + sum("served"));
  const row = (what: string, rounds: readonly Round[]) => [
    ...[what, students, rounds.reduce((all, one) => all + one.refused, 0)],
    ...[
      round(
        of(rounds, ({ p50 }) => p50),
        0,
      ),
      round(
        of(rounds, ({ p99 }) => p99),
        0,
      ),
    ],
  ];
  return {
    drill: "rush",
    broke: `${students} students behind one address join at once, beside ${CONNECTIONS_PER_SECOND} connections a second from one abusive address`,
    promise: `no student is refused, the abuser is, and 99 % of the students see the lesson at most ${MAX_RATIO} times as late`,
    held: refused === 0 && share > 0.9 && ratio <= MAX_RATIO,
    seen: [],
    table: {
      columns: ["round", "students", "refused", "picture p50, ms", "p99, ms"],
      rows: [row("without the abuser", calm), row("with the abuser", attacked)],
    },
    notes: [
      `p99 ${round(ratio, 2)} times as long, medians of ${calm.length} rounds each; ${round(share * 100, 1)} % of the abuser's requests refused from second ${AHEAD_SECONDS} on.`,
      "Each student asks for the page, the invitation and to join, and opens the stream: times are from the beginning to the first media.",
    ],
  };
}

/** Students join a new lesson at once, and leave when all have seen its stream. */
async function joinAll(lectern: Lectern, cluster: LocalCluster, count: number): Promise<Round> {
  const lesson = await create(lectern, "/lessons", { title: "Everybody at once", guests: true });
  const { stream } = lesson as unknown as { stream: { name: string; publishKey: string } };
  const push = `${lectern.rtmp}/live/${stream.name}?key=${stream.publishKey}`;
  const loop = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", cluster.makeClip()];
  const publisher = start(["ffmpeg", ...loop, "-c", "copy", "-f", "flv", push], { core: null });
  await lectern.stream(stream.name, ({ video }) => video !== null);
  const outcomes = await Promise.all(Array.from({ length: count }, (_, i) => joinOne(lectern, lesson.code, i)));
  for (const { leave } of outcomes) leave();
  publisher.kill("SIGKILL");
  // What was open is closed before the next round.
  await pause(2);
  const times = outcomes.flatMap(({ milliseconds }) => milliseconds ?? []);
  return { refused: count - times.length, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

type Outcome = { readonly milliseconds: number | null; readonly leave: () => void };

const REFUSED: Outcome = { milliseconds: null, leave: () => {} };

async function joinOne({ httpPort }: Lectern, code: string, i: number): Promise<Outcome> {
  const begun = performance.now();
  for (const path of [`/class/${code}`, `/api/v1/invitations/${code}`])
    if ((await ask(httpPort, SCHOOL_ADDRESS, { method: "GET", path })) !== 200) return REFUSED;
  const joined = await join(httpPort, code, i);
  if (joined === null) return REFUSED;
  const { pathname, search } = new URL(joined);
  const socket = connect({ host: "127.0.0.1", port: httpPort, localAddress: SCHOOL_ADDRESS });
  socket.on("error", () => {});
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: lectern\r\n\r\n`);
  let seen = 0;
  const isSeen = await new Promise<boolean>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      if (seen === 0 && !bytes.subarray(0, 15).toString("latin1").startsWith("HTTP/1.1 200")) resolve(false);
      seen += bytes.length;
      // More than the answer's head and the stream's: the first picture.
      if (seen > 2000) resolve(true);
    });
    socket.on("close", () => resolve(false));
    socket.setTimeout(STREAM_WITHIN_MS, () => resolve(false));
  });
  return { milliseconds: isSeen ? performance.now() - begun : null, leave: () => void socket.destroy() };
}

/** @returns the address of the stream; null: refused */
async function join(port: number, code: string, i: number): Promise<string | null> {
  const to = { host: "127.0.0.1", port, localAddress: SCHOOL_ADDRESS, agent: false as const };
  const headers = { "content-type": "application/json" };
  const asked = request({ ...to, method: "POST", path: `/api/v1/lessons/${code}/join`, headers });
  asked.end(JSON.stringify({ name: `Student ${i}` }));
  const [answer] = await once(asked, "response").catch(() => [null]);
  if (answer?.statusCode !== 200) return null;
  const joined = (await json(answer)) as { play: { flv: string } };
  return joined.play.flv;
}

/** @returns ends it, and gives what became of its connections */
function startAbuser(port: number): () => Promise<Abuse> {
  const options: AbuserOptions = { port, address: ABUSER_ADDRESS, perSecond: CONNECTIONS_PER_SECOND };
  const program = `${import.meta.dirname}/rush-abuser.ts`;
  const child = start([process.execPath, program, JSON.stringify(options)], { core: null, stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  child.stdout?.on("data", (bytes: Buffer) => (text += bytes));
  return async () => {
    child.stdin?.end();
    await once(child, "close");
    return { seconds: JSON.parse(text) as AbusedSecond[] };
  };
}
