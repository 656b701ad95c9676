/** Defines what staff do about what others write, and what they see of it: texts that wait, people who may not write, the line that is pinned. */
import {
  anyOf,
  BOOLEAN,
  choice,
  declared,
  ID,
  integer,
  list,
  NUMBER,
  nullable,
  object,
  optional,
  parsed,
  STRING,
  string,
} from "./fields.ts";
import { kind } from "./kind.ts";
import { type Body, isBody, numberOf, textOf, type WireEntry } from "./wire.ts";

/** Timers take no more than 24 days. */
const MAX_MUTE_SECONDS = 7 * 86_400;

/** Of a line, a question or an announcement. */
const textKey = /* @__PURE__ */ string({ pattern: /^(chat|group-chat|question|announcement)\/[0-9a-hjkmnp-tv-z]{26}$/ });

/** A text that waits for staff; with the key `checking/REF`, for the school's own check. */
export const HELD = /* @__PURE__ */ declared(() => ({
  key: "held/REF",
  fields: {
    ref: ID,
    /** The kind that the text was sent as: the entry's own `kind` hides one of its body. */
    textKind: STRING,
    text: STRING,
    person: object({ id: STRING, name: STRING, role: choice(["staff", "member", "guest", "watcher"]) }),
    /** What decided: the names of word lists, or what the school's own check has answered. */
    reason: STRING,
    /** What others get once it is approved. */
    entry: object({
      kind: STRING,
      to: anyOf(choice(["all", "staff"]), object({ participant: STRING }), object({ members: list(STRING) })),
      key: nullable(STRING),
      sampled: optional(BOOLEAN),
      body: parsed<Body>((value) => (isBody(value) ? { value } : { mistake: "is no object" })),
    }),
  },
  gone: { action: choice(["approve", "refuse", "hold"]), ref: ID },
}));

export const MODERATION = /* @__PURE__ */ kind(() => ({
  kind: "moderation",
  sends: {
    actions: {
      delete: { key: textKey },
      restore: { key: textKey },
      pin: { key: textKey },
      unpin: { key: textKey },
      mute: { person: ID, seconds: optional(integer(1, MAX_MUTE_SECONDS)) },
      unmute: { person: ID },
      approve: { ref: ID },
      refuse: { ref: ID },
      /** `device`: nobody comes back from the same device either. */
      remove: { person: ID, device: optional(BOOLEAN) },
    },
  },
  entries: [
    { key: null, fields: { action: choice(["delete", "restore"]), target: STRING } },
    {
      key: "pin",
      fields: {
        target: STRING,
        ref: ID,
        text: STRING,
        /** Null: the server. */
        author: nullable(object({ id: STRING, name: STRING })),
        /** Milliseconds since 1970. */
        postedAt: NUMBER,
        action: choice(["pin"]),
      },
      gone: { action: choice(["unpin"]) },
    },
    {
      key: "mute/PARTICIPANT",
      fields: {
        action: choice(["mute"]),
        person: ID,
        personName: STRING,
        /** Milliseconds since 1970; null: until staff end it. */
        until: nullable(NUMBER),
      },
      gone: { action: choice(["unmute"]), person: ID },
    },
    HELD,
    { ...HELD, key: "checking/REF" },
    {
      key: "picture",
      fields: { action: choice(["picture"]), answer: choice(["hold", "refuse"]), reason: STRING },
      gone: { action: choice(["picture"]), answer: choice(["pass", "mask"]), reason: STRING },
    },
    { key: null, fields: { action: choice(["held", "refused"]), ref: ID, textKind: STRING } },
    { key: null, fields: { action: choice(["remove"]), person: ID, personName: STRING } },
  ],
}));

export type HeldText = { readonly ref: string; readonly text: string; readonly author: string; readonly reason: string | null };

/** Texts that wait for a decision, the oldest first. @param entries of the keys `held/…` */
export function heldTextsOf(entries: readonly WireEntry[]): readonly HeldText[] {
  return entries.flatMap(({ body, name }): readonly HeldText[] => {
    const [ref, held] = [textOf(body, "ref"), textOf(body, "text")];
    if (ref === null || held === null) return [];
    const person = isBody(body["person"]) ? body["person"] : {};
    return [{ ref, text: held, author: textOf(person, "name") ?? name, reason: textOf(body, "reason") }];
  });
}

/** Participants who may not write at a time. @param entries of the keys `mute/…` */
export function mutedPeopleOf(entries: readonly WireEntry[], now: number): ReadonlySet<string> {
  const muted = entries.filter(({ body }) => (numberOf(body, "until") ?? Number.POSITIVE_INFINITY) > now);
  return new Set(muted.flatMap(({ body }) => textOf(body, "person") ?? []));
}
