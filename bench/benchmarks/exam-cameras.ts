/**
 * Measures the cameras of an examination's candidates: more and more of them published and recorded, without and with a wall of 50 stills, what a request of the wall
 * costs, and how much of what was sent is on the disk.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Call, caller, enter, makeExamination } from "../../packages/server/src/load/run/examination.ts";
import { CameraPublishers } from "../load/camera-publishers.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, startLectern, TOKEN } from "../servers/servers.ts";
import { ownCpuSeconds, pause, proportionalMb, stop } from "../testbed/child-process.ts";
import { cpuByProcess } from "../testbed/process-figures.ts";
import { EXAM_LIMITS } from "./exam.ts";
import type { BenchOptions } from "./options.ts";

const SIZES = {
  whole: { steps: [200, 500, 1000], seconds: 30 },
  quick: { steps: [200], seconds: 20 },
} as const;
const AT_ONCE = 16;
const MAX_TRIES = 5;
const WALL_MS = 3000;
const STILL_MS = 5000;
/** Recorders begin, and what entering left to do is done. */
const SETTLE_SECONDS = 10;
/** One after the other, to tell what one costs. */
const REQUESTS = 20;

type Wall = { readonly items: readonly { readonly streams: { readonly camera?: { readonly still: string | null } } }[] };
type Load = {
  readonly cores: ReadonlyMap<string, number>;
  readonly clientCores: number;
  readonly recordedKbps: number;
  /** Seconds of all cameras that the server has given up. */
  readonly lostSeconds: number;
};

export async function benchExamCameras(options: BenchOptions): Promise<Table> {
  const size = options.quick ? SIZES.quick : SIZES.whole;
  const steps = options.members === null ? size.steps : [options.members];
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-cameras-"));
  const lectern = await startLectern(EXAM_LIMITS, null, null, data);
  const publishers = new CameraPublishers();
  try {
    const http = `http://127.0.0.1:${lectern.httpPort}`;
    const call = caller(http, TOKEN);
    const supervision = { camera: "required", screen: false, phone: false, keepDays: 1 };
    const times = { opensAt: Date.now() - 1000, closesAt: Date.now() + 3_600_000, seconds: 3000, offlineSeconds: 0 };
    const exam = await makeExamination(call, { ...times, supervision });
    const wall = () => call<Wall>("GET", `/exams/${exam.id}/wall`);
    const measure = () => measureLoad(lectern, data, size.seconds);
    const rows: (string | number | null)[][] = [];
    const add = (row: (string | number | null)[]): void => {
      // What was measured is not lost where a later step fails.
      process.stderr.write(`bench: ${row.join(", ")}\n`);
      rows.push(row);
    };
    const notes: string[] = [];
    let before: { readonly cameras: number; readonly cores: number } | null = null;
    for (const cameras of steps) {
      process.stderr.write(`bench: candidates enter and publish until there are ${cameras}\n`);
      const from = before?.cameras ?? 0;
      await publish(http, call, exam.id, publishers, { from, to: cameras });
      await pause(SETTLE_SECONDS);
      const row = (what: string, { cores, clientCores, recordedKbps, lostSeconds }: Load) => {
        const of = (name: string) => round(cores.get(name) ?? 0, 3);
        const mb = round(proportionalMb(lectern.pid), 0);
        return [
          cameras,
          what,
          of("workers"),
          of("control"),
          of("supervisor"),
          mb,
          round(clientCores, 3),
          round(recordedKbps / cameras, 0),
          round(lostSeconds, 0),
        ];
      };
      const alone = await measure();
      add(row("recorded, nobody looks", alone));
      const closeWall = openWall(http, wall);
      const watched = await measure();
      add(row("and a wall of 50 stills", watched));
      const stills = closeWall();
      const request = await costOf(lectern.pid, wall);
      notes.push(
        `${cameras} cameras: one request of the wall ${request}; stills ${stills.got} got, ${stills.same} unchanged (304), ${stills.failed} failed; publishers lost so far ${publishers.lost}.`,
      );
      const total = [...alone.cores.values()].reduce((sum, one) => sum + one, 0);
      if (before) {
        const each = ((total - before.cores) / (cameras - before.cameras)) * 1000;
        notes.push(`From ${before.cameras} to ${cameras} cameras, one more costs ${round(each, 2)} ms of CPU a second.`);
      }
      before = { cameras, cores: total };
    }
    return {
      title: "Cameras of an examination's candidates, 320×240, 5 frames a second, about 110 kbit/s each",
      columns: [
        ...["cameras", "what", "workers, cores", "control, cores", "supervisor, cores", "memory, MB", "client, cores"],
        ...["recorded, kbit/s each", "given up, s of all"],
      ],
      rows,
      notes,
    };
  } finally {
    publishers.close();
    await stop(lectern.process);
    // Recorders of a thousand streams end a little later than the server that was told to.
    rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  }
}

