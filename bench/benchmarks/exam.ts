/**
 * Measures an examination: candidates enter through the API, fetch the encrypted paper, ask for its key at the same moment, save every ten seconds, and hand in
 * within two seconds; on the embedded database and on PostgreSQL. What was acknowledged is compared with the database, answer by answer.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres } from "../../e2e/postgres.ts";
import { caller, enterGuests, makeExamination, questionIds } from "../../packages/server/src/load/run/examination.ts";
import { openStore } from "../../packages/server/src/platform/store/open-store.ts";
import { MIGRATIONS } from "../../packages/server/src/school/foundation/migrations/index.ts";
import type { Tables } from "../../packages/server/src/school/foundation/store/tables.ts";
import { silentLog } from "../../packages/server/src/school/foundation/store/test-database.ts";
import type { CandidatesCommand, CandidatesFigures, CandidatesOrder } from "../load/exam-candidates.ts";
import { RoomLoad } from "../load/room-load.ts";
import { type Acknowledged, compareStored, type ExamComparison } from "../load/stored-exam.ts";
import { round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { pause, proportionalMb, stop } from "../testbed/child-process.ts";
import { cpuByProcess } from "../testbed/process-figures.ts";
import { type BenchOptions, isChosen } from "./options.ts";

const SIZES = {
  whole: { candidates: 10_000, saveSeconds: 40 },
  quick: { candidates: 500, saveSeconds: 12 },
} as const;
const SAVE_EVERY_SECONDS = 10;
/** Of a candidate in each of these. */
const ANSWERS = 3;
const PAPER_SECONDS = 5;
/** After the start: all pages count down to it. */
const KEY_WITHIN_MS = 500;
const HAND_IN_WITHIN_MS = 2000;
/** The last seconds before the start, in which each device opens its connection. */
const WAIT_SECONDS = 3;
const LEAD_MS = 1500;
/** Everybody comes from one address here. */
export const EXAM_LIMITS = [
  "limits.perAddress.connections=30000",
  "limits.perAddress.connectionsPerSecond=5000",
  "limits.perAddress.requestsPerSecond=200000",
  "limits.perAddress.joinsPerSecond=100000",
  "limits.perCode.joinsPerSecond=100000",
  "limits.perCode.burst=1000000",
];

type Size = { readonly candidates: number; readonly saveSeconds: number };
type Step = {
  readonly name: string;
  readonly figures: CandidatesFigures;
  /** CPU by process, seconds. */
  readonly cpu: ReadonlyMap<string, number>;
};
type Measured = {
  readonly database: string;
  readonly steps: readonly Step[];
  readonly enteredPerSecond: number;
  readonly mb: number;
  readonly comparison: ExamComparison;
};

export async function benchExam(options: BenchOptions): Promise<Table> {
  const usual = options.quick ? SIZES.quick : SIZES.whole;
  const size = { ...usual, candidates: options.members ?? usual.candidates };
  const measured: Measured[] = [];
  if (isChosen("embedded", options)) measured.push(await measure("embedded", "", size));
  if (isChosen("postgresql", options)) {
    const endings: (() => void)[] = [];
    try {
      const postgres = await startPostgres(
        { after: (end: () => void) => endings.push(end), diagnostic: () => {} },
        { fsync: true },
      );
      measured.push(await measure("PostgreSQL", postgres.database(), size));
    } finally {
      for (const end of endings.reverse()) end();
    }
  }
  return tabulate(size, measured);
}

