/** Checks which part of the server may import which, that folders are entered by their entry files, and imports across packages. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type Import, ROOT, type Source } from "./sources.ts";

const SERVER = "packages/server/src";

/** What each part of the server may import, besides itself: docs/architecture.md, "Layout". */
const ARROWS: { readonly [part: string]: readonly string[] } = {
  platform: [],
  contracts: ["platform"],
  "live/streams": ["contracts", "platform"],
  access: ["contracts", "platform"],
  "live/rtmp": ["live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/http": ["live/streams", "live", "access", "contracts", "platform"],
  "live/flv": ["live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/srt": ["live/streams", "live", "access", "contracts", "platform"],
  "live/websocket-publish": ["live/rtmp", "live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/hls": ["live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/stills": ["live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/pull": ["live/rtmp", "live/streams", "live", "contracts", "platform"],
  "live/forward": ["live/rtmp", "live/streams", "live", "contracts", "platform"],
  "live/transcode": ["live/streams", "live", "access", "contracts", "platform"],
  "live/rooms": ["live/http", "contracts", "platform"],
  "live/exams": ["live/http", "contracts", "platform"],
  "live/webrtc": ["live/streams", "live/http", "live", "access", "contracts", "platform"],
  "live/relay": ["live/streams", "live", "contracts", "platform"],
  live: ["live/streams", "contracts", "platform"],
  library: ["live/streams", "live/hls", "live/stills", "live/http", "live", "access", "contracts", "platform"],
  network: ["live/relay", "contracts", "platform"],
  operations: ["live/streams", "live/http", "live", "network", "access", "contracts", "platform"],
  load: ["operations", "live/rtmp", "contracts", "platform"],
  "school/foundation": ["access", "contracts", "platform"],
  "school/people": ["school/foundation", "access", "contracts", "platform"],
  "school/lessons": ["school/people", "school/foundation", "access", "contracts", "platform"],
  "school/streams": ["school/lessons", "school/people", "school/foundation", "access", "contracts", "platform"],
  "school/classroom": ["school/lessons", "school/people", "school/foundation", "access", "contracts", "platform"],
  "school/insight": ["school/lessons", "school/people", "school/foundation", "access", "contracts", "platform"],
  "school/exams": ["school/lessons", "school/people", "school/foundation", "access", "contracts", "platform"],
  "school/exchange": [
    "school/insight",
    "school/exams",
    "school/classroom",
    "school/streams",
    "school/lessons",
    "school/people",
    "school/foundation",
    "access",
    "contracts",
    "platform",
  ],
  school: [
    "school/exchange",
    "school/insight",
    "school/exams",
    "school/classroom",
    "school/streams",
    "school/lessons",
    "school/people",
    "school/foundation",
    "access",
    "contracts",
    "platform",
  ],
  node: [
    "school",
    "school/foundation",
    "library",
    "live/streams",
    "live/rtmp",
    "live/http",
    "live/flv",
    "live/srt",
    "live/websocket-publish",
    "live/hls",
    "live/stills",
    "live/transcode",
    "live/pull",
    "live/forward",
    "live/rooms",
    "live/exams",
    "live/webrtc",
    "live/relay",
    "live",
    "access",
    "network",
    "operations",
    "load",
    "contracts",
    "platform",
  ],
  "": ["node", "contracts", "platform"],
};
/** Folders that open to others only by these files. */
const ENTRIES: { readonly [folder: string]: readonly string[] } = {
  "live/streams": ["index.ts"],
  "live/rtmp": ["door.ts", "client.ts", "rtmp-format.ts", "source-messages.ts"],
  "live/flv": ["door.ts", "rung-list-door.ts"],
  "live/srt": ["door.ts"],
  "live/websocket-publish": ["door.ts"],
  "live/hls": ["door.ts", "cmaf-packager.ts"],
  library: [
    "bigbluebutton/import-published.ts",
    "catalog/catalog.ts",
    "downloads/encoding-queue.ts",
    "downloads/watermark-trial.ts",
    "downloads/worker-encodings.ts",
    "files/directories.ts",
    "files/download-files.ts",
    "files/file-keys.ts",
    "maintenance/recording-maintenance.ts",
    "recorder/record-choices.ts",
    "recorder/recorder.ts",
    "recorder/recorders.ts",
    "replay/cache-size.ts",
    "replay/door.ts",
    "replay/previews.ts",
    "replay/segment-cache.ts",
    "replay/room-door.ts",
    "replay/room-shift-door.ts",
    "replay/time-shift-door.ts",
    "replay/recorded-file-door.ts",
    "replay/remote-files.ts",
    "maintenance/file-handlers.ts",
    "materials/conversions.ts",
    "materials/material-files.ts",
    "materials/sandbox.ts",
    "materials/slides-door.ts",
    "boards/board-pdf.ts",
    "storage/storage.ts",
  ],
  "live/rooms": ["door.ts"],
  "live/exams": ["door.ts"],
  "live/stills": ["door.ts", "decoder.ts", "key-frame.ts", "key-frame-door.ts"],
  "live/relay": [
    "registry/registry-peers.ts",
    "registry/remote-stream-locator.ts",
    "registry/writer-messages.ts",
    "registry/stream-copies.ts",
    "registry/stream-table-entry.ts",
    "registry/writer-registry.ts",
    "transport/fetch-state.ts",
    "transport/relay-server.ts",
    "transport/upstream.ts",
  ],
  school: ["school.ts"],
  // A backup needs the tables without the school.
  "school/foundation": ["migrations/index.ts"],
};

/** Their wings open to each other without entries. */
const OPEN_WITHIN = ["school"];

/** Where a module may be loaded only when it is needed: a command of the command line loads its own. */
const LAZY = [
  "packages/server/src/main.ts",
  "packages/server/src/node/",
  // Files that no list names.
  "packages/server/src/platform/modules-of.ts",
  // Many servers are never asked for WebRTC, whose library brings threads.
  "packages/server/src/live/webrtc/peer.ts",
  // The SDK of object storage is large, and most servers need neither it nor MaxMind's files.
  "packages/server/src/library/storage/storage.ts",
  "packages/server/src/platform/geoip/mmdb-table.ts",
  // Neither are most servers part of a cluster, nor do they send mail, have a provider of sign-on or serve a learning platform.
  "packages/server/src/platform/bus/nats.ts",
  "packages/server/src/school/people/accounts/mail.ts",
  "packages/server/src/school/foundation/requests/encrypted-token.ts",
  "packages/server/src/school/exchange/lti/signatures.ts",
  "packages/server/src/school/people/sign-on/openid/openid-protocol.ts",
  "packages/server/src/school/people/sign-on/saml/",
  "packages/server/src/school/people/sign-on/protocol/strict-xml.ts",
  // Nor are a server's driver, one-time codes, passkeys and tables of people needed for a start.
  "packages/server/src/platform/store/store.ts",
  "packages/server/src/school/people/accounts/second-factor.ts",
  "packages/server/src/school/people/accounts/passkey-verification.ts",
  "packages/server/src/school/foundation/csv/csv.ts",
  "packages/server/src/school/classroom/moderation/words/simplified.ts",
  "packages/web/",
  "packages/player/",
  "bench/",
  "e2e/",
  "script/",
];
/** What also runs in a browser. */
const ANYWHERE = ["packages/media/src/", "packages/board/src/", "packages/room/src/", "packages/exam/src/"];
/** What a package of the browser may have of the others: controls know no page, and formats no control. */
const PACKAGES: { readonly [folder: string]: readonly string[] } = {
  "packages/media": [],
  "packages/board": [],
  "packages/ui": [],
  "packages/names": [],
  "packages/room": ["board"],
  "packages/exam": ["room"],
  "packages/player": ["media", "ui"],
  "packages/publisher": ["media"],
};
/** A program that writes a package's source from another package's. */
const GENERATORS = ["packages/client/src/make.ts", "packages/client/src/documented-routes.ts"];

/** A line for each import that the layout does not allow. */
export function findForbiddenImports(sources: readonly Source[]): string[] {
  return [...wrongTables(), ...sources.flatMap((source) => source.imports.flatMap((each) => wrong(source, each)))];
}

/** The tables above name what exists. */
function wrongTables(): string[] {
  const files = Object.entries(ENTRIES).flatMap(([folder, entries]) => entries.map((entry) => `${folder}/${entry}`));
  return [...Object.keys(ARROWS), ...files]
    .filter((path) => !existsSync(join(ROOT, SERVER, path)))
    .map((path) => `script/house-rules/arrows.ts: there is no ${SERVER}/${path}`);
}

function wrong(source: Source, each: Import): string[] {
  const { path } = source;
  const at = `${path}:${each.line}`;
  if (each.dynamic && !source.isTest && !LAZY.some((folder) => path.startsWith(folder)))
    return [`${at}: loads ${each.specifier} while running; import it at the top`];
  const named = /^@lectern\/([\w-]+)/.exec(each.specifier)?.[1];
  const allowed = PACKAGES[packageOf(path) ?? ""];
  if (named !== undefined && allowed && !source.isTest && !allowed.includes(named))
    return [`${at}: ${packageOf(path)} may not import @lectern/${named}`];
  if (each.target === null)
    return ANYWHERE.some((folder) => path.startsWith(folder)) && !source.isTest && each.specifier.startsWith("node:")
      ? [`${at}: media formats, the board, the room and examinations know no Node.js`]
      : [];
  const [mine, other] = [packageOf(path), packageOf(each.target)];
  if (mine !== null && other !== null && mine !== other && !source.isTest && !GENERATORS.includes(path))
    return [`${at}: reaches into ${other} by a path; import the package`];
  return path.startsWith(`${SERVER}/`) && each.target.startsWith(`${SERVER}/`) ? wrongArrow(source, each.target, at) : [];
}

function wrongArrow({ path, isTest }: Source, target: string, at: string): string[] {
  const [from, to] = [partOf(relative(SERVER, path)), partOf(relative(SERVER, target))];
  if (from === to) return [];
  const isWithin = OPEN_WITHIN.some((folder) => [from, to].every((part) => part === folder || part.startsWith(`${folder}/`)));
  // What a test prepares may be of any wing.
  if (!ARROWS[from]?.includes(to)) return isWithin && isTest ? [] : [`${at}: ${from || "main.ts"} may not import ${to}`];
  const entries = ENTRIES[to];
  const entered = relative(join(SERVER, to), target);
  return entries && !isTest && !isWithin && !entries.includes(entered)
    ? [`${at}: ${to} is entered by ${entries.join(", ")}, not ${entered}`]
    : [];
}

function partOf(path: string): string {
  const parts = Object.keys(ARROWS).filter((part) => part !== "" && path.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0] ?? "";
}

function packageOf(path: string): string | null {
  return /^packages\/[^/]+/.exec(path)?.[0] ?? null;
}
