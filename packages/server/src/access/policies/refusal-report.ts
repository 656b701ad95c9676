/** Defines what media workers report of the requests that they refuse. */
import type { Language } from "../../platform/messages/language.ts";
import type { RefusalCode } from "../../platform/refusal.ts";

export type RefusalKind = {
  /** Of the stream or recording; null where it belongs to no school, or does not exist. */
  readonly schoolId: string | null;
  readonly code: RefusalCode;
  /** The rule that refused; null where it was none. */
  readonly rule: string | null;
  /** The policy that has the rule, as `school ID`. */
  readonly source: string | null;
  /** The rule is in dry-run: the client was let in. */
  readonly dryRun: boolean;
};

export type RefusedRequest = RefusalKind & {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `live/math`, `vod/ID`. */
  readonly target: string;
  readonly action: string;
  readonly protocol: string;
  readonly ip: string;
  /** What was wrong: the page, the program, the place; null where the rest tells it. */
  readonly about: string | null;
  /** Of a publisher: its software, and why in words. Absent for others. */
  readonly publisher?: { readonly agent: string; readonly words: Readonly<Record<Language, string>> };
};

export type RefusalReport = {
  /** Milliseconds since 1970, of the whole report. */
  readonly at: number;
  readonly counts: readonly (RefusalKind & { readonly count: number })[];
  readonly requests: readonly RefusedRequest[];
};
