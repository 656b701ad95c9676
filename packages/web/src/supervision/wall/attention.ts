/** Names what needs attention, and how urgent it is. The server says most of it; what the pixels say is added by the page that decodes them. */
import { FACT_KINDS } from "@lectern/exam";
import type { Translate } from "../../texts/use-translation.ts";
import type { PictureFault } from "../stills/still-check.ts";

/** The most urgent first. */
const ATTENTION_CODES = [
  "no-picture",
  "network-away",
  "black",
  "frozen",
  "empty-picture",
  "uplink-poor",
  "screen-missing",
  "phone-missing",
  "facts",
  "paused",
  "seat-changed",
] as const;
type AttentionLevel = "urgent" | "look" | "noted";

const codesByUrgency: readonly string[] = ATTENTION_CODES;
const URGENT: readonly string[] = ["no-picture", "network-away", "black"];
const NOTED: readonly string[] = ["paused"];

/** @param fault of the picture that is shown; @returns the codes, the most urgent first; those of a newer server last */
export function attentionOf(codes: readonly string[], fault: PictureFault): readonly string[] {
  const place = (code: string): number => {
    const at = codesByUrgency.indexOf(code);
    return at < 0 ? ATTENTION_CODES.length : at;
  };
  // What is black or frozen carries next to nothing: the pixels say it more exactly.
  const others = fault === null ? codes : codes.filter((code) => code !== "empty-picture");
  return [...new Set([...others, ...(fault === null ? [] : [fault])])].toSorted((a, b) => place(a) - place(b));
}

/** Null: nothing needs attention. */
export function attentionLevel(codes: readonly string[]): AttentionLevel | null {
  if (codes.length === 0) return null;
  if (codes.some((code) => URGENT.includes(code))) return "urgent";
  return codes.every((code) => NOTED.includes(code)) ? "noted" : "look";
}

/** In words; a code of a newer server as it is. */
export function attentionWords(t: Translate, code: string): string {
  const known = ATTENTION_CODES.find((one) => one === code);
  return known ? t(`wall.attention.${known}`) : code;
}

/** In words; one of a newer server as it is. */
export function factWords(t: Translate, fact: string): string {
  const known = FACT_KINDS.find((one) => one === fact);
  return known ? t(`wall.facts.${known}`) : fact;
}
