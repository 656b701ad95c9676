/** Provides the baseline of HTTP benchmarks: starts nginx with the same bytes as files, runs the HTTP load generator, and measures responses and CPU. */
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { documented } from "../../e2e/nginx.ts";
import { CLIENT_CORE, cpuSeconds, freePort, output, pause, SERVER_CORE, start } from "../testbed/child-process.ts";
import type { HttpLoad, HttpLoadResult } from "./http-load.ts";

export type HttpFigures = {
  /** Responses for each second of a core. */
  readonly perCoreSecond: number;
  readonly cores: number;
} & Omit<HttpLoadResult, "bytes">;

/** Starts nginx with these files, by path, over HTTP and HTTPS. */
export async function startNginx(
  { bytes }: { readonly bytes: ReadonlyMap<string, Buffer> },
  { cert, key }: { cert: string; key: string },
) {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const directory = mkdtempSync(join(tmpdir(), "lectern-bench-"));
  for (const [path, content] of bytes) {
    const file = join(directory, "www", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const lines = [
    "daemon off; master_process off; user root; worker_processes 1; error_log /dev/null;",
    `pid ${directory}/pid; events { worker_connections 8192; }`,
    `http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;
      server { listen 127.0.0.1:${port}; listen 127.0.0.1:${tlsPort} ssl http2; ssl_certificate ${cert}; ssl_certificate_key ${key};
      root ${directory}/www; } }`,
  ];
  writeFileSync(join(directory, "nginx.conf"), lines.join("\n"));
  const child = start(["nginx", "-p", directory, "-c", join(directory, "nginx.conf")], { core: SERVER_CORE });
  await pause(1);
  return { process: child, pid: child.pid ?? 0, port, tlsPort };
}

/** Starts nginx as a cache in front of a server, with the configuration of `docs/cdn.md`. */
export async function startCache(serverPort: number) {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "lectern-bench-cache-"));
  const http = documented("cdn.md")
    .replaceAll("/var/cache/nginx", directory)
    .replace("server 127.0.0.1:8080", `server 127.0.0.1:${serverPort}`)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const head = `daemon off; master_process off; user root; worker_processes 1; error_log /dev/null; pid ${directory}/pid;`;
  const text = `${head} events { worker_connections 8192; } http { access_log off; sendfile on; keepalive_requests 1000000000; ${http} }`;
  writeFileSync(join(directory, "nginx.conf"), text);
  const child = start(["nginx", "-p", directory, "-c", join(directory, "nginx.conf")], { core: SERVER_CORE });
  await pause(1);
  return { process: child, pid: child.pid ?? 0, port };
}

/** Cores in use by a process and its descendants. */
export async function cpuShare(pid: number, seconds: number): Promise<number> {
  const [cpu, begun] = [cpuSeconds(pid), performance.now()];
  await pause(seconds);
  return (cpuSeconds(pid) - cpu) / ((performance.now() - begun) / 1000);
}

/** Starts the load generator; it ends after the load's seconds, or when it is stopped. */
export function startHttpLoad(load: HttpLoad): ChildProcess {
  return start([process.execPath, join(import.meta.dirname, "http-load.ts"), JSON.stringify(load)], { core: CLIENT_CORE });
}

export async function runLoad(load: HttpLoad): Promise<HttpLoadResult> {
  const script = join(import.meta.dirname, "http-load.ts");
  return JSON.parse(await output([process.execPath, script, JSON.stringify(load)], CLIENT_CORE)) as HttpLoadResult;
}

/** @param idle cores that the server uses without the load */
export async function measure(pid: number, load: HttpLoad, idle: number): Promise<HttpFigures> {
  const [cpu, begun] = [cpuSeconds(pid), performance.now()];
  const { answers, refused, firstByteMs } = await runLoad(load);
  const seconds = (performance.now() - begun) / 1000;
  const used = cpuSeconds(pid) - cpu - idle * seconds;
  return { perCoreSecond: answers / used, cores: used / seconds, answers, refused, firstByteMs };
}
