/** Runs `lectern sign`: prints a signed link to a live stream, in the own scheme or in one of another system. */
import { LINK_SCHEMES, type LinkScheme } from "../../access/links/link-scheme.ts";
import type { ForeignScheme } from "../../access/links/schemes/foreign-scheme.ts";
import { FOREIGN_SCHEMES } from "../../access/links/schemes/scheme-list.ts";
import { signLink } from "../../access/links/signed-link.ts";
import { SOURCE_PATTERN } from "../../live/stream-name.ts";

export type SignOptions = {
  readonly url: string;
  /** Of the server for `lectern`; null: none was given. */
  readonly secret: string | null;
  /** A duration from now: 90s, 15m, 2h, 7d. */
  readonly expires: string;
  readonly ip: string | undefined;
  readonly viewer: string | undefined;
  /** Default: `lectern`. */
  readonly scheme: string | undefined;
  /** A duration that the key adds to a link's time. Default: the scheme's; not for `lectern`. */
  readonly validity: string | undefined;
};

const SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86400 };
const STREAM_PATH = new RegExp(`^/([A-Za-z0-9_-]{1,64})/(${SOURCE_PATTERN})(@[A-Za-z0-9_-]+)?(\\.[a-z0-9]+)?$`);

const DEFAULT_SCHEME = "lectern";

export function sign(options: SignOptions): number {
  const signed = signedUrl(options);
  if (signed instanceof URL) process.stdout.write(`${signed}\n`);
  else process.stderr.write(`lectern: ${signed}\n`);
  return signed instanceof URL ? 0 : 2;
}

/** The link, or what is wrong with the options. */
function signedUrl(options: SignOptions): URL | string {
  const scheme = options.scheme ?? DEFAULT_SCHEME;
  const seconds = secondsOf(options.expires);
  if (seconds === null) return "--expires is a time such as 90s, 15m, 2h or 7d";
  const url = URL.canParse(options.url) ? new URL(options.url) : null;
  const [, app, name] = STREAM_PATH.exec(url?.pathname ?? "") ?? [];
  if (!url || !app || !name) return "the address must be that of a stream, such as http://localhost:8080/live/math.flv";
  const expires = Math.floor(Date.now() / 1000) + seconds;
  if (isForeign(scheme)) return foreignUrl(url, expires, scheme, options);
  if (scheme !== DEFAULT_SCHEME) return `--scheme is one of ${[DEFAULT_SCHEME, ...LINK_SCHEMES].join(", ")}`;
  if (options.validity !== undefined) return `links of the scheme ${DEFAULT_SCHEME} have no --validity`;
  return withQuery(url, signLink({ app, name, expires, ip: options.ip, viewer: options.viewer }, options.secret ?? ""));
}

function foreignUrl(url: URL, expires: number, name: LinkScheme, options: SignOptions): URL | string {
  const { secret, ip, viewer, validity } = options;
  const scheme: ForeignScheme = FOREIGN_SCHEMES[name];
  if (secret === null) return `--scheme ${name} needs --secret, the secret of a link key`;
  if (viewer !== undefined) return `links of the scheme ${name} cannot name a viewer`;
  if (ip !== undefined && !scheme.bindsAddress) return `links of the scheme ${name} cannot name an address`;
  const validSeconds = validity === undefined ? scheme.validSeconds : secondsOf(validity);
  if (validSeconds === null) return "--validity is a time such as 90s, 15m, 2h or 7d";
  const { query, prefix } = scheme.sign({ path: url.pathname, ip: ip ?? null }, expires - validSeconds, secret);
  if (prefix !== "" && url.protocol.startsWith("rtmp")) return `links of the scheme ${name} are not for RTMP`;
  url.pathname = `${prefix}${url.pathname}`;
  return withQuery(url, Object.entries(query));
}

function withQuery(url: URL, parameters: Iterable<[string, string]>): URL {
  for (const [key, value] of parameters) url.searchParams.set(key, value);
  return url;
}

function isForeign(scheme: string): scheme is LinkScheme {
  return LINK_SCHEMES.some((name) => name === scheme);
}

/** Null: the text is no duration. */
function secondsOf(text: string): number | null {
  const [, amount, unit = ""] = /^(\d+)([smhd])$/.exec(text) ?? [];
  return amount === undefined ? null : Number(amount) * (SECONDS[unit] ?? 1);
}