async function measure(database: string, url: string, size: Size): Promise<Measured> {
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-exam-"));
  const lectern = await startLectern([...EXAM_LIMITS, ...(url === "" ? [] : [`database.url=${url}`])], null, null, data);
  let candidates: RoomLoad<CandidatesOrder, CandidatesCommand, CandidatesFigures> | null = null;
  try {
    const call = caller(`http://127.0.0.1:${lectern.httpPort}`, TOKEN);
    const day = 24 * 3_600_000;
    // Entered before it opens: the start is moved to when all are there.
    const exam = await makeExamination(call, {
      opensAt: Date.now() + 25 * 60_000,
      closesAt: Date.now() + day,
      seconds: 3600,
      offlineSeconds: 1200,
    });
    process.stderr.write(`bench: ${size.candidates} candidates enter (${database})\n`);
    const begun = performance.now();
    const devices = await enterGuests(call, exam, size.candidates);
    const enteredPerSecond = size.candidates / ((performance.now() - begun) / 1000);
    candidates = new RoomLoad({ port: lectern.httpPort, devices, questions: questionIds() }, "exam-candidates.ts");
    const steps: Step[] = [];
    const step = async (name: string, command: CandidatesCommand): Promise<void> => {
      const before = cpuByProcess(lectern.pid);
      const figures = await candidates?.tell(command);
      // What follows a request, such as a transaction that nobody waits for, belongs to it.
      await pause(1);
      const after = cpuByProcess(lectern.pid);
      const cpu = new Map([...after].map(([process, seconds]) => [process, seconds - (before.get(process) ?? 0)]));
      if (figures) steps.push({ name, figures, cpu });
    };
    await step("encrypted paper", { do: "paper", seconds: PAPER_SECONDS });
    const opensAt = Date.now() + WAIT_SECONDS * 1000 + LEAD_MS;
    await call("PATCH", `/exams/${exam.id}`, { opensAt: new Date(opensAt).toISOString() });
    await candidates.tell({ do: "wait", seconds: WAIT_SECONDS });
    await step("key, all at once", { do: "key", at: opensAt, withinMs: KEY_WITHIN_MS });
    const save = { do: "save", seconds: size.saveSeconds, everySeconds: SAVE_EVERY_SECONDS, answers: ANSWERS } as const;
    await step(`save every ${SAVE_EVERY_SECONDS} s`, save);
    const mb = proportionalMb(lectern.pid);
    await step(`hand-in within ${HAND_IN_WITHIN_MS / 1000} s`, { do: "hand-in", withinMs: HAND_IN_WITHIN_MS });
    const file = join(data, "acknowledged.json");
    await candidates.tell({ do: "report", file });
    await candidates.leave();
    candidates = null;
    await stop(lectern.process);
    const acknowledged = JSON.parse(readFileSync(file, "utf8")) as Acknowledged[];
    const store = await openStore<Tables>({ url, dataDir: data, migrations: MIGRATIONS, log: silentLog });
    try {
      return { database, steps, enteredPerSecond, mb, comparison: await compareStored(store.db, exam.id, acknowledged) };
    } finally {
      await store.close();
    }
  } finally {
    await candidates?.leave();
    await stop(lectern.process);
    rmSync(data, { recursive: true, force: true });
  }
}

function tabulate({ candidates, saveSeconds }: Size, measured: readonly Measured[]): Table {
  const rows = measured.flatMap(({ database, steps }) =>
    steps.map(({ name, figures: { requests, refused, p50, p99, longest, lastMs, cpu: client, bytesIn, bytesOut }, cpu }) => {
      const perRequest = (process: string) => round(((cpu.get(process) ?? 0) * 1e6) / requests, 0);
      const refusals = Object.values(refused).reduce((sum, one) => sum + one, 0);
      return [
        ...[database, name, requests, refusals, round(p50, 1), round(p99, 1), round(longest, 0), round(lastMs / 1000, 2)],
        ...[perRequest("workers"), perRequest("control"), perRequest("supervisor"), round((client * 1e6) / requests, 0)],
        ...[round(bytesIn / requests, 0), round(bytesOut / requests, 0)],
      ];
    }),
  );
  return {
    title: `An examination with ${candidates} candidates`,
    columns: [
      ...["database", "what", "requests", "refused", "p50, ms", "p99, ms", "longest, ms", "last after, s"],
      ...["workers, µs each", "control, µs each", "supervisor, µs each", "client, µs each", "bytes in", "bytes out"],
    ],
    rows,
    notes: [
      ...measured.map(
        ({ database, comparison: { acknowledged, stored, missing, other, attempts, handedIn }, enteredPerSecond, mb }) =>
          `${database}: ${acknowledged} answers acknowledged, ${stored} stored, ${missing} missing, ${other} other; ${handedIn} of ${attempts} handed in. Entered: ${round(enteredPerSecond, 0)} a second. Memory of all processes of the server: ${round(mb, 0)} MB.`,
      ),
      ...measured.flatMap(({ database, steps }) => steps.flatMap((one) => refusalsOf(database, one))),
      `Saved for ${saveSeconds} s, ${ANSWERS} answers each time. CPU is that of a request, by process; of saves with what the process does beside. PostgreSQL's own processes are not in it; it writes through (fsync). Client, server and database share the machine.`,
    ],
  };
}

function refusalsOf(database: string, { name, figures: { refused } }: Step): string[] {
  const statuses = Object.entries(refused).map(([status, count]) => `${count} × ${status}`);
  return statuses.length === 0 ? [] : [`${database}, ${name}: refused ${statuses.join(", ")}.`];
}
