/** Class pages that poll one lesson: 2000 pages, each on a connection of its own, 500 requests a second. All processes of the server count. */
import { Agent, get } from "node:http";
import { median, round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { cpuSeconds, pause, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const PAGES = 2000;
/** How often a page that is shown polls: packages/web/src/class/poll-delay.ts. */
const POLL_SECONDS = 4;
const WARM_SECONDS = 12;

type Figures = { readonly cores: number; readonly idle: number; readonly perSecond: number; readonly failed: number };

export async function benchPolling(options: BenchOptions): Promise<Table> {
  const seconds = options.quick ? 10 : 30;
  const figures: Figures[] = [];
  for (let repeat = 0; repeat < options.repeats; repeat++) figures.push(await measure(seconds));
  const middle = (of: (one: Figures) => number, digits: number) => round(median(figures.map(of)), digits);
  return {
    title: `${PAGES} class pages that poll a lesson every ${POLL_SECONDS} s`,
    columns: ["answers/s", "failed", "cores", "cores without pages"],
    rows: [
      [
        middle(({ perSecond }) => perSecond, 0),
        middle(({ failed }) => failed, 0),
        middle(({ cores }) => cores, 3),
        middle(({ idle }) => idle, 3),
      ],
    ],
    notes: [`Medians of ${options.repeats}. Target: 0.1 core for 500 answers a second, without a query.`],
  };
}

async function measure(seconds: number): Promise<Figures> {
  const running = await startLectern([]);
  const base = `http://127.0.0.1:${running.httpPort}/api/v1`;
  const response = await fetch(`${base}/lessons`, {
    method: "POST",
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ title: "Lesson" }),
  });
  const { code }: { code: string } = JSON.parse(await response.text());
  await pause(WARM_SECONDS);
  const idle = await coresOver(running.pid, seconds);
  let answers = 0;
  let failed = 0;
  const agents = Array.from({ length: PAGES }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const poll = (agent: Agent): void => {
    const request = get(`${base}/invitations/${code}`, { agent }, (answer) => {
      if (answer.statusCode === 200) answers++;
      else failed++;
      answer.resume();
    });
    request.on("error", () => failed++);
  };
  let next = 0;
  const begun = performance.now();
  const timer = setInterval(() => {
    // Timers of a busy machine are late.
    const due = ((performance.now() - begun) / 1000) * (PAGES / POLL_SECONDS);
    while (next < due) poll(agents[next++ % PAGES] ?? new Agent());
  }, 10);
  await pause(2 * POLL_SECONDS);
  const before = { answers, failed };
  const cores = await coresOver(running.pid, seconds);
  const figures = { cores, idle, perSecond: (answers - before.answers) / seconds, failed: failed - before.failed };
  clearInterval(timer);
  for (const agent of agents) agent.destroy();
  await stop(running.process);
  return figures;
}

async function coresOver(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  await pause(seconds);
  return (cpuSeconds(pid) - before) / seconds;
}
