/**
 * Defines what the table of access is tried on: a server with a stream, a recording of it, lists of addresses from three sources, and link keys of
 * all schemes.
 */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FOREIGN_SCHEMES } from "../../packages/server/src/access/links/schemes/scheme-list.ts";
import { clip } from "../clips.ts";
import { mediaOf } from "../encrypted-media.ts";
import { publish } from "../ffmpeg.ts";
import { sharedLectern, wholeFile } from "../fixtures.ts";
import { type Lectern, TOKEN, until } from "../lectern.ts";
import { type Body, done } from "../lesson-client.ts";
import { LIST_TEXT } from "./addresses.ts";
import type { Place } from "./doors.ts";
import { OTHER_SECRET, OWN_SECRET } from "./link-makers.ts";
import type { Door, ListName, Made, Rule, Target } from "./row.ts";

export const STREAM: Target = { app: "live", name: "math" };
/** Whose sessions and links open nothing of the other. */
export const NEIGHBOUR: Target = { app: "live", name: "physics" };
/** A stream of nobody, for publishers. */
export const FREE: Target = { app: "live", name: "spare" };

export const TRUSTED_PROXIES = ["127.0.0.1", "2001:db8:ffff::/48"] as const;

export type Stage = {
  readonly lectern: Lectern;
  readonly made: Made;
  readonly recording: Target;
  readonly setRules: (level: Level, rules: readonly Rule[]) => Promise<void>;
  readonly place: (files: Place["files"]) => Place;
};

export type Level = "installation" | "stream" | "free";
const TARGETS = {
  installation: { level: "installation", id: "" },
  stream: { level: "stream", id: `${STREAM.app}/${STREAM.name}` },
  free: { level: "stream", id: `${FREE.app}/${FREE.name}` },
} as const;

let opened: Promise<Stage> | null = null;

export function openStage(): Promise<Stage> {
  opened ??= makeStage();
  return opened;
}

async function makeStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-lists-"));
  wholeFile.after(() => rmSync(directory, { recursive: true, force: true }));
  const lectern = await sharedLectern({
    workers: "2",
    trustedProxies: JSON.stringify(TRUSTED_PROXIES),
    "secrets.links": `["${OWN_SECRET}"]`,
    // Files keep the session in their addresses also while no rule holds.
    "hls.strict": "true",
    "recording.auto": "pushed",
    "publish.graceSeconds": "0",
    "addressLists.files": `["${directory}"]`,
    "limits.perAddress.requestsPerSecond": "100000",
    "limits.perAddress.connections": "100000",
  });
  const recording = { app: "vod", name: await record(lectern) };
  publish(wholeFile, clip("numbered", 300), `${lectern.rtmp}/live/${STREAM.name}`);
  publish(wholeFile, clip("numbered", 300), `${lectern.rtmp}/live/${NEIGHBOUR.name}`);
  const lists = await makeLists(lectern, directory);
  const keys = new Map<string, string>();
  for (const scheme of Object.keys(FOREIGN_SCHEMES))
    keys.set(scheme, (await done(lectern, "POST", "/link-keys", { name: scheme, scheme, secret: OTHER_SECRET })).id);
  for (const { name } of [STREAM, NEIGHBOUR]) await lectern.stream(name, ({ video }) => video?.gopSeconds != null);
  await until(
    async () => (await mediaOf(`${lectern.http}/live/${STREAM.name}.m3u8?time_delay=4`).catch(() => null)) !== null,
    "a past",
  );
  const policies = new Map<Level, string>();
  return {
    lectern,
    recording,
    made: { list: (name) => lists.get(name) ?? assert.fail(name), key: (scheme) => keys.get(scheme) ?? assert.fail(scheme) },
    setRules: async (level, rules) => {
      const known = policies.get(level);
      if (known !== undefined) return void (await done(lectern, "PATCH", `/policies/${known}`, { rules }));
      if (rules.length > 0) policies.set(level, (await done(lectern, "POST", "/policies", { target: TARGETS[level], rules })).id);
    },
    place: (files) => ({ httpPort: lectern.httpPort, rtmpPort: lectern.rtmpPort, stream: STREAM, recording, free: FREE, files }),
  };
}

