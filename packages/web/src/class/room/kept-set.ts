/** Provides a small set of texts that this tab remembers, also after a reload: what was voted for, dismissed, signed. */
import { useState } from "react";
import { keepValue, keptValue } from "../../session/kept-values.ts";

/** The oldest are forgotten. */
const MAX_SIZE = 300;

export type KeptSet = { readonly has: (item: string) => boolean; readonly set: (item: string, isIn: boolean) => void };

export function useKeptSet(name: string): KeptSet {
  const key = `lectern.class.${name}`;
  const [items, setItems] = useState(() => new Set((keptValue("tab", key) ?? "").split(" ").filter((item) => item !== "")));
  return {
    has: (item) => items.has(item),
    set: (item, isIn) => {
      setItems((before) => {
        const after = new Set(before);
        if (isIn) after.add(item);
        else after.delete(item);
        keepValue("tab", key, [...after].slice(-MAX_SIZE).join(" "));
        return after;
      });
    },
  };
}
