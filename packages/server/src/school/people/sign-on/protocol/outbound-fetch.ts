/**
 * Fetches from the addresses of a provider: by HTTPS and outside private networks, or inside the networks that the operator allows, where HTTP
 * is possible too. The resolved address decides, as for webhooks, because a name may lead elsewhere tomorrow. Redirects are not followed.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { AddressSet } from "../../../../platform/address.ts";
import { guardedRequest, limitTime } from "../../../../platform/guarded-request.ts";
import { type AddressRule, isPublicAddress } from "../../../../platform/public-address.ts";

const ANSWER_WITHIN_MS = 10_000;
/** Discovery documents, keys and tokens take a few kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
/** Fetch's Response takes no body with these. */
const WITHOUT_BODY = [101, 204, 205, 304];

export type OutboundRequest = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/**
 * @param networks networks of the operator's configuration that may be reached although they are private
 * @throws Error where the address is not allowed, or no complete answer comes in time
 */
export async function outboundFetch(url: URL, request: OutboundRequest, networks: readonly string[]): Promise<Response> {
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new Error(`${url.protocol} is not HTTPS`);
  const own = new AddressSet(networks);
  const isAllowed: AddressRule = (address) => own.has(address) || (url.protocol === "https:" && isPublicAddress(address));
  const { method, headers } = request;
  return await new Promise((resolve, reject) => {
    const onward = guardedRequest(url, { method, headers }, { isAllowed, refusal: notAllowed });
    onward.on("response", (answer) => readAnswer(answer, onward).then(resolve, reject));
    limitTime(onward, ANSWER_WITHIN_MS);
    onward.on("error", reject);
    onward.end(bytesOf(request.body));
  });
}

async function readAnswer(answer: IncomingMessage, request: ClientRequest): Promise<Response> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of answer) {
    const buffer = Buffer.from(piece);
    bytes += buffer.length;
    if (bytes > MAX_ANSWER_BYTES) {
      request.destroy();
      throw new Error("the answer is too large");
    }
    pieces.push(buffer);
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headersDistinct)) for (const one of value ?? []) headers.append(name, one);
  const status = answer.statusCode ?? 502;
  return new Response(WITHOUT_BODY.includes(status) ? null : Buffer.concat(pieces), { status, headers });
}

function bytesOf(body: unknown): string | Buffer {
  if (body === undefined || body === null) return "";
  if (typeof body === "string" || body instanceof URLSearchParams) return body.toString();
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  throw new Error("the body of a request to a provider is text");
}

function notAllowed(host: string): Error {
  return new Error(`${host} leads into a network that providers may not be in, or is not HTTPS: see signOn.networks`);
}
