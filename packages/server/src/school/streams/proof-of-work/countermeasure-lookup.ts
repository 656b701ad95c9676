/** Looks up the measure against an address, for the work of its challenges. One question to the node serves all challenges of a second. */
import type { Countermeasure, ProtectionState } from "../../../access/protection/protection-messages.ts";

const KEEP_MS = 1000;

type CountermeasureOf = (owner: string) => Promise<Countermeasure | null>;

/**
 * @param state what this node knows of all measures
 * @param now monotonic milliseconds
 */
export function countermeasureLookup(state: () => Promise<ProtectionState>, now = () => performance.now()): CountermeasureOf {
  let known: { readonly at: number; readonly measures: Promise<ReadonlyMap<string, Countermeasure>> } | null = null;
  return async (owner) => {
    // Without an answer of the node, challenges are those of an address without measures.
    if (!known || now() - known.at > KEEP_MS) known = { at: now(), measures: state().then(countermeasuresOf, () => new Map()) };
    return (await known.measures).get(owner) ?? null;
  };
}

function countermeasuresOf({ held }: ProtectionState): ReadonlyMap<string, Countermeasure> {
  return new Map(held.flatMap(({ owner, measure, isTrial }) => (isTrial ? [] : [[owner, measure] as const])));
}
