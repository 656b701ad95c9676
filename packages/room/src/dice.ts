/** Provides dice that the server throws for staff. */
import { integer, list, NUMBER, optional } from "./fields.ts";
import { kind } from "./kind.ts";
import { listOf, numberOf, type WireEntry } from "./wire.ts";

export const MAX_DICE = 6;
const MAX_SIDES = 100;

export const DICE = /* @__PURE__ */ kind(() => ({
  kind: "dice",
  sends: {
    actions: {
      /** Default: one die of six sides. */
      roll: { count: optional(integer(1, MAX_DICE)), sides: optional(integer(2, MAX_SIDES)) },
    },
  },
  entries: [{ key: "dice", fields: { values: list(NUMBER), sides: NUMBER } }],
}));

export type ThrownDice = {
  readonly values: readonly number[];
  readonly sides: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly at: number;
};

/** @param entry of the key `dice` */
export function thrownDiceOf(entry: WireEntry | null): ThrownDice | null {
  if (entry === null) return null;
  const { body, seq, at } = entry;
  const values = listOf(body["values"]).filter((value) => typeof value === "number");
  return values.length === 0 ? null : { values, sides: numberOf(body, "sides") ?? 6, seq, at };
}
