/**
 * Understands the stream ids of SRT clients, in the forms that are usual: the standard's `#!::r=live/math,m=publish,key=KEY` (draft-sharabayko-srt-01
 * appendix B), `publish:live/math:KEY`, and `live/math?key=KEY`.
 */
import { type Credentials, credentialsOf } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";
import { isPlayName, isStreamName } from "../stream-name.ts";

export type SrtTarget = {
  readonly action: "publish" | "play";
  readonly app: string;
  readonly name: string;
  readonly backup: boolean;
  readonly credentials: Credentials;
};

/** What a stream id says, before it is checked. */
type Said = { readonly mode: string; readonly resource: string; readonly parameters: URLSearchParams };

const STANDARD = "#!::";
const PREFIXED = /^(publish|write|read|play|request):(.+)$/s;
/** Keys of the standard that name no parameter of an address. */
const OF_STANDARD: ReadonlySet<string> = new Set(["r", "m", "h", "u", "s", "t"]);
/** Boxes that have fields for a user and a password, or for a session, put the key there. */
const KEY_FIELDS = ["key", "password", "pass", "s"] as const;

/** @param text as the client has sent it */
export function readStreamId(text: string, apps: readonly string[]): SrtTarget | Refusal {
  const said = whatIsSaid(plain(text.trim()));
  if (said instanceof Refusal) return said;
  const { mode, resource, parameters } = said;
  if (mode !== "publish" && mode !== "request")
    return new Refusal("bad-request", liveText("srt-mode", { mode: mode.slice(0, 32) }));
  const action = mode === "publish" ? "publish" : "play";
  const [path = "", query = ""] = divide(resource);
  for (const [key, value] of new URLSearchParams(query)) if (!parameters.has(key)) parameters.set(key, value);
  const found = streamOf(path.replace(/^\/+|\/+$/g, ""), apps);
  if (found instanceof Refusal) return found;
  const isName = action === "publish" ? isStreamName : isPlayName;
  if (!isName(found.name)) return new Refusal("bad-request", liveText("srt-stream-id"));
  return { action, ...found, backup: parameters.get("backup") === "1", credentials: credentialsOf(parameters) };
}

/** The refusal of a publisher that gave no key, with words that say where it belongs. */
export function withKeyHint(refusal: Refusal, { app, name }: Pick<SrtTarget, "app" | "name">): Refusal {
  const isPlain = refusal.code === "not-signed-in" && refusal.message === null;
  return isPlain ? new Refusal(refusal.code, liveText("srt-key-missing", { app, name }), refusal.mistakes, refusal) : refusal;
}

/** What may stand in a log of a stream id, which may have been refused: APP/NAME, and nothing that could be a key. */
export function loggableStream(text: string, apps: readonly string[]): string {
  const said = whatIsSaid(plain(text.trim()));
  if (said instanceof Refusal) return "";
  const path = divide(said.resource)[0]?.replace(/^\/+|\/+$/g, "") ?? "";
  const found = streamOf(path, apps);
  return found instanceof Refusal ? path.slice(0, 128) : `${found.app}/${found.name}`.slice(0, 192);
}

/** Some clients, such as ffmpeg 5.1, send the id as it stood in the address, escaped. */
function plain(text: string): string {
  const isEscaped = /^%23(?:!|%21)/i.test(text) || (!text.includes("/") && /%2f/i.test(text));
  if (!isEscaped) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function whatIsSaid(text: string): Said | Refusal {
  if (text.startsWith(STANDARD)) return standardForm(text.slice(STANDARD.length));
  const [, word, rest] = PREFIXED.exec(text) ?? [];
  if (word !== undefined && rest !== undefined) return prefixedForm(word, rest);
  if (text === "") return new Refusal("bad-request", liveText("srt-stream-id"));
  const query = new URLSearchParams(divide(text)[1]);
  // A signed link is a viewer's, and so is one who says so.
  const isViewer = ["request", "read", "play"].includes(query.get("m") ?? query.get("mode") ?? "") || query.has("sign");
  return { mode: isViewer ? "request" : "publish", resource: text, parameters: new URLSearchParams() };
}

function standardForm(text: string): Said {
  const fields = new Map<string, string>();
  for (const pair of text.split(",")) {
    const at = pair.indexOf("=");
    if (at > 0) fields.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  const parameters = new URLSearchParams();
  for (const [key, value] of fields) if (!OF_STANDARD.has(key)) parameters.set(key, value);
  const key = KEY_FIELDS.map((field) => fields.get(field)).find((value) => value);
  if (key) parameters.set("key", key);
  return { mode: fields.get("m") ?? "request", resource: fields.get("r") ?? "", parameters };
}

/** The key is behind the last colon: some put a user's name between. */
function prefixedForm(word: string, rest: string): Said {
  const [resource = "", ...others] = rest.split(":");
  const parameters = new URLSearchParams();
  const key = others.at(-1);
  if (key) parameters.set("key", key);
  return { mode: word === "publish" || word === "write" ? "publish" : "request", resource, parameters };
}

function streamOf(path: string, apps: readonly string[]): { readonly app: string; readonly name: string } | Refusal {
  const at = path.lastIndexOf("/");
  const [only] = apps;
  // Where there is one application, a name alone can mean one stream only.
  if (at < 0 && path !== "" && only !== undefined && apps.length === 1) return { app: only, name: path };
  if (at < 0) return new Refusal("bad-request", liveText("srt-stream-id"));
  const app = path.slice(0, at);
  if (!apps.includes(app)) return new Refusal("not-found", liveText("no-such-app", { app: app.slice(0, 64) }));
  return { app, name: path.slice(at + 1) };
}

function divide(address: string): readonly string[] {
  const at = address.indexOf("?");
  return at < 0 ? [address, ""] : [address.slice(0, at), address.slice(at + 1)];
}