/** @param data folder of the server */
async function measureLoad({ pid, metrics }: LecternRunning, data: string, forSeconds: number): Promise<Load> {
  const lost = await lostSeconds(metrics);
  const [before, own, bytes] = [cpuByProcess(pid), ownCpuSeconds(process.pid), bytesBelow(data)];
  const begun = performance.now();
  await pause(forSeconds);
  const seconds = (performance.now() - begun) / 1000;
  const cores = new Map([...cpuByProcess(pid)].map(([name, cpu]) => [name, (cpu - (before.get(name) ?? 0)) / seconds]));
  const clientCores = (ownCpuSeconds(process.pid) - own) / seconds;
  const recordedKbps = ((bytesBelow(data) - bytes) * 8) / 1000 / seconds;
  return { cores, clientCores, recordedKbps, lostSeconds: (await lostSeconds(metrics)) - lost };
}

async function lostSeconds(metrics: string | null): Promise<number> {
  const text = metrics === null ? "" : await (await fetch(metrics)).text();
  return Number(/^lectern_recording_lost_seconds_total\{kind="recording"\} (.*)$/m.exec(text)?.[1] ?? 0);
}

/** Candidates of these numbers enter, and their cameras are on when it resolves. */
async function publish(
  http: string,
  call: Call,
  exam: string,
  publishers: CameraPublishers,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  let next = from;
  const publishOne = async (i: number): Promise<void> => {
    const { token } = await enter(call, exam, { name: `Guest ${i}`, supervisionConsent: true });
    const body = { token };
    const { streams } = await call<{ streams: { webSocketUrl: string; key: string }[] }>("POST", `/exams/${exam}/streams`, body);
    for (const { webSocketUrl, key } of streams) await publishers.add(`${http.replace("http", "ws")}${webSocketUrl}?key=${key}`);
  };
  const publishSome = async (): Promise<void> => {
    for (let i = next++; i < to; i = next++)
      // A connection may be closed at the moment in which it is used again; a page tries again, too.
      for (let tries = 1; ; tries++) {
        const failure = await publishOne(i).catch((error: unknown) => error);
        if (failure === undefined) break;
        if (tries === MAX_TRIES) throw failure;
        await pause(1);
      }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, publishSome));
}

/** What recordings have on the disk. */
function bytesBelow(folder: string): number {
  const files = readdirSync(join(folder, "recordings"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.reduce(
    (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

async function costOf(pid: number, wall: () => Promise<Wall>): Promise<string> {
  const from = cpuByProcess(pid).get("control") ?? 0;
  const took: number[] = [];
  for (let i = 0; i < REQUESTS; i++) {
    const begun = performance.now();
    await wall();
    took.push(performance.now() - begun);
  }
  const cpu = ((cpuByProcess(pid).get("control") ?? 0) - from) / REQUESTS;
  return `${round(cpu * 1000, 1)} ms CPU of the control process, ${round(median(took), 1)} ms until it is answered`;
}

/** One supervisor's page. @returns ends it, and tells what it got */
function openWall(http: string, wall: () => Promise<Wall>) {
  const counted = { got: 0, same: 0, failed: 0 };
  const tags = new Map<string, string>();
  let addresses: readonly string[] = [];
  const ask = async (): Promise<void> => {
    const { items } = await wall();
    addresses = items.flatMap(({ streams }) => streams.camera?.still ?? []);
  };
  const look = async (): Promise<void> => {
    for (const address of addresses) {
      const [name = ""] = address.split("?");
      const answer = await fetch(http + address, { headers: { "if-none-match": tags.get(name) ?? "" } });
      await answer.arrayBuffer();
      if (answer.status === 200) counted.got++;
      else if (answer.status === 304) counted.same++;
      else counted.failed++;
      tags.set(name, answer.headers.get("etag") ?? "");
    }
  };
  const ignore = () => {};
  void ask().catch(ignore);
  const timers = [setInterval(() => void ask().catch(ignore), WALL_MS), setInterval(() => void look().catch(ignore), STILL_MS)];
  return () => {
    for (const timer of timers) clearInterval(timer);
    return counted;
  };
}
