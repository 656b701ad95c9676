/**
 * Provides refusals: every way in which a request is turned away, with a stable code, an HTTP status and text for the person. docs/errors.md
 * documents this table; a test compares the two.
 */
import type { Language } from "./messages/language.ts";
import { type Text, textIn } from "./messages/message.ts";
import { refusalText } from "./messages/refusal-texts.ts";

export const REFUSALS = {
  "bad-request": { status: 400 },
  "bad-offer": { status: 400 },
  "not-signed-in": { status: 401 },
  "bad-credential": { status: 401 },
  "operator-token-expired": { status: 401 },
  "bad-key": { status: 401 },
  "bad-signature": { status: 401 },
  "wrong-password": { status: 401 },
  "sign-on-failed": { status: 401 },
  "launch-failed": { status: 401 },
  "second-factor-required": { status: 401 },
  "wrong-code": { status: 401 },
  "passkey-failed": { status: 401 },
  "refused-by-callback": { status: 403 },
  "cross-site-request": { status: 403 },
  "removed-from-lesson": { status: 403 },
  "guests-not-allowed": { status: 403 },
  "consent-needed": { status: 403 },
  "lesson-locked": { status: 403 },
  "exam-not-open-yet": { status: 403 },
  "exam-closed": { status: 403 },
  "exam-code-wrong": { status: 403 },
  "exam-no-attempts-left": { status: 403 },
  "exam-not-released": { status: 403 },
  "exam-consent-needed": { status: 403 },
  "exam-not-supervised": { status: 403 },
  "exam-paused": { status: 403 },
  "watching-not-yet": { status: 403 },
  "watching-over": { status: 403 },
  "password-sign-in-off": { status: 403 },
  "second-factor-missing": { status: 403 },
  "recent-sign-in-needed": { status: 403 },
  "refused-by-rule": { status: 403 },
  "operator-token-address": { status: 403 },
  "load-tests-off": { status: 403 },
  "school-entry-needed": { status: 403 },
  "approval-needed": { status: 403 },
  "not-the-second-person": { status: 403 },
  "not-on-stage": { status: 403 },
  muted: { status: 403 },
  "switched-off": { status: 403 },
  "refused-words": { status: 403 },
  "exam-not-started": { status: 403 },
  "exam-ended": { status: 403 },
  "challenge-required": { status: 403 },
  "bad-challenge": { status: 403 },
  "no-such-stream": { status: 404 },
  "not-found": { status: 404 },
  "exam-attempt-unknown": { status: 404 },
  "no-such-session": { status: 404 },
  "not-in-hls": { status: 404 },
  "not-in-webrtc": { status: 404 },
  "no-such-recording": { status: 404 },
  "method-not-allowed": { status: 405 },
  "not-in-mp4": { status: 409 },
  "no-such-lesson": { status: 404 },
  "no-such-exam": { status: 404 },
  "too-many-media": { status: 406 },
  conflict: { status: 409 },
  "lesson-not-ready": { status: 409 },
  "quota-reached": { status: 409 },
  "lesson-ended": { status: 409 },
  "exam-elsewhere": { status: 409 },
  closed: { status: 409 },
  "approval-closed": { status: 409 },
  "approval-outdated": { status: 409 },
  "board-full": { status: 409 },
  "exam-seat-taken": { status: 409 },
  "exam-open-twice": { status: 409 },
  "exam-files-full": { status: 409 },
  "publisher-present": { status: 409 },
  "link-expired": { status: 410 },
  "precondition-failed": { status: 412 },
  "no-common-codec": { status: 422 },
  "restart-needs-offer": { status: 422 },
  "too-slow": { status: 408 },
  "too-large": { status: 413 },
  "header-too-large": { status: 431 },
  "unsupported-media-type": { status: 415 },
  "exam-file-unfit": { status: 415 },
  "too-many": { status: 429 },
  "callback-failed": { status: 503 },
  "database-away": { status: 503 },
  "storage-away": { status: 503 },
  "disk-full": { status: 503 },
  "provider-away": { status: 503 },
  "lesson-full": { status: 503 },
  full: { status: 503 },
  "not-yet": { status: 503 },
  "picture-undecodable": { status: 503 },
  "sound-undecodable": { status: 503 },
  draining: { status: 503 },
  "control-away": { status: 503 },
  "not-joined": { status: 503 },
  "internal-error": { status: 500 },
  "not-implemented": { status: 501 },
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Seconds after which a refused client may try again, where the refusal does not know better. */
const RETRY_SECONDS = 5;

/** What is wrong with one field of a request. */
export type ValidationError = {
  /** `lesson.startsAt`; empty for the whole. */
  readonly path: string;
  readonly message: Text;
};

/** Problem details: RFC 9457. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
};

/** What is known of a refusal besides its code and its text. */
type Details = {
  /** The access rule that refused, for log and metrics. */
  readonly rule: string | null;
  /** Where a policy has this rule, as `school ID`. */
  readonly source: string | null;
  /** What the rule has refused: the page, the program, the place. For the refusal's report, not for the client. */
  readonly about: string | null;
  /** Seconds until the client may try again, for Retry-After (RFC 9110 section 10.2.3); null: it need not. */
  readonly retryAfter: number | null;
};

const NO_DETAILS: Details = { rule: null, source: null, about: null, retryAfter: null };

export class Refusal implements Details {
  readonly code: RefusalCode;
  /** What happened, where that is more exact than the code; null elsewhere. */
  readonly message: Text | null;
  readonly mistakes: readonly ValidationError[];
  readonly rule: string | null;
  readonly source: string | null;
  readonly about: string | null;
  readonly retryAfter: number | null;

  constructor(
    code: RefusalCode,
    message: Text | null = null,
    mistakes: readonly ValidationError[] = [],
    details: Details = NO_DETAILS,
  ) {
    this.code = code;
    this.message = message;
    this.mistakes = mistakes;
    this.rule = details.rule;
    this.source = details.source;
    this.about = details.about;
    this.retryAfter = details.retryAfter ?? usualWait(code);
  }

  get status(): number {
    return REFUSALS[this.code].status;
  }

  /** What happened, in English: for RTMP, whose clients name no language, and for logs. */
  get detail(): string {
    return this.detailIn("en");
  }

  /** The same refusal, with the access rule that decided it, and where a policy has that rule. */
  by(rule: string, source: string | null = this.source): Refusal {
    return this.with({ rule, source });
  }

  /** The same refusal, with what the rule has refused. */
  because(about: string | null): Refusal {
    return this.with({ about });
  }

  /** The same refusal, with the time after which another attempt can succeed. @param seconds rounded up to whole ones, at least 1 */
  after(seconds: number): Refusal {
    return this.with({ retryAfter: Math.max(1, Math.ceil(seconds)) });
  }

  private with(details: Partial<Details>): Refusal {
    const { code, message, mistakes, rule, source, about, retryAfter } = this;
    return new Refusal(code, message, mistakes, { rule, source, about, retryAfter, ...details });
  }

  /** Problem details in the language of the reader. Codes and field names are the same in every language. */
  problem(language: Language = "en"): Problem {
    const { code, status, mistakes } = this;
    const errors = mistakes.map(({ path, message }) => ({ path, message: textIn(language, message) }));
    const title = textIn(language, refusalText(code));
    const problem = { type: `urn:lectern:error:${code}`, title, status, code, detail: this.detailIn(language) };
    return errors.length > 0 ? { ...problem, errors } : problem;
  }

  private detailIn(language: Language): string {
    return this.message === null ? textIn(language, refusalText(this.code)) : textIn(language, this.message);
  }
}

function usualWait(code: RefusalCode): number | null {
  if (code === "not-yet") return 1;
  const { status } = REFUSALS[code];
  return status === 429 || status === 503 ? RETRY_SECONDS : null;
}
