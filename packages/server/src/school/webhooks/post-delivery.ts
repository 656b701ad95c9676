/** Posts one delivery to a webhook's URL, signed, within a time limit, and not into private networks. */
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { request as httpRequest } from "../../platform/node-http.ts";
import { allowedLookup, isPublicAddress } from "../../platform/public-address.ts";
import { signBody } from "../../platform/secrets.ts";
import type { DeliveryResult } from "./retry-schedule.ts";

const ANSWER_WITHIN_MS = 10_000;
/** Of an unsuccessful answer, this many characters are kept. */
const MAX_ERROR_LENGTH = 500;

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
  if (!post.allowPrivate && isIP(host) !== 0 && !isPublicAddress(host))
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

/** Resolves names to public addresses only: a name that was public when the webhook was created may change later. */
const publicLookup = allowedLookup(isPublicAddress, (host) => new Error(`${host} leads into a private network`));
