/** Provides rounds of sign-in: staff open and close them, everybody signs once. */
import { BOOLEAN, choice, ID, integer, line, NUMBER, nullable, optional, STRING, string } from "./fields.ts";
import { kind } from "./kind.ts";
import { numberOf, textOf, type WireEntry } from "./wire.ts";

const MAX_TITLE = 100;
const MIN_SECONDS = 5;
/** Twelve hours. */
const MAX_SECONDS = 12 * 3600;
/** Of what a person types for a code. */
const MAX_TYPED_CODE = 20;
export const CODE_DIGITS = 4;

export const SIGN_IN = /* @__PURE__ */ kind(() => ({
  kind: "signin",
  sends: {
    actions: {
      open: {
        title: optional(line(MAX_TITLE)),
        /** Four digits, which the teacher shows. */
        code: optional(string({ pattern: /^\d{4}$/ })),
        /** After this time the round closes, or notes who is late. */
        seconds: optional(integer(MIN_SECONDS, MAX_SECONDS)),
        /** Whether people may still sign after `seconds`, and are noted as late. */
        late: optional(BOOLEAN),
      },
      close: { ref: ID },
      sign: { ref: ID, code: optional(string({ max: MAX_TYPED_CODE })) },
    },
  },
  entries: [
    {
      key: "signin/REF",
      fields: {
        ref: ID,
        title: STRING,
        state: choice(["open", "closed"]),
        needsCode: BOOLEAN,
        lateAllowed: BOOLEAN,
        /** Milliseconds since 1970; null: no time limit. */
        closesAt: nullable(NUMBER),
      },
    },
  ],
}));

export type SignInRound = {
  readonly ref: string;
  readonly seq: number;
  readonly title: string;
  readonly isOpen: boolean;
  readonly needsCode: boolean;
  /** Milliseconds since 1970; null: no time limit. */
  readonly closesAt: number | null;
};

/** The newest first. */
export function signInsOf(entries: readonly WireEntry[]): readonly SignInRound[] {
  return entries
    .flatMap(({ body, seq }): readonly SignInRound[] => {
      const ref = textOf(body, "ref");
      if (ref === null) return [];
      const title = textOf(body, "title") ?? "";
      const isOpen = body["state"] === "open";
      return [{ ref, seq, title, isOpen, needsCode: body["needsCode"] === true, closesAt: numberOf(body, "closesAt") }];
    })
    .sort((one, other) => (one.ref < other.ref ? 1 : -1));
}
