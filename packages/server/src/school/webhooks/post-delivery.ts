/** Posts one delivery to a webhook's URL, signed, within a time limit, and not into private networks. */
import { type LookupAddress, lookup } from "node:dns";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { AddressSet } from "../../platform/address.ts";
import { request as httpRequest } from "../../platform/node-http.ts";
import { signBody } from "../../platform/secrets.ts";
import type { DeliveryResult } from "./retry-schedule.ts";

const ANSWER_WITHIN_MS = 10_000;
/** Of an unsuccessful answer, this many characters are kept. */
const MAX_ERROR_LENGTH = 500;
/**
 * Networks that schools' webhooks may not reach: all that are not globally reachable by the registries of IANA (RFC 6890, as of 2026), multicast,
 * and the IPv6 networks whose addresses contain an IPv4 address, which may be a private one.
 */
const PRIVATE_NETWORKS = new AddressSet([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Unspecified, loopback and IPv4-compatible addresses. IPv4-mapped ones count as the IPv4 address.
  "::/96",
  // Translation to IPv4: RFC 6052, RFC 8215, RFC 2765.
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "::ffff:0:0:0/96",
  "100::/64",
  // Protocol assignments, among them Teredo, benchmarking and ORCHID; documentation; 6to4.
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  "2002::/16",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
]);

export type Post = {
  readonly id: string;
  readonly event: string;
  readonly body: string;
  readonly url: string;
  readonly secret: string;
  /** Signs too, while the secret is being rotated. */
  readonly previousSecret?: string | null;
  readonly allowPrivate: boolean;
};

export function postDelivery(post: Post): Promise<DeliveryResult> {
  const url = new URL(post.url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (!post.allowPrivate && isIP(host) !== 0 && PRIVATE_NETWORKS.has(host))
    return Promise.resolve({ status: null, error: `${host} is in a private network` });
  return new Promise((resolve) => {
    const open = url.protocol === "https:" ? httpsRequest : httpRequest;
    const options = { method: "POST", headers: headersOf(post), ...(post.allowPrivate ? {} : { lookup: publicLookup }) };
    const request = open(url, options, (response) => readAnswer(response, resolve));
    limitTime(request);
    request.on("error", (error) => resolve({ status: null, error: error.message.slice(0, MAX_ERROR_LENGTH) }));
    request.end(post.body);
  });
}

export function headersOf({ id, event, body, secret, previousSecret }: Omit<Post, "url" | "allowPrivate">) {
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "user-agent": "Lectern-Webhooks/1",
    "lectern-event": event,
    "lectern-delivery": id,
    "lectern-signature": signBody(body, secret, ...(previousSecret ? [previousSecret] : [])),
  };
}

/** Redirects are not followed: they could lead into networks that the URL itself may not reach. */
function readAnswer(response: IncomingMessage, resolve: (result: DeliveryResult) => void): void {
  const status = response.statusCode ?? 0;
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (piece: string) => {
    if (text.length < MAX_ERROR_LENGTH) text += piece;
  });
  response.on("error", (error) => resolve({ status, error: error.message }));
  response.on("end", () => {
    const isSuccess = status >= 200 && status < 300;
    resolve({ status, error: isSuccess ? null : text.slice(0, MAX_ERROR_LENGTH) || `status ${status}` });
  });
}

function limitTime(request: ClientRequest): void {
  const seconds = ANSWER_WITHIN_MS / 1000;
  const timer = setTimeout(() => request.destroy(new Error(`no answer within ${seconds} s`)), ANSWER_WITHIN_MS);
  request.on("close", () => clearTimeout(timer));
}

/** Addresses outside private networks. */
export function publicAddresses(found: readonly LookupAddress[]): LookupAddress[] {
  return found.filter(({ address }) => !PRIVATE_NETWORKS.has(address));
}

/** Resolves names to public addresses only: a name that was public when the webhook was created may change later. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const open = publicAddresses(found ?? []);
    const first = open[0];
    if (error) callback(error, "", 4);
    else if (!first) callback(new Error(`${hostname} leads into a private network`), "", 4);
    else if (options.all) callback(null, open);
    else callback(null, first.address, first.family);
  });
};
