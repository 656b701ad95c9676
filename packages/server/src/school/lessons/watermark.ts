/** Tells what a person sees over the picture: by the rules of kind `watermark` that hold for a lesson or a recording. */
import { sql } from "kysely";
import { effectiveRules, type PolicyRule, type WatermarkRule } from "../../access/policies/access-policy.ts";
import { type Belonging, targetsOf } from "../../access/policies/policy-store.ts";
import { markOf } from "../accounts/person-mark.ts";
import type { Db, Lesson, Participant } from "../store/tables.ts";

/** As players take it. */
export type Watermark = { readonly text: string; readonly opacity: number };

type Viewer = {
  readonly name: string;
  /** By which the school finds the person (`accounts/person-mark.ts`); the address of one who is not known. */
  readonly mark: string;
};

/** A longer name would hide the picture. */
const MAX_NAME = 40;

/** A person with an account has the same mark everywhere, a guest another one in each lesson. */
export function markOfParticipant({ id, user_id: userId }: Pick<Participant, "id" | "user_id">): string {
  return markOf(userId ?? id);
}

/** What a participant sees over the picture of a lesson; null: nothing. */
export async function lessonWatermark(db: Db, lesson: Lesson, participant: Participant): Promise<Watermark | null> {
  const of = { schoolId: lesson.school_id, courseId: lesson.course_id, lessonId: lesson.id };
  return await watermarkOf(db, of, { name: participant.name, mark: markOfParticipant(participant) });
}

/** What a viewer sees over the picture of whatever belongs to these; null: nothing. */
export async function watermarkOf(db: Db, of: Belonging, viewer: Viewer): Promise<Watermark | null> {
  return watermarkBy(await watermarkRules(db, of), viewer);
}

/** Where several rules hold together, it shows what any of them wants, as clearly as any of them wants. */
export function watermarkBy(rules: readonly WatermarkRule[], { name, mark }: Viewer): Watermark | null {
  if (rules.length === 0) return null;
  const has = (part: "name" | "id") => rules.some(({ shows }) => shows === part || shows === "both");
  // Of a person without a name, the mark tells who it is.
  const parts = [...(has("name") ? [name.slice(0, MAX_NAME)] : []), ...(has("id") || name === "" ? [mark] : [])];
  return { text: parts.join(" ").trim(), opacity: Math.max(...rules.map(({ opacity }) => opacity)) };
}

/** Reads no other rules: lists of addresses can be long, and every person who joins waits for this. */
async function watermarkRules(db: Db, of: Belonging): Promise<readonly WatermarkRule[]> {
  const targets = targetsOf(of);
  const rows = await db
    .selectFrom("policies")
    .select(["level", "target_id"])
    .select(sql<readonly PolicyRule[]>`jsonb_path_query_array(rules, '$[*] ? (@.kind == "watermark")')`.as("rules"))
    .where(({ eb, or, and }) => or(targets.map(({ level, id }) => and([eb("level", "=", level), eb("target_id", "=", id)]))))
    .execute();
  const policies = targets.flatMap((target) => {
    const row = rows.find(({ level, target_id: id }) => level === target.level && id === target.id);
    return row ? [{ target, rules: row.rules }] : [];
  });
  return effectiveRules(policies).flatMap(({ rule }) =>
    rule.kind === "watermark" && rule.for === "play" && rule.mode === "enforce" ? [rule] : [],
  );
}
