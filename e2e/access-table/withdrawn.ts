/** Watches by every protocol from one address, and checks that a permission that is withdrawn ends all of that, and nothing of another address. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type Lectern, type Scope, until } from "../lectern.ts";
import { connectionTo, type WatchedBy, watchOnce } from "../watching.ts";
import { rawRequest } from "./raw-http.ts";

export const DENIED = "127.0.0.2";
export const OTHER = "127.0.0.3";

const CONNECTIONS: readonly WatchedBy[] = ["flv", "ws", "rtmp"];
const WITHIN_MS = 5000;

/** What one address has open. */
export type Everything = {
  readonly ip: string;
  /** Those that have ended so far. */
  readonly ended: readonly string[];
  readonly connections: number;
  /** The status of each file that the player asks for again, by what it is. */
  readonly statuses: () => Promise<Readonly<Record<string, number>>>;
};

type Server = Pick<Lectern, "httpPort" | "rtmpPort" | "http">;

/** @param recording its id */
export async function openEverything(t: Scope, server: Server, name: string, recording: string, ip: string): Promise<Everything> {
  const ended: string[] = [];
  for (const by of CONNECTIONS) {
    // An earlier rule may still be in force.
    const watching = await watchOnce(t, server as Lectern, by, name, { ip });
    void watching.ended.then(
      () => ended.push(by),
      () => ended.push(by),
    );
  }
  const shifted = await connectionTo(server, { ip });
  t.after(() => shifted.destroy());
  shifted.write(`GET /live/${name}.flv?time_delay=1 HTTP/1.1\r\nHost: test\r\n\r\n`);
  const [head] = await once(shifted, "data");
  assert.match(String(head), /^HTTP\/1\.1 200/);
  void once(shifted.resume(), "close").then(() => ended.push("shifted flv"));
  const files = await filesOf(server, name, recording, ip);
  const ask = async (path: string) =>
    (await rawRequest({ port: server.httpPort, path, localAddress: ip, headers: [["Connection", "close"]] })).status;
  const statuses = async () =>
    Object.fromEntries(await Promise.all(Object.entries(files).map(async ([what, path]) => [what, await ask(path)])));
  const isIn = async () => Object.values(await statuses()).every((status) => status === 200);
  await until(isIn, `everything of ${ip}`, WITHIN_MS).catch(async () => assert.fail(`${ip}: ${JSON.stringify(await statuses())}`));
  return { ip, ended, connections: CONNECTIONS.length + 1, statuses };
}

/** Playlists with the session of this viewer, and what asks for permission each time. Sessions are there as soon as a policy is. */
async function filesOf({ http, httpPort }: Server, name: string, recording: string, ip: string): Promise<Record<string, string>> {
  const playlist = (path: string): Promise<string> =>
    until(async () => {
      const found = await firstOf(path);
      return found.includes("/s/") ? found : null;
    }, `a session in ${path}`);
  const firstOf = async (path: string): Promise<string> => {
    const socket = await connectionTo({ httpPort }, { ip });
    try {
      socket.write(`GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n`);
      let text = "";
      for await (const bytes of socket.setEncoding("latin1")) text += bytes;
      const uri = /^[^#\r\n]\S*\.m3u8\S*$/m.exec(text.split("\r\n\r\n")[1] ?? "")?.[0];
      return uri === undefined ? assert.fail(`${path}: ${text.slice(0, 300)}`) : new URL(uri, `${http}${path}`).pathname;
    } finally {
      socket.destroy();
    }
  };
  return {
    hls: await playlist(`/live/${name}.m3u8`),
    "shifted hls": await playlist(`/live/${name}.m3u8?time_delay=1`),
    replay: await playlist(`/vod/${recording}.m3u8`),
    download: `/vod/${recording}.mp4`,
    rungs: `/live/${name}.rungs.json`,
  };
}

/** Everything of one address ends within five seconds from now; what the other address has goes on. */
export async function assertWithdrawn(t: Pick<Scope, "diagnostic">, denied: Everything, other: Everything): Promise<void> {
  const began = performance.now();
  let last: Readonly<Record<string, number>> = {};
  const areRefused = async () => {
    last = await denied.statuses();
    return Object.values(last).every((status) => status === 403);
  };
  const isOver = async () => denied.ended.length === denied.connections && (await areRefused());
  await until(isOver, "the end of everything", 2 * WITHIN_MS).catch((error: unknown) => {
    throw new Error(`${String(error)}: ended are ${denied.ended.join(", ")}; files answer ${JSON.stringify(last)}`);
  });
  const ms = Math.round(performance.now() - began);
  t.diagnostic(`everything of ${denied.ip} had ended after ${ms} ms`);
  assert.ok(ms < WITHIN_MS, `after ${ms} ms`);
  assert.deepEqual(other.ended, [], `of ${other.ip}`);
  const statuses = await other.statuses();
  assert.deepEqual([...new Set(Object.values(statuses))], [200], JSON.stringify(statuses));
}
