/**
 * Serves the scripts, styles and pictures of the pages from the memory of the worker that a browser is connected to. A thousand students who open a
 * class at once need a hundred megabytes, which would otherwise all go through the control process.
 *
 * A file that this node does not have is the control process's to answer: while a cluster is upgraded, pages name files of either version.
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Door } from "../../live/http/door.ts";
import { type MediaRequest, type MediaResponse, writableOf } from "../../live/http/media-request.ts";
import { answerOtherMethod, IMMUTABLE, OPEN_TO_ALL, sendRefusal } from "../../live/http/responses.ts";
import { hasTag } from "../../platform/entity-tag.ts";
import { Refusal } from "../../platform/refusal.ts";
import { deliverBytes } from "./answer-delivery.ts";

/** Files of a folder, not of folders in it. */
export type StaticFolder = {
  /** The path of the folder, with slashes at both ends. */
  readonly path: string;
  readonly directory: string;
  /** Which files are served. Default: all with a known type. */
  readonly only?: readonly string[];
  /** Whether names contain a hash of the content, so that browsers keep the files for a year. Others ask each time whether they have changed. */
  readonly isImmutable: boolean;
  /** For how many seconds browsers may keep a file that is not immutable, and that pages of all origins load. Default: they ask each time. */
  readonly keepSeconds?: number;
};

type Bytes = { readonly bytes: Buffer; readonly tag: string };

type StaticFile = {
  readonly type: string;
  readonly isImmutable: boolean;
  readonly keepSeconds: number | null;
  readonly path: string;
  /** What the build has compressed, the shortest first. */
  readonly compressed: readonly { readonly coding: string; readonly path: string }[];
  readonly read: Map<string, Promise<Bytes>>;
};

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
/** Content codings (RFC 9110 section 8.4.1, RFC 7932), and the ending of a file that the build has compressed by it. */
const CODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

export function staticFilesDoor(folders: readonly StaticFolder[]): Door<StaticFile> {
  const files = new Map(folders.flatMap(filesOf));
  return {
    name: "static-files",
    match: ({ address }) => files.get(address.path) ?? null,
    handle: (request, response, file) => {
      if (request.method !== "GET" && request.method !== "HEAD") return answerOtherMethod(request, response);
      void send(request, response, file).catch(() => sendRefusal(request, response, new Refusal("not-found")));
    },
    close: () => {},
  };
}

function filesOf({ path, directory, only, isImmutable, keepSeconds }: StaticFolder): [string, StaticFile][] {
  if (!existsSync(directory)) return [];
  const names = new Set(readdirSync(directory));
  return [...names].flatMap((name): [string, StaticFile][] => {
    const type = TYPES[extname(name)];
    if (type === undefined || (only && !only.includes(name))) return [];
    const file = join(directory, name);
    const compressed = CODINGS.filter(([, ending]) => names.has(name + ending)).map(([coding, ending]) => ({
      coding,
      path: file + ending,
    }));
    return [[path + name, { type, isImmutable, keepSeconds: keepSeconds ?? null, path: file, compressed, read: new Map() }]];
  });
}

async function send(request: MediaRequest, response: MediaResponse, file: StaticFile): Promise<void> {
  const accepted = acceptedCodings(request.headers["accept-encoding"]);
  const compressed = file.compressed.find(({ coding }) => accepted.has(coding));
  const { bytes, tag } = await readOnce(file, compressed?.path ?? file.path);
  const { isImmutable, keepSeconds } = file;
  const headers = {
    etag: tag,
    "cache-control": isImmutable ? IMMUTABLE : keepSeconds === null ? "no-cache" : `public, max-age=${keepSeconds}`,
    vary: "accept-encoding",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    // Pages of any origin publish and play by libraries, and modules of other origins are loaded with CORS.
    ...(isImmutable || keepSeconds !== null ? { ...OPEN_TO_ALL, "cross-origin-resource-policy": "cross-origin" } : {}),
  };
  const condition = request.headers["if-none-match"];
  if (condition !== undefined && hasTag(condition, tag)) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  response.writeHead(200, {
    ...headers,
    "content-type": file.type,
    "content-length": String(bytes.length),
    ...(compressed ? { "content-encoding": compressed.coding } : {}),
  });
  if (request.method === "HEAD") response.end();
  else deliverBytes(bytes, writableOf(response));
}

/** All clients get the same memory. */
function readOnce({ read }: StaticFile, path: string): Promise<Bytes> {
  const known = read.get(path);
  if (known) return known;
  const reading = readFile(path).then((bytes) => {
    const hash = createHash("sha256").update(bytes).digest("base64url");
    return { bytes, tag: `"${hash.slice(0, 22)}"` };
  });
  read.set(path, reading);
  // A file that cannot be read now is tried again.
  reading.catch(() => read.delete(path));
  return reading;
}

/** RFC 9110 section 12.5.3. A coding with the weight 0 is not accepted. */
function acceptedCodings(header: string | string[] | undefined): ReadonlySet<string> {
  const items = String(header ?? "").split(",");
  return new Set(
    items.flatMap((item) => {
      const [coding = "", ...parameters] = item.split(";").map((part) => part.trim().toLowerCase());
      return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? [] : [coding];
    }),
  );
}
