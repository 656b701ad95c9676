/** Opens every door that media leave by, as a client of the table, and says what the server has answered. */
import { ruleText } from "../../packages/server/src/access/rules/rule-texts.ts";
import { textIn } from "../../packages/server/src/platform/messages/message.ts";
import type { Refusal } from "../../packages/server/src/platform/refusal.ts";
import { RtmpClient } from "../rtmp-client.ts";
import { type RawAnswer, rawRequest } from "./raw-http.ts";
import type { Answer, Client, Door, Header, Target } from "./row.ts";

/** Where the doors are. */
export type Place = {
  readonly httpPort: number;
  readonly rtmpPort: number;
  readonly stream: Target;
  /** Of the stream; `vod` and its id. */
  readonly recording: Target;
  /** A stream of nobody, for publishers. */
  readonly free: Target;
  /** Paths of files that a viewer was given, with the viewer's session. */
  readonly files: Readonly<Partial<Record<Door, string>>>;
};

const RULE_OF_TEXT: ReadonlyMap<string, string> = new Map(
  (
    [
      ...([
        ["address", "addresses"],
        ["referer", "referers"],
        ["user-agent", "user-agents"],
        ["region", "regions"],
      ] as const),
      ...([
        ["carrier", "carriers"],
        ["time", "times"],
        ["encrypted", "encryption"],
        ["unmarked", "watermark"],
      ] as const),
      ...([
        ["link-needed", "links"],
        ["link-of-other-address", "links"],
        ["link-unbound", "links"],
      ] as const),
      ...([
        ["viewers-most", "viewers"],
        ["other-device", "viewers"],
      ] as const),
    ] as const
  ).map(([key, rule]) => [textIn("en", ruleText(key)), rule]),
);

/** Doors that ask for permission, by what stands behind the name. */
const ENDINGS: Readonly<Partial<Record<Door, readonly [of: "stream" | "recording", ending: string]>>> = {
  flv: ["stream", ".flv"],
  ws: ["stream", ".flv"],
  hls: ["stream", ".m3u8"],
  rungs: ["stream", ".rungs.json"],
  still: ["stream", ".jpg"],
  shifted: ["stream", ".m3u8?time_delay=4"],
  "shifted-flv": ["stream", ".flv?time_delay=4"],
  replay: ["recording", ".m3u8"],
  mp4: ["recording", ".mp4"],
  "replay-flv": ["recording", ".flv"],
};

const UPGRADE: readonly Header[] = [
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["Sec-WebSocket-Version", "13"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="],
];

/** Whether the client can ask there: RTMP has neither headers nor proxies, and no path before the app. */
export function canAsk(door: Door, { ip, from, headers, link }: Client, target: Target): boolean {
  if (door !== "rtmp" && door !== "publish") return true;
  return headers === undefined && (from ?? ip ?? "127.").startsWith("127.") && !link?.(target).prefix;
}

export async function askDoor(place: Place, door: Door, client: Client): Promise<Answer> {
  if (door === "rtmp" || door === "publish") return await askRtmp(place, door, client);
  const path = pathOf(place, door, client);
  const headers = headersOf(client, door === "ws");
  const asked = { port: place.httpPort, path, headers, ...(client.from ? { localAddress: client.from } : {}) };
  const answer = await rawRequest(asked);
  // Other images may be decoded right now.
  return answer.status === 503 && door.match(/still|preview/) ? await askDoor(place, door, client) : answerOf(answer);
}

/** The door's address as this client sends it. */
export function pathOf({ stream, recording, files }: Place, door: Door, { link }: Client): string {
  if (door === "embed") return `/embed/${stream.name}`;
  const ending = ENDINGS[door];
  if (!ending) return files[door] ?? missing(door);
  const target = ending[0] === "stream" ? stream : recording;
  const path = `/${target.app}/${target.name}${ending[1]}`;
  const { query = "", prefix = "" } = link?.(target) ?? {};
  return `${prefix}${path}${query === "" ? "" : `${path.includes("?") ? "&" : "?"}${query}`}`;
}

/** As the doors tell what the rules have decided. */
export const answerOfRefusal = (refusal: Refusal | null): Answer => (refusal ? named(refusal.code, refusal.detail) : "in");

export function answerOf({ status, head, problem }: RawAnswer): Answer {
  if (problem) return named(problem.code, problem.detail);
  return [101, 200, 204, 206].includes(status) ? "in" : `${status || "closed"}${head.includes("json") ? " json" : ""}`;
}

/** @param isUpgrade the request opens a WebSocket */
export function headersOf({ ip, from, referer, agent = "", headers = [] }: Client, isUpgrade: boolean): Header[] {
  return [
    ...(isUpgrade ? UPGRADE : ([["Connection", "close"]] as const)),
    ...(ip !== undefined && from === undefined ? ([["X-Forwarded-For", ip]] as const) : []),
    ...(referer === undefined ? [] : ([["Referer", referer]] as const)),
    ...(agent === "" ? [] : ([["User-Agent", agent]] as const)),
    ...headers,
  ];
}

async function askRtmp(
  { rtmpPort, stream, free }: Place,
  door: Door,
  { ip, from, referer, agent = "", link }: Client,
): Promise<Answer> {
  const localAddress = from ?? ip ?? "127.0.0.1";
  const { app, name } = door === "publish" ? free : stream;
  const client = await RtmpClient.open(rtmpPort, app, "127.0.0.1", {
    localAddress,
    agent,
    ...(referer === undefined ? {} : { pageUrl: referer }),
  });
  const { query = "" } = link?.({ app, name }) ?? {};
  const named_ = query === "" ? name : `${name}?${query}`;
  client.command("createStream", 2, null);
  if (door === "publish") client.command("publish", 3, null, named_, "live");
  else client.command("play", 3, null, named_);
  const { code, description } = await client.status("NetStream.Play.Reset");
  client.break();
  if (/\.Start$/.test(code)) return "in";
  const [refusal = "", ...detail] = description.split(": ");
  return named(refusal, detail.join(": "));
}

function named(code: string, detail: string): Answer {
  const rule = RULE_OF_TEXT.get(detail);
  return rule === undefined ? code : `${code} ${rule}`;
}

function missing(door: Door): never {
  throw new Error(`there is no file for ${door}`);
}
