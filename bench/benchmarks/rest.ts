/** Measures start and rest: CPU and time until ready, then CPU, wake-ups and memory with little or nothing to do. All processes of a server count. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchClip } from "../load/clip.ts";
import { publishClip } from "../load/clip-publisher.ts";
import { median, round, type Table } from "../report/table.ts";
import { type LecternRunning, type Running, SERVERS, startLectern, TOKEN } from "../servers/servers.ts";
import { cpuSeconds, pause, processTree, proportionalMb, residentMb, SERVER_CORE, start, stop } from "../testbed/child-process.ts";
import { type BenchOptions, isChosen } from "./options.ts";
import { benchStarts } from "./starts.ts";

const LESSONS = 100;
/** Caches are filled and garbage is collected within this time after a start. */
const SETTLE_SECONDS = 8;

/** The machine that a server runs on. */
type Place = { readonly name: string; readonly core: number | null; readonly isBusy: boolean };

const PLACES: readonly Place[] = [
  { name: "one core", core: SERVER_CORE, isBusy: false },
  { name: "two cores", core: null, isBusy: false },
  { name: "one core, shared with a busy program", core: SERVER_CORE, isBusy: true },
];

type Figures = { readonly cores: number; readonly wakeUps: number; readonly rssMb: number; readonly pssMb: number };
type Row = readonly [what: string, cpuToReady: number | null, toReady: number | null, figures: Figures | null];

export async function benchRest(options: BenchOptions): Promise<Table> {
  if (options.starts !== null) return await benchStarts(options.starts, options.log);
  const seconds = options.quick ? 10 : 30;
  const rows: (readonly [place: string, Row])[] = [];
  for (const place of options.quick ? PLACES.slice(0, 1) : PLACES) {
    const other = place.isBusy ? start(["sh", "-c", "while :; do :; done"], { core: place.core }) : null;
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      process.stderr.write(`bench: rest, ${place.name}, run ${repeat + 1} of ${options.repeats}\n`);
      const own = isChosen("Lectern", options) ? await measureLectern(place, seconds) : [];
      for (const row of [...own, ...(await measureOthers(place, seconds, options))]) rows.push([place.name, row]);
    }
    if (other) await stop(other);
  }
  return tabulate(rows, options.repeats);
}

/** A first start with a new database, a second one, and what the running server takes. */
async function measureLectern({ core }: Place, seconds: number): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), "lectern-bench-rest-"));
  const first = await timed(() => startLectern([], null, core, data));
  const rows: Row[] = [["Lectern, first start", cpuSeconds(first.running.pid), first.seconds, null]];
  await stop(first.running.process);
  const second = await timed(() => startLectern([], null, core, data));
  const { running } = second;
  const cpu = cpuSeconds(running.pid);
  rows.push(["Lectern, second start, at rest", cpu, second.seconds, await observe(running, seconds)]);
  const publisher = publishClip(benchClip().file, `${running.push}/x`, "", null);
  rows.push(["Lectern, one stream, nobody watching", null, null, await observe(running, seconds)]);
  await publisher.stop();
  await addLessons(running);
  rows.push([`Lectern, ${LESSONS} idle lessons`, null, null, await observe(running, seconds)]);
  await stop(running.process);
  rmSync(data, { recursive: true, force: true });
  return rows;
}

async function measureOthers({ core }: Place, seconds: number, options: BenchOptions): Promise<Row[]> {
  if (core === null) return [];
  const rows: Row[] = [];
  const others = SERVERS.filter(({ name }) => /^(nginx-rtmp|node-media-server)/.test(name) && isChosen(name, options));
  for (const server of others) {
    const clip = benchClip();
    // They do not say when they are ready, so their starts are not compared.
    const running = await server.start({ clip: clip.file, bytesPerSecond: clip.bytesPerSecond, floor: "" });
    rows.push([`${server.name}, at rest`, null, null, await observe(running, seconds)]);
    const publisher = publishClip(clip.file, `${running.push}/x`, "", null);
    rows.push([`${server.name}, one stream, nobody watching`, null, null, await observe(running, seconds)]);
    await publisher.stop();
    await stop(running.process);
  }
  return rows;
}

async function timed<R extends Running>(begin: () => Promise<R>): Promise<{ readonly running: R; readonly seconds: number }> {
  const begun = performance.now();
  return { running: await begin(), seconds: (performance.now() - begun) / 1000 };
}

async function observe({ pid }: Running, seconds: number): Promise<Figures> {
  await pause(SETTLE_SECONDS);
  const before = { cpu: cpuSeconds(pid), switches: processTree(pid).map((one) => [one, voluntarySwitches(one)] as const) };
  await pause(seconds);
  const wakeUps = before.switches.map(([one, count]) => (voluntarySwitches(one) - count) / seconds);
  return {
    cores: (cpuSeconds(pid) - before.cpu) / seconds,
    wakeUps: Math.max(...wakeUps),
    rssMb: residentMb(pid),
    pssMb: proportionalMb(pid),
  };
}

/** How often the threads of a process have gone to sleep, which is how often they woke up. */
function voluntarySwitches(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const status = readFileSync(`/proc/${pid}/task/${task}/status`, "utf8");
    return sum + Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }, 0);
}

async function addLessons({ httpPort }: LecternRunning): Promise<void> {
  for (let i = 0; i < LESSONS; i++) {
    const response = await fetch(`http://127.0.0.1:${httpPort}/api/v1/lessons`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ title: `Lesson ${i}` }),
    });
    if (!response.ok) throw new Error(`a lesson was refused: ${response.status} ${await response.text()}`);
  }
}

function tabulate(rows: readonly (readonly [place: string, Row])[], repeats: number): Table {
  const groups = Map.groupBy(rows, ([place, [what]]) => `${place}\n${what}`);
  const middle = (values: readonly (number | null | undefined)[], digits: number): number | null => {
    const known = values.filter((value) => value !== null && value !== undefined);
    return known.length === 0 ? null : round(median(known), digits);
  };
  return {
    title: "Start and rest, all processes of each server",
    columns: ["machine", "what", "CPU s to ready", "s to ready", "cores", "wake-ups/s of the busiest process", "RSS MB", "PSS MB"],
    rows: [...groups.values()].map((group) => {
      const [place, [what]] = group[0] ?? ["", ["", null, null, null]];
      const figures = group.map(([, [, , , found]]) => found);
      return [
        place,
        what,
        middle(
          group.map(([, [, cpu]]) => cpu),
          2,
        ),
        middle(
          group.map(([, [, , seconds]]) => seconds),
          1,
        ),
        middle(
          figures.map((found) => found?.cores),
          4,
        ),
        middle(
          figures.map((found) => found?.wakeUps),
          1,
        ),
        middle(
          figures.map((found) => found?.rssMb),
          0,
        ),
        middle(
          figures.map((found) => found?.pssMb),
          0,
        ),
      ];
    }),
    notes: [`Medians of ${repeats}. Targets: 2.5 CPU s to ready at the second start; at rest 0.01 core, 10 wake-ups/s, 350 MB.`],
  };
}
