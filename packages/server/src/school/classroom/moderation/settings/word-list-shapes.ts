/** Defines what the API takes and returns about word lists. */
import { z } from "zod";
import { fieldText } from "../../../foundation/messages/field-texts.ts";
import { moderationText } from "../../../foundation/messages/moderation-texts.ts";
import { id, text, time, version } from "../../../foundation/requests/fields.ts";
import { WORD_ACTIONS, type WordList } from "../../../foundation/store/moderation-tables.ts";
import { linesOf } from "../words/word-matcher.ts";

/** Of all lists of a school together. */
export const MAX_WORDS = 20_000;
export const MAX_CHARACTERS = 400_000;
const MAX_WORD = 100;

const words = z
  .string()
  .max(MAX_CHARACTERS, fieldText.key("too-long"))
  .refine((lines) => linesOf(lines).every((line) => line.length <= MAX_WORD), moderationText.key("long-word"))
  .describe(
    `One word or phrase in each line, of at most ${MAX_WORD} characters; lines that begin with # are comments. Case, width, accents, traditional Chinese and invisible characters make no difference. A word of letters is found as a whole word; with * at an end, within longer words too.`,
  );

const fields = {
  name: text(100),
  action: z
    .enum(WORD_ACTIONS)
    .describe("mask: the words become asterisks. hold: staff of the lesson decide. refuse: the text is sent back."),
  skipsSigns: z.boolean().describe("Whether signs and spaces between the letters of a word are overlooked."),
  enabled: z.boolean(),
  words,
};

const listShape = z.object({
  id,
  schoolId: id,
  name: z.string(),
  action: fields.action,
  skipsSigns: fields.skipsSigns,
  enabled: z.boolean(),
  wordCount: z.int(),
  createdAt: time,
  version,
});
/** In lists, without its words. */
export const wordListShape = listShape.meta({ id: "WordList" });
export const fullWordListShape = listShape.extend({ words: z.string() }).meta({ id: "FullWordList" });

export const newWordList = z.strictObject({
  schoolId: id.optional(),
  name: fields.name,
  action: fields.action.default("mask"),
  skipsSigns: fields.skipsSigns.default(true),
  enabled: z.boolean().default(true),
  words: words.default(""),
});

export const changedWordList = z.strictObject(fields).partial();

export function wordListResponse(list: Omit<WordList, "words">) {
  return {
    id: list.id,
    schoolId: list.school_id,
    name: list.name,
    action: list.action,
    skipsSigns: list.skips_signs,
    enabled: list.enabled,
    wordCount: list.word_count,
    createdAt: list.created_at,
    version: list.version,
  };
}

export function fullWordListResponse(list: WordList) {
  return { ...wordListResponse(list), words: list.words };
}

export function countWords(lines: string): number {
  let count = 0;
  for (const _ of linesOf(lines)) count++;
  return count;
}
