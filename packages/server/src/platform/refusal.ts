/**
 * Every way in which somebody is turned away: a stable code, an HTTP status, and words for the person.
 * docs/errors.md is this table with advice; a test keeps the two alike.
 */

export const REFUSALS = {
  "bad-request": { status: 400, title: "The request could not be understood." },
  "not-signed-in": { status: 401, title: "This needs a key or a token, and none was given." },
  "bad-credential": { status: 401, title: "The token is not right." },
  "bad-key": { status: 401, title: "The publish key is not right." },
  "bad-signature": { status: 401, title: "The link is not complete or was changed. Ask for a new one." },
  "refused-by-rule": { status: 403, title: "This is not allowed here." },
  "no-such-stream": { status: 404, title: "Nobody is live under this name at present." },
  "not-found": { status: 404, title: "There is nothing at this address." },
  "not-in-hls": { status: 404, title: "This stream's picture and sound cannot be sent by HLS. Watch it by HTTP-FLV." },
  "publisher-present": { status: 409, title: "Somebody is already live under this name." },
  "link-expired": { status: 410, title: "The link has expired. Ask your teacher for a new one." },
  "too-large": { status: 413, title: "The request is too large." },
  "too-many": { status: 429, title: "Too many requests or connections from your address. Wait a moment." },
  full: { status: 503, title: "All places are taken at present. Try again in a moment." },
  "not-yet": { status: 503, title: "What was asked for has not come yet. The publisher may be away." },
  draining: { status: 503, title: "This server is about to restart. Try again in a moment." },
  "control-away": { status: 503, title: "Pages and settings are just being restarted. Lessons go on. Try again in a moment." },
  "internal-error": { status: 500, title: "Something went wrong on the server. It was written to its log." },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

export class Refusal {
  readonly code: RefusalCode;
  /** What happened, for the person; more exact than the title where it can be. */
  readonly detail: string;

  constructor(code: RefusalCode, detail?: string) {
    this.code = code;
    this.detail = detail ?? REFUSALS[code].title;
  }

  get status(): number {
    return REFUSALS[this.code].status;
  }

  /** RFC 9457. */
  problem(): { type: string; title: string; status: number; code: RefusalCode; detail: string } {
    const { status, title } = REFUSALS[this.code];
    return { type: `urn:lectern:error:${this.code}`, title, status, code: this.code, detail: this.detail };
  }
}
