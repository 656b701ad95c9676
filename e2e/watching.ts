/** Watches a stream by any protocol from a chosen address and worker, and tells how that ended. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import WebSocket from "ws";
import type { Lectern, Scope } from "./lectern.ts";
import { until } from "./lectern.ts";
import { RtmpClient } from "./rtmp-client.ts";

export type WatchedBy = "rtmp" | "flv" | "ws" | "hls";
export type From = {
  /** The client's address: one of 127.0.0.0/8. */
  readonly ip?: string;
  readonly agent?: string;
  readonly query?: string | URLSearchParams;
  /** Default: any. RTMP connections cannot choose. */
  readonly worker?: string;
};
export type Watching = {
  /** `in`, or the code of the refusal. */
  readonly answer: string;
  /** Resolves with the reason that the protocol tells, or `closed`, when the server ends it. */
  readonly ended: Promise<string>;
  /** Leaves as a cable that is pulled out. */
  readonly leave: () => void;
  /** The media playlist of HLS; empty for others. */
  readonly playlist: string;
};

/** A connection to a worker from an address. */
export async function connectionTo(lectern: Pick<Lectern, "httpPort">, { ip = "127.0.0.1", worker }: From): Promise<Socket> {
  for (;;) {
    const socket = connect({ port: lectern.httpPort, host: "127.0.0.1", localAddress: ip });
    socket.on("error", () => {});
    // Null: it came to a worker just before the worker's death.
    const answer = await get(socket, "/healthz", {}).catch(() => null);
    if (answer && (worker === undefined || answer.body.includes(`"process":"${worker}"`))) return socket;
    socket.destroy();
  }
}

/** One request on a connection that stays open. */
export async function get(socket: Socket, path: string, { agent = "" }: From): Promise<{ status: number; body: string }> {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\nUser-Agent: ${agent}\r\n\r\n`);
  let bytes = Buffer.alloc(0);
  for (;;) {
    const end = bytes.indexOf("\r\n\r\n");
    const head = bytes.subarray(0, Math.max(0, end)).toString();
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    const isWhole = end >= 0 && (Number.isNaN(length) || bytes.length >= end + 4 + length);
    if (isWhole) return { status: Number(head.split(" ")[1]), body: bytes.subarray(end + 4).toString() };
    if (socket.destroyed) throw new Error("the connection is closed");
    const [piece] = await Promise.race([once(socket, "data"), once(socket, "close").then(() => [Buffer.alloc(0)])]);
    bytes = Buffer.concat([bytes, piece]);
  }
}

export async function watch(t: Scope, lectern: Lectern, by: WatchedBy, name: string, from: From = {}): Promise<Watching> {
  if (by === "rtmp") return await watchByRtmp(t, lectern, name, from);
  const socket = await connectionTo(lectern, from);
  t.after(() => socket.destroy());
  if (by === "ws") return await watchByWebSocket(socket, lectern, name, from);
  const address = `/live/${name}.${by === "flv" ? "flv" : "m3u8"}?${from.query ?? ""}`;
  const { status, body } = await get(socket, address, from);
  const leave = () => void socket.resetAndDestroy();
  const playlist = by === "hls" && status === 200 ? `/live/${body.split("\n").find((line) => line.endsWith(".m3u8"))}` : "";
  const ended = once(socket, "close").then(() => "closed");
  return { answer: status === 200 ? "in" : JSON.parse(body).code, ended, leave, playlist };
}

async function watchByWebSocket(socket: Socket, { http }: Lectern, name: string, from: From): Promise<Watching> {
  const webSocket = new WebSocket(`${http.replace("http", "ws")}/live/${name}.flv?${from.query ?? ""}`, {
    headers: { "user-agent": from.agent ?? "" },
    createConnection: () => socket,
  });
  webSocket.on("error", () => {});
  const ended = new Promise<string>((resolve) => {
    webSocket.on("close", (_code, reason) => resolve(reason.toString() || "closed"));
  });
  const answer = await new Promise<string>((resolve) => {
    webSocket.on("open", () => resolve("in"));
    webSocket.on("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (bytes: Buffer) => (body += bytes));
      response.on("end", () => resolve(JSON.parse(body).code));
    });
  });
  return { answer, ended, leave: () => void socket.resetAndDestroy(), playlist: "" };
}

async function watchByRtmp(t: Scope, { rtmpPort }: Lectern, name: string, { ip, agent, query }: From): Promise<Watching> {
  const client = await RtmpClient.open(rtmpPort, "live", "127.0.0.1", {
    ...(agent === undefined ? {} : { agent }),
    ...(ip === undefined ? {} : { localAddress: ip }),
  });
  t.after(() => client.socket.destroy());
  client.command("createStream", 2, null);
  client.command("play", 3, null, `${name}?${query ?? ""}`);
  const { code, description } = await client.status("NetStream.Play.Reset");
  const isIn = code === "NetStream.Play.Start";
  const ended = isIn ? client.status().then((status) => status.description.split(":")[0] ?? "") : Promise.resolve("closed");
  ended.catch(() => {});
  return { answer: isIn ? "in" : (description.split(":")[0] ?? ""), ended, leave: () => client.break(), playlist: "" };
}

/** Asks again until there is the answer; what is let in before is left at once. */
export async function watchOnce(t: Scope, lectern: Lectern, by: WatchedBy, name: string, from: From): Promise<Watching> {
  return await until(async () => {
    const watching = await watch(t, lectern, by, name, from);
    return watching.answer === "in" ? watching : null;
  }, "a free seat");
}
