/**
 * Measures room: everybody in one room of a live lesson, a part of them by TLS. Some members talk, all of them note how old each line is when it
 * comes; compared with Socket.IO and with a plain loop over WebSockets. Viewers watch the same lesson meanwhile, without and with the room.
 */
import { join } from "node:path";
import { cacheDirectory } from "../load/clip.ts";
import type { DialectName } from "../load/room-dialects.ts";
import { RoomLoad } from "../load/room-load.ts";
import type { MembersFigures, MembersOrder } from "../load/room-members.ts";
import { round, type Table } from "../report/table.ts";
import { type LessonRoom, openLessonRoom } from "../servers/lesson-room.ts";
import {
  CLIENT_CORE,
  compile,
  cpuSeconds,
  freePort,
  output,
  pause,
  proportionalMb,
  SERVER_CORE,
  start,
  stop,
} from "../testbed/child-process.ts";
import { type BenchOptions, isChosen } from "./options.ts";

const SIZES = {
  whole: { members: 10_000, viewers: 2000, bulletCommentsPerSecond: 200, seconds: 30 },
  quick: { members: 500, viewers: 200, bulletCommentsPerSecond: 100, seconds: 8 },
} as const;
const CHAT_PER_SECOND = 20;
const TLS_SHARE = 0.5;
const JOINS_PER_SECOND = 500;
/** Of bullet comments, members of Lectern get about this many a second. The other servers get no more to send. */
const SHOWN_BULLET_COMMENTS = 20;
/** Before memory and idle CPU are measured. */
const SETTLE_SECONDS = 3;
const JOIN_VIEWERS_PER_SECOND = 200;

type Size = (typeof SIZES)["whole" | "quick"];
type Cost = { readonly idleCores: number; readonly cores: number; readonly kbPerMember: number };
type Measured = Cost & { readonly server: string; readonly members: number; readonly figures: MembersFigures };
type Video = { readonly cores: number; readonly gapMs: number; readonly live: number };

export async function benchRoom(options: BenchOptions): Promise<Table> {
  const usual = options.quick ? SIZES.quick : SIZES.whole;
  const size: Size = { ...usual, members: options.members ?? usual.members } as Size;
  const measured: Measured[] = [];
  const notes: string[] = [];
  if (isChosen("lectern", options)) {
    const own = await measureLectern(size);
    measured.push(own.plain, own.mixed);
    notes.push(...own.notes);
  } else if (isChosen("plain", options)) measured.push(await measurePlain(size));
  if (isChosen("edge", options)) measured.push(await measureAtEdge(size, notes));
  for (const name of ["socket.io", "ws"] as const) if (isChosen(name, options)) measured.push(await measureOther(name, size));
  return tabulate(measured, size, notes);
}

async function measureLectern(size: Size) {
  process.stderr.write(`bench: ${size.members} guests join\n`);
  const lesson = await openLessonRoom(size.members);
  try {
    const { lectern, paths } = lesson;
    const order = { ...rates(size.bulletCommentsPerSecond), dialect: "lectern" as const, paths, port: lectern.httpPort };
    const tool = compile("flvload", cacheDirectory());
    const alone = await watch(tool, lesson, size, null);
    const plain = await measure("Lectern", lectern.pid, { ...order, tlsPort: null, tlsShare: 0 }, size.seconds, async () => {});
    let beside: Video | null = null;
    let answers = "";
    const mixed = await measure(
      `Lectern, ${TLS_SHARE * 100} % by TLS`,
      lectern.pid,
      { ...order, tlsPort: lectern.httpsPort, tlsShare: TLS_SHARE },
      size.seconds,
      async (members) => {
        beside = await watch(tool, lesson, size, () => members.tell({ do: "talk", seconds: talkSeconds(size) }));
        answers = await answerAll(lesson, members);
      },
    );
    const video = (name: string, one: Video | null) =>
      one
        ? `${name}: ${round(one.cores, 2)} cores of the server, longest gap ${round(one.gapMs, 0)} ms, ${one.live} still there.`
        : "";
    const notes = [
      video(`${size.viewers} viewers without the room`, alone),
      video(`${size.viewers} viewers beside the talking room`, beside),
      `The same room without viewers: ${round(mixed.cores, 2)} cores.`,
    ];
    return { plain, mixed, notes: [...notes, answers] };
  } finally {
    await lesson.close();
  }
}

