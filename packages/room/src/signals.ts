/** Signals: what changes often and is not kept. Of the same kind and key only the newest counts. */
import { choice, type Fields, list, NUMBER, nullable, object, optional, STRING } from "./fields.ts";
import { TALLY } from "./quiz.ts";
import { REACTIONS } from "./reaction.ts";

export type SignalDeclaration = {
  /** What the key names; null: the signal has the empty key. */
  readonly key: "quiz" | "sign-in" | "participant" | null;
  readonly to: "all" | "staff";
  readonly fields: Fields;
};

const COUNTS = object(Object.fromEntries(REACTIONS.map((reaction) => [reaction, optional(NUMBER)])));

export const SIGNALS = {
  state: {
    key: null,
    to: "all",
    fields: {
      state: choice(["scheduled", "live", "ended"]),
      /** Milliseconds since 1970. */
      startedAt: nullable(NUMBER),
      /** Of a live lesson whose publisher has gone: since when. */
      publisherLeftAt: nullable(NUMBER),
      viewers: NUMBER,
    },
  },
  /** People in the room, and how many of them teach and assist. */
  people: { key: null, to: "all", fields: { count: NUMBER, staff: NUMBER } },
  /** To all once the quiz is revealed. */
  tally: { key: "quiz", to: "staff", fields: TALLY.fields },
  /** Of the last 60 seconds. */
  reactions: { key: null, to: "staff", fields: { counts: COUNTS } },
  signin: { key: "sign-in", to: "staff", fields: { signed: NUMBER, late: NUMBER, code: nullable(STRING) } },
  /** The list of people has changed. */
  roster: { key: null, to: "staff", fields: { version: NUMBER } },
  laser: { key: "participant", to: "all", fields: { page: STRING, points: STRING } },
  /** What the server does without in this room for now; `level` and `reason` are for pages of before. */
  shed: { key: null, to: "all", fields: { what: list(STRING), level: NUMBER, reason: STRING } },
} as const satisfies { readonly [kind: string]: SignalDeclaration };
