/** Tells what a person sees over the picture: by the rules of kind `watermark` that hold for a lesson or a recording. */
import type { WatermarkRule } from "../../access/policies/access-policy.ts";
import type { Belonging } from "../../access/policies/policy-store.ts";
import type { Db, Participant } from "../foundation/store/tables.ts";
import { markOf } from "../people/accounts/person-watermark.ts";
import { type ShownRule, shownRules } from "./shown-rules.ts";

/** As players take it. */
export type Watermark = { readonly text: string; readonly opacity: number };

type Viewer = {
  readonly name: string;
  /** By which the school finds the person (`accounts/person-watermark.ts`); the address of one who is not known. */
  readonly mark: string;
};

/** A longer name would hide the picture. */
const MAX_NAME = 40;

/** A person with an account has the same mark everywhere, a guest another one in each lesson. */
export function watermarkOfParticipant({ id, user_id: userId }: Pick<Participant, "id" | "user_id">): string {
  return markOf(userId ?? id);
}

/** What a participant sees over the composite recording of a lesson; null: nothing. @param rules those that hold for the lesson */
export function lessonWatermark(rules: readonly ShownRule[], participant: Participant): Watermark | null {
  return watermarkBy(rules.filter(isWatermark), { name: participant.name, mark: watermarkOfParticipant(participant) });
}

/** What a viewer sees over the picture of whatever belongs to these; null: nothing. */
export async function watermarkOf(db: Db, of: Belonging, viewer: Viewer): Promise<Watermark | null> {
  return watermarkBy((await shownRules(db, of)).filter(isWatermark), viewer);
}

/** Where several rules hold together, it shows what any of them wants, as clearly as any of them wants. */
export function watermarkBy(rules: readonly WatermarkRule[], { name, mark }: Viewer): Watermark | null {
  if (rules.length === 0) return null;
  const has = (part: "name" | "id") => rules.some(({ shows }) => shows === part || shows === "both");
  // Of a person without a name, the mark tells who it is.
  const parts = [...(has("name") ? [name.slice(0, MAX_NAME)] : []), ...(has("id") || name === "" ? [mark] : [])];
  return { text: parts.join(" ").trim(), opacity: Math.max(...rules.map(({ opacity }) => opacity)) };
}

function isWatermark(rule: ShownRule): rule is WatermarkRule {
  return rule.kind === "watermark";
}
