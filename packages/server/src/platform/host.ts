/** Parses the Host header of a request: RFC 9110 section 7.2, RFC 3986 section 3.2.2. */
import { isIPv6 } from "node:net";

export type Host = {
  /** A name, an IPv4 address, or an IPv6 address in brackets. */
  readonly hostname: string;
  /** Null: the default of the scheme. */
  readonly port: number | null;
};

const MAX_LENGTH = 261;
const FORM = /^(?<hostname>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?<port>\d{1,5}))?$/i;
const MAX_PORT = 65_535;

/** Null where it is none: a client that sends it is answered 400 (RFC 9112 section 3.2). */
export function parseHost(value: string): Host | null {
  const { hostname, port } = FORM.exec(value)?.groups ?? {};
  if (hostname === undefined || value.length > MAX_LENGTH) return null;
  if (hostname.startsWith("[") && !isIPv6(hostname.slice(1, -1))) return null;
  if (port !== undefined && (Number(port) < 1 || Number(port) > MAX_PORT)) return null;
  // Names such as `1.2.3.4.5` look right, but no URL may have them.
  if (!URL.canParse(`http://${value}/`)) return null;
  return { hostname, port: port === undefined ? null : Number(port) };
}
