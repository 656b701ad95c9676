/** Provides the text that people send into a room: visible, in Normalization Form C, without what changes how the text around it is shown. */
import { z } from "zod";
import { isVisible } from "../../platform/text.ts";
import { fieldText } from "../foundation/messages/field-texts.ts";

/** Control characters but line feed and tab, and the line and paragraph separators. */
const CONTROLS = /[^\P{Cc}\n\t]|[\u2028\u2029]/gu;
/** Explicit embeddings, overrides and isolates: UAX #9, section 2. */
const DIRECTION_OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/gu;
/** More marks on one letter cover the lines above and below it. */
const STACKED_MARKS = /(\p{M}{6})\p{M}+/gu;
const LINE_BREAKS = /\r\n?/gu;
const EMPTY_LINES = /\n{3,}/gu;
/** Before it is cleaned, a text may be longer by what is removed and what Normalization Form C joins. */
const BEFORE_CLEANING = 4;

/** @param isOneLine line feeds and tabs become spaces */
export function cleanText(text: string, isOneLine = false): string {
  const clean = text
    .toWellFormed()
    .replace(LINE_BREAKS, "\n")
    .replace(CONTROLS, "")
    .replace(DIRECTION_OVERRIDES, "")
    .normalize("NFC")
    .replace(STACKED_MARKS, "$1")
    .replace(EMPTY_LINES, "\n\n")
    .trim();
  return isOneLine ? clean.replaceAll(/[\n\t]/g, " ") : clean;
}

/** A field with text of one or more lines. */
export const roomText = (maxLength: number) => field(maxLength, false);
/** A field with text of one line. */
export const roomLine = (maxLength: number) => field(maxLength, true);

function field(maxLength: number, isOneLine: boolean) {
  const shown = z
    .string()
    .min(1, { error: fieldText.key("empty"), abort: true })
    .max(maxLength, fieldText.key("too-long"))
    .refine(isVisible, fieldText.key("empty"));
  return z
    .string()
    .max(maxLength * BEFORE_CLEANING, fieldText.key("too-long"))
    .transform((text) => cleanText(text, isOneLine))
    .pipe(shown);
}