/** Members without TLS, and no viewers: the shortest run. */
async function measurePlain(size: Size): Promise<Measured> {
  process.stderr.write(`bench: ${size.members} guests join\n`);
  const lesson = await openLessonRoom(size.members);
  try {
    const { lectern, paths } = lesson;
    const places = { port: lectern.httpPort, tlsPort: null, tlsShare: 0 };
    const order = { ...rates(size.bulletCommentsPerSecond), dialect: "lectern" as const, paths, ...places };
    return await measure("Lectern", lectern.pid, order, size.seconds, async () => {});
  } finally {
    await lesson.close();
  }
}

/** The members are at an edge; the room's owner, the database and the publisher are at another node of the same core. */
async function measureAtEdge(size: Size, notes: string[]): Promise<Measured> {
  process.stderr.write(`bench: ${size.members} guests join for the edge\n`);
  const lesson = await openLessonRoom(size.members, "edge");
  try {
    const { lectern, gate, paths } = lesson;
    const places = { port: gate.httpPort, tlsPort: gate.httpsPort, tlsShare: TLS_SHARE };
    const order = { ...rates(size.bulletCommentsPerSecond), dialect: "lectern" as const, paths, ...places };
    const cpu = cpuSeconds(lectern.pid);
    const begun = performance.now();
    const title = `Lectern at an edge, ${TLS_SHARE * 100} % by TLS`;
    return await measure(title, gate.pid, order, size.seconds, async (members) => {
      const cores = (cpuSeconds(lectern.pid) - cpu) / ((performance.now() - begun) / 1000);
      notes.push(`The node with the room's owner, on the core of the edge: ${round(cores, 2)} cores on average.`);
      notes.push(`At the edge. ${await answerAll(lesson, members)}`);
    });
  } finally {
    await lesson.close();
  }
}

async function measureOther(name: "socket.io" | "ws", size: Size): Promise<Measured> {
  const port = await freePort();
  const child = start([process.execPath, join(import.meta.dirname, "../servers/room-server.ts"), name, String(port)], {
    core: SERVER_CORE,
  });
  try {
    await pause(2);
    const path = name === "ws" ? "/" : "/socket.io/?EIO=4&transport=websocket";
    const paths = Array.from({ length: size.members }, () => path);
    const order = { ...rates(SHOWN_BULLET_COMMENTS), dialect: name, paths, port, tlsPort: null, tlsShare: 0 };
    const title = name === "ws" ? "a loop over `ws` 8" : "Socket.IO 4, default adapter";
    return await measure(title, child.pid ?? 0, order, size.seconds, async () => {});
  } finally {
    await stop(child);
  }
}

const rates = (bulletCommentsPerSecond: number) => ({
  joinsPerSecond: JOINS_PER_SECOND,
  chatPerSecond: CHAT_PER_SECOND,
  bulletCommentsPerSecond,
});

/** @param after with the members still there */
async function measure(
  server: string,
  pid: number,
  order: MembersOrder & { readonly dialect: DialectName },
  seconds: number,
  after: (members: RoomLoad) => Promise<void>,
): Promise<Measured> {
  process.stderr.write(`bench: ${server}, ${order.paths.length} members\n`);
  // Earlier members have left only just.
  await pause(SETTLE_SECONDS);
  const memory = proportionalMb(pid);
  const idleBefore = await coresOver(pid, SETTLE_SECONDS);
  const members = new RoomLoad(order);
  try {
    const joined = await members.tell({ do: "join" });
    await pause(SETTLE_SECONDS);
    const kbPerMember = ((proportionalMb(pid) - memory) * 1024) / Math.max(1, joined.open);
    const idleCores = Math.max(0, (await coresOver(pid, SETTLE_SECONDS)) - idleBefore);
    const begun = performance.now();
    const cpu = cpuSeconds(pid);
    const figures = await members.tell({ do: "talk", seconds });
    const cores = (cpuSeconds(pid) - cpu) / ((performance.now() - begun) / 1000) - idleBefore;
    await after(members);
    return { server, members: order.paths.length, figures: { ...figures, joins: joined.joins }, idleCores, cores, kbPerMember };
  } finally {
    await members.leave();
  }
}

