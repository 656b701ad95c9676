/**
 * Provides a live lesson with a room, for benchmarks: Lectern with HTTPS, a publisher, and as many guests as are wanted; also with an edge for the
 * guests.
 */
import { makeCertificate } from "../../e2e/certificate.ts";
import { SECRET } from "../../e2e/cluster.ts";
import { benchClip, cacheDirectory } from "../load/clip.ts";
import { CLIENT_CORE, pause, start, stop } from "../testbed/child-process.ts";
import { LocalCluster } from "../testbed/local-cluster.ts";
import { type LecternRunning, startLectern, TOKEN } from "./servers.ts";

const LIMITS = [
  "workers=1",
  "limits.perAddress.connections=50000",
  "limits.perAddress.connectionsPerSecond=50000",
  "limits.perAddress.requestsPerSecond=100000",
  "limits.perAddress.joinsPerSecond=5000",
  "limits.perCode.joinsPerSecond=5000",
  "limits.perCode.burst=50000",
];
const JOINS_AT_ONCE = 16;

export type LessonRoom = {
  /** The node with the lesson's stream and the control process. */
  readonly lectern: LecternRunning;
  /** The node where the members of the room are. */
  readonly gate: LecternRunning;
  /** One for each guest, with the query of the guest's links. */
  readonly paths: readonly string[];
  /** The stream's address for viewers. */
  readonly flv: string;
  /** Does something in the room as the operator. */
  readonly act: (kind: string, body: object) => Promise<{ readonly answer?: { readonly ref?: string } }>;
  readonly get: (path: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

type Lesson = { id: string; code: string; stream: { name: string; publishKey: string } };

/**
 * @param place of the members: at the only node, or at an edge beside it
 * @throws Error when the server refuses something
 */
export async function openLessonRoom(guests: number, place: "alone" | "edge" = "alone"): Promise<LessonRoom> {
  const nodes = place === "edge" ? await startWithEdge() : await startAlone();
  const [lectern] = nodes.running;
  const ask = async <T>(method: string, path: string, token: string | null, body?: object): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${lectern.httpPort}/api/v1${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  const lesson = await ask<Lesson>("POST", "/lessons", TOKEN, { title: "Ten thousand", guests: true });
  const push = `${lectern.push}/${lesson.stream.name}?key=${lesson.stream.publishKey}`;
  const loop = ["ffmpeg", "-v", "error", "-nostdin", "-re", "-stream_loop", "-1", "-i", benchClip().file];
  const publisher = start([...loop, "-c", "copy", "-f", "flv", push], { core: CLIENT_CORE });
  await pause(4);
  const play: { hls: string; flv: string }[] = [];
  let next = 0;
  const joinSome = async (): Promise<void> => {
    while (next < guests) {
      const name = `Guest ${next++}`;
      play.push((await ask<{ play: { hls: string; flv: string } }>("POST", `/lessons/${lesson.code}/join`, null, { name })).play);
    }
  };
  await Promise.all(Array.from({ length: JOINS_AT_ONCE }, joinSome));
  let actions = 0;
  return {
    lectern,
    gate: nodes.running.at(-1) ?? lectern,
    paths: play.map(({ hls }) => `/api/v1/rooms/${lesson.code}/socket${new URL(hls).search}`),
    flv: `http://127.0.0.1:${lectern.httpPort}${new URL(play[0]?.flv ?? "").pathname}${new URL(play[0]?.flv ?? "").search}`,
    act: (kind, body) => ask("POST", `/lessons/${lesson.id}/room/entries`, TOKEN, { ...body, id: `bench-${actions++}`, kind }),
    get: (path) => ask("GET", `/lessons/${lesson.id}${path}`, TOKEN),
    close: async () => {
      await stop(publisher);
      await nodes.close();
    },
  };
}

type Nodes = { readonly running: readonly [LecternRunning, ...LecternRunning[]]; readonly close: () => Promise<void> };

async function startAlone(): Promise<Nodes> {
  const lectern = await startLectern(LIMITS, makeCertificate(cacheDirectory(), "localhost"));
  return { running: [lectern], close: () => stop(lectern.process) };
}

async function startWithEdge(): Promise<Nodes> {
  const cluster = new LocalCluster({ quick: true });
  const nats = await cluster.startNats();
  const node = (id: string, roles: string) =>
    startLectern(
      [
        ...LIMITS,
        `roles=[${roles}]`,
        `cluster.nats=${JSON.stringify([nats.url])}`,
        ...[`cluster.secret=${SECRET}`, "cluster.host=127.0.0.1", "cluster.port=0", `cluster.node.id=${id}`],
      ],
      makeCertificate(cacheDirectory(), "localhost"),
    );
  const origin = await node("origin", "origin,control");
  const edge = await node("edge", "edge");
  const close = async () => {
    for (const { process: one } of [edge, origin]) await stop(one);
    await cluster.close();
  };
  return { running: [origin, edge], close };
}
