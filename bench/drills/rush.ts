/** Runs a drill: a thousand students behind one address join a lesson at once, without and with an abuser at another address beside them. */
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
const ABUSER_ADDRESS = "127.0.0.3";
const CONNECTIONS_PER_SECOND = 500;
/** The abuser begins so much earlier than the students, seconds. */
const AHEAD_SECONDS = 5;
/** The students' 99th percentile may be so many times as long. */
const MAX_RATIO = 1.2;
const STREAM_WITHIN_MS = 60_000;

/** @property refusals what students were refused by, each */
type Round = { readonly refusals: readonly string[]; readonly p50: number; readonly p99: number };
type Abuse = { readonly seconds: readonly AbusedSecond[] };

export async function rush({ quick }: DrillOptions): Promise<DrillResult> {
  const cluster = new LocalCluster({ quick });
  const size = quick ? "quick" : "whole";
  try {
    const lectern = await startLectern(cluster.scope);
    const baseline: Round[] = [];
    const attacked: Round[] = [];
    const abuse: AbusedSecond[] = [];
    // The first rush loads what later ones find.
    let schools = 0;
    // A school joins once, with a connection for each request: a real one keeps them, and does not join nine times in two minutes.
    const joinFromNewSchool = (count: number) => joinAll(lectern, cluster, count, `127.0.1.${++schools}`);
    await joinFromNewSchool(Math.min(100, STUDENTS[size]));
    for (let i = 0; i < PAIRS[size]; i++) {
      baseline.push(await joinFromNewSchool(STUDENTS[size]));
      const end = startAbuser(lectern.httpPort);
      await pause(AHEAD_SECONDS);
      attacked.push(await joinFromNewSchool(STUDENTS[size]));
      abuse.push(...(await end()).seconds.slice(AHEAD_SECONDS));
    }
    return resultOf(STUDENTS[size], baseline, attacked, abuse);
  } finally {
    await cluster.close();
  }
}

function resultOf(
  students: number,
  baseline: readonly Round[],
  attacked: readonly Round[],
  abuse: readonly AbusedSecond[],
): DrillResult {
  const of = (rounds: readonly Round[], figure: (one: Round) => number) => median(rounds.map(figure));
  const ratio = of(attacked, ({ p99 }) => p99) / of(baseline, ({ p99 }) => p99);
  const refusals = [...baseline, ...attacked].flatMap((round) => round.refusals);
  const sum = (figure: keyof AbusedSecond) => abuse.reduce((all, second) => all + second[figure], 0);
  const share = sum("refused") / Math.max(1, sum("refused") + sum("served"));
  const row = (what: string, rounds: readonly Round[]) => [
    ...[what, students, rounds.reduce((all, one) => all + one.refusals.length, 0)],
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
    held: refusals.length === 0 && share > 0.9 && ratio <= MAX_RATIO,
    seen: [],
    table: {
      columns: ["round", "students", "refused", "picture p50, ms", "p99, ms"],
      rows: [row("without the abuser", baseline), row("with the abuser", attacked)],
    },
    notes: [
      ...[...Map.groupBy(refusals, (refusal) => refusal)].map(([refusal, all]) => `${all.length} students: ${refusal}`),
      `p99 ${round(ratio, 2)} times as long, medians of ${baseline.length} rounds each; ${round(share * 100, 1)} % of the abuser's requests refused from second ${AHEAD_SECONDS} on.`,
      "Each student asks for the page, the invitation and to join, and opens the stream: times are from the beginning to the first media.",
    ],
  };
}

/** Students of one address join a new lesson at once, and leave when all have seen its stream. */
async function joinAll(lectern: Lectern, cluster: LocalCluster, count: number, address: string): Promise<Round> {
  const lesson = await create(lectern, "/lessons", { title: "Everybody at once", guests: true });
  const { stream } = lesson as unknown as { stream: { name: string; publishKey: string } };
  const push = `${lectern.rtmp}/live/${stream.name}?key=${stream.publishKey}`;
  const loop = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", cluster.makeClip()];
  const publisher = start(["ffmpeg", ...loop, "-c", "copy", "-f", "flv", push], { core: null });
  await lectern.stream(stream.name, ({ video }) => video !== null);
  const outcomes = await Promise.all(Array.from({ length: count }, (_, i) => joinOne(lectern, lesson.code, i, address)));
  for (const { leave } of outcomes) leave();
  publisher.kill("SIGKILL");
  // What was open is closed before the next round.
  await pause(2);
  const times = outcomes.flatMap(({ milliseconds }) => milliseconds ?? []);
  const refusals = outcomes.flatMap(({ refusal }) => refusal ?? []);
  return { refusals, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** The address of the stream, or what refused the student. */
type Joined = { readonly flv: string } | { readonly refusal: string };
type Outcome = { readonly milliseconds: number | null; readonly refusal: string | null; readonly leave: () => void };

const refused = (refusal: string): Outcome => ({ milliseconds: null, refusal, leave: () => {} });

async function joinOne({ httpPort }: Lectern, code: string, i: number, address: string): Promise<Outcome> {
  const begun = performance.now();
  for (const path of [`/class/${code}`, `/api/v1/invitations/${code}`]) {
    const status = await ask(httpPort, address, { method: "GET", path });
    if (status !== 200) return refused(`GET ${path}: ${status}`);
  }
  const joined = await join(httpPort, code, i, address);
  if ("refusal" in joined) return refused(joined.refusal);
  const { pathname, search } = new URL(joined.flv);
  const socket = connect({ host: "127.0.0.1", port: httpPort, localAddress: address });
  socket.on("error", () => {});
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: lectern\r\n\r\n`);
  let seen = 0;
  const refusal = await new Promise<string | null>((resolve) => {
    socket.on("data", (bytes: Buffer) => {
      const status = bytes.toString("latin1", 9, 12);
      if (seen === 0 && status !== "200") resolve(`stream: ${status}`);
      seen += bytes.length;
      // More than the answer's head and the stream's: the first picture.
      if (seen > 2000) resolve(null);
    });
    socket.on("close", () => resolve("stream: closed"));
    socket.setTimeout(STREAM_WITHIN_MS, () => resolve("stream: nothing for a minute"));
  });
  return { milliseconds: refusal === null ? performance.now() - begun : null, refusal, leave: () => void socket.destroy() };
}

async function join(port: number, code: string, i: number, localAddress: string): Promise<Joined> {
  const to = { host: "127.0.0.1", port, localAddress, agent: false as const };
  const headers = { "content-type": "application/json" };
  const asked = request({ ...to, method: "POST", path: `/api/v1/lessons/${code}/join`, headers });
  asked.end(JSON.stringify({ name: `Student ${i}` }));
  const [answer] = await once(asked, "response").catch(() => [null]);
  if (!answer) return { refusal: "join: no answer" };
  const body = (await json(answer)) as { code: string; play: { flv: string } };
  return answer.statusCode === 200 ? body.play : { refusal: `join: ${answer.statusCode} ${body.code}` };
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