async function coresOver(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
}

/** How long members talk beside the viewers: as long as those come, settle and are measured. */
function talkSeconds({ viewers, seconds }: Size): number {
  return viewers / JOIN_VIEWERS_PER_SECOND + 2 + seconds;
}

/** Viewers of the lesson's picture. @param beside what goes on meanwhile; null: nothing */
async function watch(
  tool: string,
  { lectern, flv }: LessonRoom,
  size: Size,
  beside: (() => Promise<unknown>) | null,
): Promise<Video> {
  const counts = ["-n", String(size.viewers), "-r", String(JOIN_VIEWERS_PER_SECOND), "-w", "2", "-d", String(size.seconds)];
  const busy = beside?.();
  const watching = output([tool, "-u", flv, ...counts, "-b", "10", "-l"], CLIENT_CORE);
  await pause(size.viewers / JOIN_VIEWERS_PER_SECOND + 2);
  const cores = await coresOver(lectern.pid, size.seconds - 1);
  const { largest_gap_window_ms: gapMs, live }: { largest_gap_window_ms: number; live: number } = JSON.parse(await watching);
  await busy;
  return { cores, gapMs, live };
}

/** Everybody answers a quiz within a second. */
async function answerAll({ act, get }: LessonRoom, members: RoomLoad): Promise<string> {
  const options = ["a half", "a third", "a quarter"];
  const { answer } = await act("quiz", { action: "open", type: "single", text: "How much is left?", options });
  const { answers } = await members.tell({ do: "answers", quiz: answer?.ref ?? "" });
  const { items } = (await get("/quizzes")) as { items: { results: { answered: number } }[] };
  const counted = items[0]?.results.answered ?? 0;
  return `Answers to a quiz, all sent within a second: ${answers?.acknowledged} acknowledged ${round(answers?.seconds ?? 0, 2)} s after the first was sent, ${counted} counted.`;
}

function tabulate(measured: readonly Measured[], size: Size, notes: readonly string[]): Table {
  const pair = ({ p50, p99 }: { p50: number; p99: number }) => `${p50} / ${p99}`;
  const rows = measured.map(({ server, members, figures, cores, idleCores, kbPerMember }) => [
    ...[server, members, figures.open, pair(figures.joins), pair(figures.chat), pair(figures.danmaku), figures.chat.longest],
    round(figures.fewestChat / Math.max(1, figures.sent.chat), 3),
    ...[round((cores / members) * 1000, 3), round((idleCores / members) * 1000, 3), round(kbPerMember, 1)],
    round(figures.cpuSeconds / size.seconds, 2),
  ]);
  const odd = measured.flatMap(({ server, figures: { refused, closed, reasons } }) =>
    refused + closed > 0 ? [`${server}: ${refused} actions refused, ${closed} sockets closed: ${reasons.join("; ")}`] : [],
  );
  return {
    title: `One room: ${CHAT_PER_SECOND} chat lines and ${size.bulletCommentsPerSecond} bullet comments sent a second, joins at ${JOINS_PER_SECOND}/s`,
    columns: [
      ...[
        "server",
        "members",
        "open",
        "join ms, p50 / p99",
        "chat ms, p50 / p99",
        "bullet comment ms, p50 / p99",
        "oldest chat line ms",
      ],
      ...[
        "chat lines at the worst member / sent",
        "cores per 1000",
        "idle cores per 1000",
        "kB per member",
        "cores of the members",
      ],
    ],
    rows,
    notes: [
      ...notes.filter((note) => note !== ""),
      ...odd,
      `The other servers store and check nothing, and get ${SHOWN_BULLET_COMMENTS} bullet comments a second, which is what members of Lectern get of all.`,
      "The server is on one core, members, viewers and publisher on the other, which also delays what they note.",
    ],
  };
}
