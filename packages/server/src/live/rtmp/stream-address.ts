/**
 * Understands the addresses of RTMP clients: the app of `connect`, and the stream of `publish` and `play`. People copy parts of an address into the
 * wrong field of their encoder, with what stood around them; where that can mean one thing only, it is understood.
 */
import { type Credentials, credentialsOf, rtmpParameters } from "../../access/credentials/credentials.ts";
import { Refusal } from "../../platform/refusal.ts";
import { liveText } from "../live-texts.ts";

export type ConnectAddress = {
  readonly app: string;
  /** Behind the app: `rtmp://host/live?key=…`, with the name alone as the stream key. */
  readonly query: string;
  /** The stream's name, where the whole address stands in the encoder's field for the server; else null. */
  readonly name: string | null;
};

const NO_ADDRESS: ConnectAddress = { app: "", query: "", name: null };
/** The instance of an app that Adobe Media Server and Wowza call so when there is only one. */
const ONLY_INSTANCE = "/_definst_";
const WHOLE_ADDRESS = /^rtmps?:\/\/[^/?]+\/+/i;
/** A question mark before one of these parameters stands for `&`; any other belongs to a value. */
const SECOND_QUESTION_MARK = /\?(?=(?:key|sign|expires|viewer|ip|backup|takeover)=)/g;

/** @param app of `connect`. @param tcUrl of `connect`: some clients give the app only there */
export function readConnectAddress(app: string, tcUrl: string, apps: readonly string[]): ConnectAddress {
  const { path, query } = divide(app.trim() === "" ? tcUrl.trim().replace(WHOLE_ADDRESS, "") : app);
  const whole = path.endsWith(ONLY_INSTANCE) ? path.slice(0, -ONLY_INSTANCE.length) : path;
  if (apps.includes(whole)) return { app: whole, query, name: null };
  const found = apps.find((one) => whole.startsWith(`${one}/`));
  return found === undefined ? { app: whole, query, name: null } : { app: found, query, name: whole.slice(found.length + 1) };
}

/** What a client wants to publish or play. */
export type StreamTarget = {
  readonly app: string;
  readonly name: string;
  readonly backup: boolean;
  readonly credentials: Credentials;
};

/**
 * The stream that the address of `publish` or `play` names.
 * @param connectedTo null before `connect`
 * @param isName what counts as a name
 */
export function readStreamAddress(
  address: string,
  connectedTo: ConnectAddress | null,
  isName: (name: string) => boolean,
): StreamTarget | Refusal {
  const { app, query, name: named } = connectedTo ?? NO_ADDRESS;
  const divided = divide(address.trim().replace(WHOLE_ADDRESS, ""));
  // Flash players put the container before the name.
  const path = divided.path.replace(/^(flv|mp4):/, "");
  const own = path.startsWith(`${app}/`) ? path.slice(app.length + 1) : path;
  // Whether this is the key or another name, nobody can tell.
  if (named !== null && own !== "" && own !== named) return badAddress(liveText("stream-in-server", { app, name: named }));
  const name = own === "" ? (named ?? "") : own;
  if (name === "") return badAddress(liveText("stream-key-empty", { app }));
  if (!isName(name)) return badAddress(liveText("stream-name"));
  const parameters = trimmed(rtmpParameters(divided.query, query));
  return { app, name, backup: parameters.get("backup") === "1", credentials: credentialsOf(parameters) };
}

/** What may stand in a log of an address that was refused: nothing of it that could be a key. */
export function loggableName(address: string, connectedTo: ConnectAddress | null): string {
  return (connectedTo?.name ?? divide(address).path).slice(0, 128);
}

/** The path and the parameters of an address, which begin at the first `?`, or at the first `&` for want of one before it. */
function divide(address: string): { readonly path: string; readonly query: string } {
  const at = address.search(/[?&]/);
  const path = at < 0 ? address : address.slice(0, at);
  const query = at < 0 ? "" : address.slice(at + 1);
  return { path: path.trim().replace(/^\/+|\/+$/g, ""), query: query.replace(SECOND_QUESTION_MARK, "&") };
}

/** Keys and signatures have no spaces around them; what was copied with them may have. */
function trimmed(query: URLSearchParams): URLSearchParams {
  for (const [key, value] of [...query]) if (value !== value.trim()) query.set(key, value.trim());
  return query;
}

function badAddress(message: ReturnType<typeof liveText>): Refusal {
  return new Refusal("bad-request", message);
}

/** The refusal of a publisher that gave no key, with words that say where it belongs. */
export function withKeyHint(refusal: Refusal, name: string): Refusal {
  const isPlain = refusal.code === "not-signed-in" && refusal.message === null;
  return isPlain ? new Refusal(refusal.code, liveText("key-missing", { name }), refusal.mistakes, refusal) : refusal;
}

export function noSuchApp(app: string): Refusal {
  return new Refusal("not-found", app === "" ? liveText("app-missing") : liveText("no-such-app", { app: app.slice(0, 64) }));
}
