/** Starts other programs that a channel is pulled from: nginx-rtmp, node-media-server, and an RTSP server of GStreamer. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { freePort, type Scope, until } from "./lectern.ts";
import { startNginx, startNginxRtmp } from "./nginx.ts";

export type Origin = {
  /** Where it is published to, without the stream's name. */
  readonly push: string;
  readonly rtmp: (name: string) => string;
  /** HLS of nginx, FLV of node-media-server. */
  readonly http: (name: string) => string;
};

const RTSP_ORIGIN = join(import.meta.dirname, "rtsp-origin.py");
const NODE_MEDIA_SERVER = join(import.meta.dirname, "../bench/servers/node-media-server.ts");

/** Segments of a second. */
export async function startNginxOrigin(t: TestContext): Promise<Origin> {
  const [http, port] = [await freePort(), await freePort()];
  const segments = mkdtempSync(join(tmpdir(), "lectern-origin-"));
  t.after(() => rmSync(segments, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const hls = `hls on; hls_path ${segments}; hls_fragment 1s; hls_playlist_length 8s;`;
  const push = `${await startNginxRtmp(t, port, `live on; ${hls}`)}/live`;
  const base = await startNginx(t, http, `server { listen 127.0.0.1:${http}; location / { root ${segments}; } }`);
  return { push, rtmp: (name) => `${push}/${name}`, http: (name) => `${base}/${name}.m3u8` };
}

export async function startNodeMediaServer(t: Scope): Promise<Origin & { readonly kill: () => void }> {
  const [http, rtmp] = [await freePort(), await freePort()];
  const child = start(t, process.execPath, [NODE_MEDIA_SERVER, String(rtmp), String(http)]);
  await until(async () => (await accepts(http)) && (await accepts(rtmp)), "node-media-server");
  const push = `rtmp://127.0.0.1:${rtmp}/live`;
  return {
    push,
    rtmp: (name) => `${push}/${name}`,
    http: (name) => `http://127.0.0.1:${http}/live/${name}.flv`,
    kill: () => void child.kill("SIGKILL"),
  };
}

export type RtspOrigin = { readonly url: (name: string, credentials?: string) => string; readonly child: ChildProcess };

/** Serves the files of a folder as a camera would: `rtsp-origin.py` names them. */
export async function startRtsp(t: Scope, folder: string, credentials: readonly string[] = []): Promise<RtspOrigin> {
  const child = start(t, "/usr/bin/python3", [RTSP_ORIGIN, folder, ...credentials]);
  const port = await new Promise<number>((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (bytes: Buffer) => {
      said += bytes;
      if (said.includes("\n")) resolve(Number(said));
    });
    child.on("exit", (code) => reject(new Error(`the RTSP server ended with ${code}`)));
  });
  return { url: (name, user) => `rtsp://${user ? `${user}@` : ""}127.0.0.1:${port}/${name}`, child };
}

function start(t: Scope, command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  t.after(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return child;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