/** Records a few seconds of the stream, before it is published for the table. */
async function record(lectern: Lectern): Promise<string> {
  await publish(wholeFile, clip("numbered", 300), `${lectern.rtmp}/live/${STREAM.name}`, ["-t", "3"]).done;
  return await until(async () => {
    const { items } = await done(lectern, "GET", "/recordings");
    return items.find((one: Body) => one.whole)?.id ?? null;
  }, "the recording");
}

/** The same entries uploaded, fetched from a URL, and read from a file. */
async function makeLists(lectern: Lectern, directory: string): Promise<Map<ListName, string>> {
  const server = createServer((_request, response) => void response.end(LIST_TEXT)).listen(0, "127.0.0.1");
  await once(server, "listening");
  wholeFile.after(() => server.close());
  const file = join(directory, "addresses.txt");
  writeFileSync(file, LIST_TEXT);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/addresses.txt`;
  const create = async (body: object) => (await done(lectern, "POST", "/address-lists", body)).id;
  const uploaded = await create({ name: "uploaded" });
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "text/plain" };
  const sent = await fetch(`${lectern.http}/api/v1/address-lists/${uploaded}/entries`, { method: "PUT", headers, body: LIST_TEXT });
  assert.equal(sent.status, 200, await sent.text());
  const fetched = await create({ name: "fetched", source: "url", url });
  const fromFile = await create({ name: "from a file", source: "file", file });
  for (const id of [fetched, fromFile])
    await until(async () => (await done(lectern, "GET", `/address-lists/${id}`)).entries > 0, "the content of a list");
  return new Map([
    ["uploaded", uploaded],
    ["fetched", fetched],
    ["from-file", fromFile],
  ]);
}

/** The seek bar has a preview for each ten seconds of the clock. */
const PREVIEW_SECONDS = 10;

/** The paths of files that a viewer gets who is let in now. */
export async function filesOf(
  { lectern, recording }: Pick<Stage, "lectern" | "recording">,
  stream = STREAM,
): Promise<Place["files"]> {
  // A worker may have been the last to hear of the rules.
  const open = (path: string) => until(() => mediaOf(`${lectern.http}${path}`), `a playlist at ${path}`, 5000);
  const [live, shifted, replay] = [
    await open(`/live/${stream.name}.m3u8`),
    await open(`/live/${stream.name}.m3u8?time_delay=4`),
    await open(`/vod/${recording.name}.m3u8`),
  ];
  const part = [...live.text.matchAll(/^#EXT-X-PART:.*URI="([^"]+)"/gm)].at(-1)?.[1];
  const previewAt = ({ text }: typeof live) => {
    const seconds = Date.parse([...text.matchAll(/^#EXT-X-PROGRAM-DATE-TIME:(.*)$/gm)].at(-1)?.[1] ?? "") / 1000;
    return Math.floor(seconds / PREVIEW_SECONDS) * PREVIEW_SECONDS;
  };
  const path = (address: string) => new URL(address).pathname;
  const beside = (address: string, file: string) => path(new URL(file, address).href);
  const key = (of: typeof live): string | undefined => of.keys.at(-1)?.["URI"];
  const files: Partial<Record<Door, string>> = {
    playlist: path(live.at),
    segment: path(live.segments.at(-1) ?? ""),
    part: beside(live.at, part ?? ""),
    initialisation: path(live.map),
    preview: beside(shifted.at, `still-${previewAt(shifted)}.jpg`),
    permission: path(live.at).replace(/(\/s\/[^/]+\/).*/, "$1"),
    "shifted-playlist": path(shifted.at),
    "shifted-segment": path(shifted.segments.at(-1) ?? ""),
    "replay-playlist": path(replay.at),
    "replay-segment": path(replay.segments[0] ?? ""),
    "replay-initialisation": path(replay.map),
    "replay-preview": beside(replay.at, `still-${previewAt(replay)}.jpg`),
  };
  const [liveKey, replayKey] = [key(live), key(replay)];
  return {
    ...files,
    ...(liveKey === undefined ? {} : { key: beside(live.at, liveKey) }),
    ...(replayKey === undefined ? {} : { "replay-key": beside(replay.at, replayKey) }),
  };
}
