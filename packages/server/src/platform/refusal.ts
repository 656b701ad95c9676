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
  "wrong-password": { status: 401, title: "The name or the password is not right." },
  "refused-by-callback": { status: 403, title: "The school's own system does not allow this." },
  "removed-from-lesson": { status: 403, title: "You were taken out of this lesson. Ask your teacher." },
  "guests-not-allowed": { status: 403, title: "This lesson is only for people who are signed in." },
  "refused-by-rule": { status: 403, title: "This is not allowed here." },
  "no-such-stream": { status: 404, title: "Nobody is live under this name at present." },
  "not-found": { status: 404, title: "There is nothing at this address." },
  "not-in-hls": { status: 404, title: "This stream's picture and sound cannot be sent by HLS. Watch it by HTTP-FLV." },
  "no-such-recording": { status: 404, title: "There is no such recording, or it was taken away." },
  "not-in-mp4": { status: 409, title: "This recording cannot be one MP4 file. Take it as FLV." },
  "no-such-lesson": { status: 404, title: "There is no lesson with this code. Look at the link or the code again." },
  conflict: { status: 409, title: "This does not go together with what is there." },
  "quota-reached": {
    status: 409,
    title: "The school's space for recordings is used up. Delete some, or ask the operator for more.",
  },
  "lesson-ended": { status: 409, title: "The lesson has ended." },
  "publisher-present": { status: 409, title: "Somebody is already live under this name." },
  "link-expired": { status: 410, title: "The link has expired. Ask your teacher for a new one." },
  "precondition-failed": { status: 412, title: "Somebody else has changed this since you read it. Read it again." },
  "too-large": { status: 413, title: "The request is too large." },
  "too-many": { status: 429, title: "Too many requests or connections from your address. Wait a moment." },
  "callback-failed": { status: 503, title: "The school's own system did not answer. Try again in a moment." },
  "database-away": { status: 503, title: "The database is away for the moment. Lessons go on. Try again in a moment." },
  "storage-away": { status: 503, title: "The storage of recordings does not answer. Try again in a moment." },
  "lesson-full": { status: 503, title: "All places in this lesson are taken." },
  full: { status: 503, title: "All places are taken at present. Try again in a moment." },
  "not-yet": { status: 503, title: "What was asked for has not come yet. The publisher may be away." },
  draining: { status: 503, title: "This server is about to restart. Try again in a moment." },
  "control-away": { status: 503, title: "Pages and settings are just being restarted. Lessons go on. Try again in a moment." },
  "internal-error": { status: 500, title: "Something went wrong on the server. It was written to its log." },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** What is wrong with one field of a request; the path is `lesson.startsAt`, and empty for the whole. */
export type FieldMistake = { readonly path: string; readonly message: string };

export class Refusal {
  readonly code: RefusalCode;
  /** What happened, for the person; more exact than the title where it can be. */
  readonly detail: string;
  readonly mistakes: readonly FieldMistake[];
  /** The access rule that refused, for log and metrics; null elsewhere. */
  readonly rule: string | null;

  constructor(code: RefusalCode, detail?: string, mistakes: readonly FieldMistake[] = [], rule: string | null = null) {
    this.code = code;
    this.detail = detail ?? REFUSALS[code].title;
    this.mistakes = mistakes;
    this.rule = rule;
  }

  /** The same refusal, with the access rule that decided it. */
  by(rule: string): Refusal {
    return new Refusal(this.code, this.detail, this.mistakes, rule);
  }

  get status(): number {
    return REFUSALS[this.code].status;
  }

  /** RFC 9457. */
  problem(): { type: string; title: string; status: number; code: RefusalCode; detail: string; errors?: readonly FieldMistake[] } {
    const { status, title } = REFUSALS[this.code];
    const errors = this.mistakes.length > 0 ? { errors: this.mistakes } : {};
    return { type: `urn:lectern:error:${this.code}`, title, status, code: this.code, detail: this.detail, ...errors };
  }
}
