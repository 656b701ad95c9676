/** Measures the cameras of an examination's candidates: published and recorded, with a wall of 50 stills open, and what a request of the wall costs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { caller, enter, makeExamination } from "../../packages/server/src/load/run/examination.ts";
import { CameraPublishers } from "../load/camera-publishers.ts";
import { round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { pause, proportionalMb, stop } from "../testbed/child-process.ts";
import { cpuByProcess } from "../testbed/process-figures.ts";
import { EXAM_LIMITS } from "./exam.ts";
import type { BenchOptions } from "./options.ts";

const SIZES = { whole: { cameras: 1000, seconds: 60 }, quick: { cameras: 200, seconds: 20 } } as const;
const AT_ONCE = 16;
const WALL_MS = 3000;
const STILL_MS = 5000;
/** One after the other, to tell what one costs. */
const REQUESTS = 40;

type Wall = { readonly items: readonly { readonly streams: { readonly camera?: { readonly still: string | null } } }[] };

export async function benchExamCameras(options: BenchOptions): Promise<Table> {
  const size = options.quick ? SIZES.quick : SIZES.whole;
  const cameras = options.members ?? size.cameras;
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-cameras-"));
  const lectern = await startLectern(EXAM_LIMITS, null, null, data);
  const publishers = new CameraPublishers();
  try {
    const http = `http://127.0.0.1:${lectern.httpPort}`;
    const call = caller(http, TOKEN);
    const supervision = { camera: "required", screen: false, phone: false, keepDays: 1 };
    const times = { opensAt: Date.now() - 1000, closesAt: Date.now() + 3_600_000, seconds: 3000, offlineSeconds: 0 };
    const exam = await makeExamination(call, { ...times, supervision });
    process.stderr.write(`bench: ${cameras} candidates enter and publish\n`);
    let next = 0;
    const publishSome = async (): Promise<void> => {
      for (let i = next++; i < cameras; i = next++) {
        const { token } = await enter(call, exam.id, { name: `Guest ${i}`, supervisionConsent: true });
        const { streams } = await call<{ streams: { webSocketUrl: string; key: string }[] }>("POST", `/exams/${exam.id}/streams`, {
          token,
        });
        for (const { webSocketUrl, key } of streams)
          await publishers.add(`${http.replace("http", "ws")}${webSocketUrl}?key=${key}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, publishSome));
    await pause(10);
    const rows: (string | number | null)[][] = [];
    const measure = async (what: string): Promise<void> => {
      const before = cpuByProcess(lectern.pid);
      await pause(size.seconds);
      const after = cpuByProcess(lectern.pid);
      const cores = (name: string) => round(((after.get(name) ?? 0) - (before.get(name) ?? 0)) / size.seconds, 3);
      rows.push([what, cores("workers"), cores("control"), cores("supervisor"), round(proportionalMb(lectern.pid), 0)]);
    };
    await measure("recorded, nobody looks");
    const wall = () => call<Wall>("GET", `/exams/${exam.id}/wall`);
    const closeWall = openWall(http, wall);
    await measure("and a wall of 50 stills");
    const stills = closeWall();
    const from = cpuByProcess(lectern.pid).get("control") ?? 0;
    const begun = performance.now();
    for (let i = 0; i < REQUESTS; i++) await wall();
    const took = (performance.now() - begun) / REQUESTS;
    const cpu = ((cpuByProcess(lectern.pid).get("control") ?? 0) - from) / REQUESTS;
    return {
      title: `Cameras of ${cameras} candidates, 320×240, 5 frames a second, about 110 kbit/s each`,
      columns: ["what", "workers, cores", "control, cores", "supervisor, cores", "memory, MB"],
      rows,
      notes: [
        `One request of the wall with ${cameras} candidates: ${round(cpu * 1000, 1)} ms CPU of the control process, ${round(took, 1)} ms until it is answered.`,
        `Stills of the wall: ${stills.got} got, ${stills.same} unchanged (304), ${stills.failed} failed. Publishers lost: ${publishers.lost}.`,
      ],
    };
  } finally {
    publishers.close();
    await stop(lectern.process);
    rmSync(data, { recursive: true, force: true });
  }
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
