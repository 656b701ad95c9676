/**
 * Measures join: a thousand students join a lesson through the API within ten seconds, half with an account and half as guests with the code. Each
 * opens the stream with the link of the response. No call may fail, and existing viewers must not have longer gaps.
 */
import { spawn } from "node:child_process";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { benchClip } from "../load/clip.ts";
import { median, quantile, round, type Table } from "../report/table.ts";
import { startLectern, TOKEN } from "../servers/servers.ts";
import { cpuSeconds, pause, stop } from "../testbed/child-process.ts";
import type { BenchOptions } from "./options.ts";

const STUDENTS = { usual: 1000, quick: 300 } as const;
const WITHIN_SECONDS = 10;
/** An existing viewer is measured for so long before the joins start, in seconds. */
const IDLE_SECONDS = 5;
const PASSWORD = "a good password";
const PREPARED_AT_ONCE = 8;

type Answered = { readonly status: number; readonly milliseconds: number; readonly body: Record<string, unknown> };

export async function benchJoin(options: BenchOptions): Promise<Table> {
  const count = options.quick ? STUDENTS.quick : STUDENTS.usual;
  const limits = ["limits.perAddress.connections=20000", "limits.perAddress.requestsPerSecond=100000", "workers=1"];
  const lectern = await startLectern(limits, null, null);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const ask = (method: string, path: string, token: string | null, body?: unknown) =>
    call(lectern.httpPort, agent, method, path, token, body);
  const schools = (await ask("GET", "/schools", TOKEN)).body as { items: { id: string }[] };
  const tokens = await signedIn(ask, schools.items[0]?.id ?? "", count / 2);
  const lesson = (await ask("POST", "/lessons", TOKEN, { title: "Everybody at once", openToSchool: true })).body as {
    id: string;
    code: string;
    stream: { name: string; publishKey: string };
  };
  const push = `${lectern.push}/${lesson.stream.name}?key=${lesson.stream.publishKey}`;
  const input = ["-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", benchClip().file, "-c", "copy", "-f", "flv", push];
  const publisher = spawn("ffmpeg", input, { stdio: "ignore" });
  await pause(4);

  const join = (token: string | null, i: number) =>
    ask("POST", `/lessons/${token ? lesson.id : lesson.code}/join`, token, token ? {} : { name: `Guest ${i}` });
  const first = await join(null, -1);
  const witness = watch(lectern.httpPort, first.body);
  await pause(IDLE_SECONDS);
  const baselineGap = witness.takeLongestGap();

  const viewers: ReturnType<typeof watch>[] = [];
  const answers: Answered[] = [];
  const cpu = cpuSeconds(lectern.pid);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_, i) => {
      await pause((i / count) * WITHIN_SECONDS);
      const answer = await join(tokens[i] ?? null, i);
      answers.push(answer);
      if (answer.status === 200) viewers.push(watch(lectern.httpPort, answer.body));
    }),
  );
  const took = (performance.now() - begun) / 1000;
  const used = cpuSeconds(lectern.pid) - cpu;
  const stormGap = witness.takeLongestGap();
  await pause(2);
  const seen = viewers.filter(({ bytes }) => bytes() > 50_000).length;
  for (const { leave } of [...viewers, witness]) leave();
  publisher.kill("SIGKILL");
  agent.destroy();
  await stop(lectern.process);

  const failures = answers.filter(({ status }) => status !== 200);
  const codes = new Set(failures.map(({ status, body }) => `${status} ${String(body["code"] ?? "")}`));
  const times = answers.map(({ milliseconds }) => milliseconds);
  return {
    title: "Joining",
    columns: ["what", "figure"],
    rows: [
      ["students, half of them with an account", count],
      ["seconds until the last had joined", round(took, 1)],
      ["calls that failed", failures.length],
      ["join call, median, ms", round(median(times), 1)],
      ["join call, p99, ms", round(quantile(times, 0.99), 1)],
      ["join call, longest, ms", round(Math.max(...times), 1)],
      ["students that received media", seen],
      ["longest gap of an existing viewer before the joins, ms", round(baselineGap, 0)],
      ["longest gap of an existing viewer during the joins, ms", round(stormGap, 0)],
      ["CPU of all processes during the joins, cores", round(used / took, 2)],
    ],
    notes: [
      ...(failures.length > 0 ? [`Failed with ${[...codes].join(", ")}.`] : []),
      "Embedded database, one media worker; the students' sockets are in the benchmark's process, on the same machine.",
    ],
  };
}

type Ask = (method: string, path: string, token: string | null, body?: unknown) => Promise<Answered>;

/** Creates students and signs them in. @returns the tokens of their sessions */
async function signedIn(ask: Ask, schoolId: string, count: number): Promise<string[]> {
  const tokens: string[] = [];
  for (let i = 0; i < count; i += PREPARED_AT_ONCE) {
    const some = Array.from({ length: Math.min(PREPARED_AT_ONCE, count - i) }, async (_, k) => {
      const login = `student${i + k}`;
      await ask("POST", "/users", TOKEN, { schoolId, login, name: login, password: PASSWORD });
      const session = await ask("POST", "/sessions", null, { login, password: PASSWORD });
      return String(session.body["token"]);
    });
    tokens.push(...(await Promise.all(some)));
  }
  return tokens;
}

function call(port: number, agent: Agent, method: string, path: string, token: string | null, body?: unknown): Promise<Answered> {
  const begun = performance.now();
  const text = body === undefined ? "" : JSON.stringify(body);
  const headers = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {}),
  };
  return new Promise((resolve) => {
    const asked = request({ port, host: "127.0.0.1", agent, method, path: `/api/v1${path}`, headers }, (response) => {
      let all = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        all += piece;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, milliseconds: performance.now() - begun, body: all ? JSON.parse(all) : {} }),
      );
    });
    asked.on("error", () => resolve({ status: 0, milliseconds: performance.now() - begun, body: {} }));
    asked.end(text);
  });
}

/** Opens the stream with the link of a join response. */
function watch(port: number, joined: Record<string, unknown>) {
  const { pathname, search } = new URL((joined["play"] as { flv: string }).flv);
  const socket = connect(port, "127.0.0.1");
  let bytes = 0;
  let newest = 0;
  let gap = 0;
  socket.on("error", () => {});
  socket.on("data", (piece) => {
    const now = performance.now();
    if (bytes > 0) gap = Math.max(gap, now - newest);
    newest = now;
    bytes += piece.length;
  });
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: bench\r\n\r\n`);
  return {
    bytes: () => bytes,
    /** The longest gap since the last call. */
    takeLongestGap: () => {
      const longest = gap;
      gap = 0;
      return longest;
    },
    leave: () => socket.destroy(),
  };
}
