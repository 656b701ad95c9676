/** Provides rows about the path of a request: sessions that are altered or of something else, and other ways to write an address. */
import type { Place } from "./doors.ts";
import { otherCharacter } from "./link-makers.ts";
import type { Door } from "./row.ts";

export type PathRow = { readonly name: string; readonly path: string; readonly expect: string };
type Files = Place["files"];

const SESSION = /\/s\/([A-Za-z0-9_-]{40})\//;
const SESSION_LENGTH = 40;
/** Files that a session opens. */
const BELOW: readonly Door[] = [
  ...(["playlist", "segment", "part", "initialisation", "preview", "shifted-playlist", "shifted-segment"] as const),
  ...(["replay-playlist", "replay-segment", "replay-initialisation", "replay-preview"] as const),
];

const sessionIn = (path: string): string => SESSION.exec(path)?.[1] ?? "";
const withSession = (path: string, session: string): string => path.replace(SESSION, session === "" ? "/" : `/s/${session}/`);

/** @param neighbour what a viewer of another stream was given */
export function sessionRows(files: Files, neighbour: Files): PathRow[] {
  return BELOW.flatMap((door, turn): PathRow[] => {
    const path = files[door] ?? "";
    const session = sessionIn(path);
    const isReplay = door.startsWith("replay");
    const foreign = sessionIn((isReplay ? files["playlist"] : neighbour[door]) ?? "");
    const replaced = (name: string, other: string, expect: string): PathRow => ({
      name: `${door}: ${name}`,
      path: withSession(path, other),
      expect,
    });
    const alteredAt = Array.from({ length: SESSION_LENGTH }, (_, at) => at).filter(
      (at) => at % BELOW.length === turn || door === "segment",
    );
    return [
      { name: `${door}: as it was given`, path, expect: "200" },
      replaced("no session", "", door === "playlist" ? "404" : "401 not-signed-in"),
      replaced("the session of another", foreign, "401 bad-signature"),
      replaced("an empty session", "-".repeat(SESSION_LENGTH), "401 bad-signature"),
      replaced("a session of zeros", "A".repeat(SESSION_LENGTH), "401 bad-signature"),
      replaced("cut short", session.slice(1), "404"),
      replaced("one letter longer", `${session}A`, "404"),
      replaced("escaped", `%${session.charCodeAt(0).toString(16)}${session.slice(1)}`, "404"),
      ...alteredAt.map((at) =>
        replaced(
          `altered at ${at}`,
          session.slice(0, at) + otherCharacter(session.charAt(at)) + session.slice(at + 1),
          "401 bad-signature",
        ),
      ),
    ];
  });
}

/** Ways to write a path that a server may take for another one. `%` stands for the path itself. */
const TRICKS: Readonly<Record<string, (path: string) => string>> = {
  "a double slash": (path) => `/${path}`,
  "a double slash in the middle": (path) => path.replace(/\/([^/]+)$/, "//$1"),
  "a dot segment": (path) => `/.${path}`,
  "a dot segment in the middle": (path) => path.replace(/\/([^/]+)$/, "/./$1"),
  "up and down": (path) => `/x/..${path}`,
  "up and down in the middle": (path) => path.replace(/\/([^/]+)$/, "/x/../$1"),
  "up beyond the root": (path) => `/..${path}`,
  "through another app": (path) => `/vod/..${path}`,
  "through a page": (path) => `/embed/..${path}`,
  "through the API": (path) => `/api/v1/../..${path}`,
  "escaped dots": (path) => `/x/%2e%2e${path}`,
  "escaped dots twice": (path) => `/x/%252e%252e${path}`,
  "an escaped slash": (path) => path.replace(/\/([^/]+)$/, "%2f$1"),
  "an escaped slash in capitals": (path) => path.replace(/\/([^/]+)$/, "%2F$1"),
  "an escaped slash at the beginning": (path) => `/%2f${path.slice(1)}`,
  "a backslash": (path) => path.replace(/\/([^/]+)$/, "\\$1"),
  "an escaped backslash": (path) => path.replace(/\/([^/]+)$/, "%5c$1"),
  "an escaped letter": (path) =>
    path.replace(/\/(.)([^/]+)$/, (_, first: string, rest: string) => `/%${first.charCodeAt(0).toString(16)}${rest}`),
  "an escaped dot": (path) => path.replace(/\.([^./]+)$/, "%2e$1"),
  "an escaped letter twice": (path) =>
    path.replace(/\/(.)([^/]+)$/, (_, first: string, rest: string) => `/%25${first.charCodeAt(0).toString(16)}${rest}`),
  "a slash at the end": (path) => `${path}/`,
  "a dot at the end": (path) => `${path}.`,
  "a dot segment at the end": (path) => `${path}/.`,
  "an escaped space at the end": (path) => `${path}%20`,
  "an escaped NUL at the end": (path) => `${path}%00`,
  "an escaped NUL before the ending": (path) => path.replace(/\.([^./]+)$/, "%00.$1"),
  "an escaped question mark": (path) => `${path}%3fsign=1`,
  "an escaped hash": (path) => `${path}%23`,
  "parameters of a path": (path) => `${path};a=b`,
  "capitals of the app": (path) => path.replace(/^\/[a-z]+/, (app) => app.toUpperCase()),
  "capitals of the ending": (path) => path.replace(/\.[a-z0-9]+$/, (ending) => ending.toUpperCase()),
  "another ending behind it": (path) => `${path}.jpg`,
  "overlong UTF-8 of a slash": (path) => path.replace(/\/([^/]+)$/, "%c0%af$1"),
  "a letter of full width": (path) => path.replace("math", "%ef%bd%8dath"),
  "a whole address": (path) => `http://127.0.0.1${path}`,
  "a whole address of another host": (path) => `http://evil.com${path}`,
};

/** Every trick with every path; none may be answered with media. */
export function trickRows(paths: Readonly<Record<string, string>>): PathRow[] {
  return Object.entries(paths).flatMap(([name, path]) =>
    Object.entries(TRICKS)
      .map(([trick, change]) => ({ name: `${name}: ${trick}`, path: change(path), expect: "404 or 400" }))
      .filter((row) => row.path !== path),
  );
}

/** What HTTP itself does not allow in a request line, or is no path of media: refused or broken off. */
export function brokenRows(path: string): PathRow[] {
  const expect = "400 or 401 or 404 or 414 or 431 or 0";
  return [
    { name: "NUL", path: `${path}\0`, expect },
    { name: "a space", path: `${path} x`, expect },
    { name: "a line break", path: `${path}\nX: y`, expect },
    { name: "a line break with a session", path: `${path}\r\nX-Forwarded-For: 127.0.0.3`, expect },
    { name: "a byte of Latin-1", path: path.replace("math", "m\u00e4th"), expect },
    { name: "no slash", path: path.slice(1), expect },
    { name: "a path of 20 kB", path: `${path}?x=${"y".repeat(20_000)}`, expect },
  ];
}
