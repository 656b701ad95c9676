/**
 * Measures board: one writes without a rest before everybody in the room of a live lesson. Members note how old each batch of a stroke is when it
 * comes, and how many bytes come; others come late, a few at a time and in a rush, and wait for the page.
 */
import { type BoardCommand, type BoardFigures, type BoardOrder, DRAIN_MS } from "../load/board-members.ts";
import { RoomLoad } from "../load/room-load.ts";
import { round, type Table } from "../report/table.ts";
import { type LessonRoom, openLessonRoom } from "../servers/lesson-room.ts";
import { cpuSeconds, pause } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const SIZES = {
  whole: { members: [1000, 10_000], seconds: 30, late: { perSecond: 20, seconds: 8 }, rush: { perSecond: 500, seconds: 2 } },
  quick: { members: [500], seconds: 8, late: { perSecond: 20, seconds: 3 }, rush: { perSecond: 200, seconds: 1 } },
} as const;
const JOINS_PER_SECOND = 500;
const SETTLE_SECONDS = 3;
const PAGE = "1.1";

type Size = (typeof SIZES)["whole" | "quick"];
type Load = RoomLoad<BoardOrder, BoardCommand, BoardFigures>;
type Measured = {
  readonly members: number;
  readonly writing: BoardFigures;
  readonly late: BoardFigures;
  readonly rush: BoardFigures;
  readonly cores: number;
  readonly idleCores: number;
};

export async function benchBoard(options: BenchOptions): Promise<Table> {
  const size = options.quick ? SIZES.quick : SIZES.whole;
  const counts: readonly number[] = options.members === null ? size.members : [options.members];
  const measured: Measured[] = [];
  for (const members of counts) {
    process.stderr.write(`bench: ${members} guests join\n`);
    const lesson = await openLessonRoom(members);
    try {
      measured.push(await measure(lesson, size));
    } finally {
      await lesson.close();
    }
  }
  return tabulate(measured, size);
}

async function measure({ lectern, paths, act }: LessonRoom, size: Size): Promise<Measured> {
  await act("page", { action: "board" });
  await act("page", { action: "show", page: PAGE });
  await act("page", { action: "pens", person: new URLSearchParams((paths[0] ?? "").split("?")[1]).get("viewer") });
  const load: Load = new RoomLoad<BoardOrder, BoardCommand, BoardFigures>(
    { port: lectern.httpPort, paths, joinsPerSecond: JOINS_PER_SECOND, page: PAGE },
    "board-members.ts",
  );
  try {
    await load.tell({ do: "join" });
    await pause(SETTLE_SECONDS);
    const idleCores = await coresDuring(lectern.pid, () => pause(SETTLE_SECONDS));
    let writing: BoardFigures | null = null;
    const cores = await coresDuring(lectern.pid, async () => {
      writing = await load.tell({ do: "write", seconds: size.seconds });
    });
    const late = await load.tell({ do: "late", ...size.late });
    const rush = await load.tell({ do: "late", ...size.rush });
    if (!writing) throw new Error("nobody has written");
    return { members: paths.length, writing, late, rush, cores, idleCores };
  } finally {
    await load.leave();
  }
}

async function coresDuring(pid: number, work: () => Promise<void>): Promise<number> {
  const [cpu, begun] = [cpuSeconds(pid), performance.now()];
  await work();
  return (cpuSeconds(pid) - cpu) / ((performance.now() - begun) / 1000);
}

function tabulate(measured: readonly Measured[], size: Size): Table {
  const pair = ({ p50, p99 }: { readonly p50: number; readonly p99: number }) => `${p50} / ${p99}`;
  return {
    title: `One member writes on the board for ${size.seconds} s without a rest, in batches 25 times a second`,
    columns: [
      ...["members", "open", "stroke ms, p50 / p99", "oldest ms", "kB of strokes per member and minute", "batches, refused"],
      ...["cores per 1000", "idle cores per 1000", "late: page ms, p50 / p99", "rush: page ms, p50 / p99", "kB of the page, items"],
    ],
    rows: measured.map(({ members, writing, late, rush, cores, idleCores }) => [
      ...[members, writing.open, pair(writing.strokes), writing.strokes.longest, round(writing.bytesAMinute / 1000, 1)],
      `${writing.batches}, ${writing.refused}`,
      ...[round(((cores - idleCores) / members) * 1000, 3), round((idleCores / members) * 1000, 3)],
      ...[pair(late.late), pair(rush.late), `${round(rush.bytesOfPage / 1000, 0)}, ${rush.items}`],
    ]),
    notes: [
      `Late: ${size.late.perSecond} people a second come for ${size.late.seconds} s while the writing goes on; rush: ${size.rush.perSecond} a second for ${size.rush.seconds} s. From the connection to the whole page.`,
      ...measured.map(
        ({ members, late, rush }) =>
          `${members} members: ${late.late.count} and ${rush.late.count} people came late, ${late.lateFailed + rush.lateFailed} got no page.`,
      ),
      "The server, with its database, is on one core; members and publisher are on the other, which also delays what they note.",
      ...measured.map(
        ({ members, writing }) =>
          `${members} members: they themselves took ${round(writing.cpuSeconds / (size.seconds + DRAIN_MS / 1000), 2)} core.`,
      ),
    ],
  };
}
