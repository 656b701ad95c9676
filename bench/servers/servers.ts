/** Provides the servers that the benchmarks compare: how to start, publish to and watch each. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MAIN } from "../../e2e/program.ts";
import { freePort, pause, SERVER_CORE, start } from "../testbed/child-process.ts";
import { UsageError } from "../testbed/usage-error.ts";

export type Running = {
  readonly process: ChildProcess;
  /** The process whose CPU and memory are measured. */
  readonly pid: number;
  /** Publish address without the stream name; null: the server takes no publisher. */
  readonly push: string | null;
  /** The address of a stream for viewers. */
  readonly play: (stream: string) => string;
  /** Address of Lectern's metrics; null for other servers. */
  readonly metrics: string | null;
};

export type Server = {
  readonly name: string;
  /** Milliseconds between two writes to a viewer; null: the server does not batch. */
  readonly batchMs: number | null;
  readonly start: (context: { readonly clip: string; readonly bytesPerSecond: number; readonly floor: string }) => Promise<Running>;
};

/** The benchmarks' token for Lectern's API. */
export const TOKEN = "bench";

export type LecternRunning = Running & { readonly httpPort: number; readonly httpsPort: number };

/** Starts Lectern with configuration options; with a certificate, also with HTTPS. @param data default: a new directory */
export async function startLectern(
  options: readonly string[],
  tls: { readonly cert: string; readonly key: string } | null = null,
  core: number | null = SERVER_CORE,
  data = mkdtempSync(join(tmpdir(), "lectern-bench-")),
): Promise<LecternRunning> {
  const [http, rtmp, https] = [await freePort(), await freePort(), await freePort()];
  const command = [process.execPath, MAIN, "serve", "--data", data, "--http-port", String(http), "--rtmp-port", String(rtmp)];
  // The other servers record nothing, so time-shift is off.
  const all = [
    "publish.allow=any",
    "timeshift.windowSeconds=0",
    ...options,
    ...(tls ? [`http.tls=${JSON.stringify({ ...tls, port: https })}`] : []),
  ];
  const set = all.flatMap((option) => ["--set", option]);
  const child = start([...command, ...set], { core, env: { LECTERN_LOG_LEVEL: "error", LECTERN_ADMIN_TOKEN: TOKEN }, cwd: data });
  const metrics = `http://127.0.0.1:${http}/metrics`;
  // The control process, with its database, is the last process to start.
  while (child.exitCode === null && !(await fetch(metrics).catch(() => null))?.ok) await pause(0.1);
  return {
    process: child,
    pid: child.pid ?? 0,
    push: `rtmp://127.0.0.1:${rtmp}/live`,
    play: (stream) => `http://127.0.0.1:${http}/live/${stream}.flv`,
    metrics,
    httpPort: http,
    httpsPort: https,
  };
}

function lectern(name: string, protocol: "flv" | "rtmp", batchMs: number, query = ""): Server {
  return {
    name,
    batchMs,
    start: async () => {
      const running = await startLectern([`viewer.batchMs=${batchMs}`]);
      return {
        ...running,
        play: (stream) => (protocol === "flv" ? `${running.play(stream)}${query}` : `${running.push}/${stream}`),
      };
    },
  };
}

const nginxRtmp: Server = {
  name: "nginx-rtmp (RTMP)",
  batchMs: null,
  start: async () => {
    const port = await freePort();
    const directory = mkdtempSync(join(tmpdir(), "lectern-bench-"));
    const lines = [
      "daemon off; master_process off; user root; worker_processes 1; error_log /dev/null;",
      `pid ${directory}/pid; load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;`,
      "events { worker_connections 8192; }",
      `rtmp { access_log off; server { listen 127.0.0.1:${port}; chunk_size 4096; application live { live on; } } }`,
    ];
    writeFileSync(join(directory, "nginx.conf"), lines.join("\n"));
    const child = start(["nginx", "-p", directory, "-c", join(directory, "nginx.conf")], { core: SERVER_CORE });
    const base = `rtmp://127.0.0.1:${port}/live`;
    return { process: child, pid: child.pid ?? 0, push: base, play: (stream) => `${base}/${stream}`, metrics: null };
  },
};

const nodeMediaServer: Server = {
  name: "node-media-server 4 (HTTP-FLV)",
  batchMs: null,
  start: async () => {
    const [http, rtmp] = [await freePort(), await freePort()];
    const child = start([process.execPath, join(import.meta.dirname, "node-media-server.ts"), String(rtmp), String(http)], {
      core: SERVER_CORE,
    });
    return {
      process: child,
      pid: child.pid ?? 0,
      push: `rtmp://127.0.0.1:${rtmp}/live`,
      play: (stream) => `http://127.0.0.1:${http}/live/${stream}.flv`,
      metrics: null,
    };
  },
};

function floor(batchMs: number): Server {
  return {
    name: `floor, ${batchMs} ms`,
    batchMs,
    start: async ({ clip, bytesPerSecond, floor: binary }) => {
      const port = await freePort();
      const child = start([binary, String(port), String(Math.round((bytesPerSecond * batchMs) / 1000)), String(batchMs), clip], {
        core: SERVER_CORE,
      });
      return { process: child, pid: child.pid ?? 0, push: null, play: () => `http://127.0.0.1:${port}/x.flv`, metrics: null };
    },
  };
}

/** The floor in JavaScript: the cost of Node.js itself. */
function nodeFloor(batchMs: number): Server {
  return {
    name: `floor in Node.js, ${batchMs} ms`,
    batchMs,
    start: async ({ clip, bytesPerSecond }) => {
      const port = await freePort();
      const script = join(import.meta.dirname, "node-floor.ts");
      const child = start(
        [process.execPath, script, String(port), String(Math.round((bytesPerSecond * batchMs) / 1000)), String(batchMs), clip],
        { core: SERVER_CORE },
      );
      return { process: child, pid: child.pid ?? 0, push: null, play: () => `http://127.0.0.1:${port}/x.flv`, metrics: null };
    },
  };
}

export const SERVERS: readonly Server[] = [
  lectern("Lectern HTTP-FLV", "flv", 200),
  lectern("Lectern RTMP", "rtmp", 200),
  lectern("Lectern HTTP-FLV, low delay", "flv", 200, "?delay=low"),
  nginxRtmp,
  nodeMediaServer,
  floor(200),
  nodeFloor(200),
  floor(40),
];

/** Parses `--server NAME=COMMAND,PUSH_URL,PLAY_URL`; %s in PLAY_URL stands for the stream name. */
export function givenServer(text: string): Server {
  const [, name, command, push, play] = /^([^=]+)=([^,]+),([^,]+),([^,]+)$/.exec(text) ?? [];
  if (!name || !command || !push || !play) throw new UsageError(`--server needs NAME=COMMAND,PUSH_URL,PLAY_URL, but is "${text}"`);
  return {
    name,
    batchMs: null,
    start: async () => {
      const child = start(["sh", "-c", `exec ${command}`], { core: SERVER_CORE });
      return { process: child, pid: child.pid ?? 0, push, play: (stream) => play.replace("%s", stream), metrics: null };
    },
  };
}
