/** Defines what the school's word lists make of a text: it passes, perhaps with asterisks, it is held for staff, or it is refused. */

import type { RoomPerson } from "@lectern/room";
import { Refusal } from "../../../platform/refusal.ts";
import type { RoomView } from "../domain.ts";
import type { TextCheck } from "../text-check.ts";
import { isStaff } from "./may-talk.ts";

export type AllowedText = {
  readonly text: string;
  /** In the entry, so that pages say that words were covered. */
  readonly mark: { readonly masked?: true };
};

/** `held`: why; staff decide about it. */
export type TextRuling = AllowedText | { readonly held: string } | Refusal;

/** Staff write what they want. */
export function ruleOnText(
  check: TextCheck,
  { schoolId }: Pick<RoomView, "schoolId">,
  person: RoomPerson,
  text: string,
): TextRuling {
  if (isStaff(person)) return { text, mark: {} };
  const verdict = check(schoolId, text);
  switch (verdict.action) {
    case "pass":
      return { text, mark: {} };
    case "mask":
      return { text: verdict.text, mark: { masked: true } };
    case "hold":
      return { held: verdict.reason ?? "" };
    case "refuse":
      return new Refusal("refused-words");
  }
}
