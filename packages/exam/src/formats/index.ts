/** Opens files of questions: reads and writes what other programs have. It loads parsers, so pages do not. */
import type { AuthoredPaper } from "../paper.ts";
import { readGift } from "./gift-read.ts";
import { writeGift } from "./gift-write.ts";
import { readMoodle } from "./moodle-read.ts";
import { writeMoodle } from "./moodle-write.ts";
import { MAX_FILE_BYTES, type QuestionFile, textOfBytes, unreadable } from "./question-file.ts";
import type { WrittenFile } from "./written-file.ts";

export {
  FILE_ERRORS,
  type FileError,
  type FileErrorCode,
  LEFT_OUT,
  type LeftOut,
  type LeftOutCode,
  MAX_FILE_BYTES,
  type QuestionFile,
} from "./question-file.ts";
export type { NotWritten, WrittenFile } from "./written-file.ts";

/** gift: Moodle's text. moodle: Moodle's XML. */
export const QUESTION_FORMATS = ["gift", "moodle"] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];

/** Reads any bytes without throwing. Questions with mistakes are named, and the others are read. */
export function readQuestions(format: QuestionFormat, bytes: Uint8Array): QuestionFile {
  if (bytes.length > MAX_FILE_BYTES) return unreadable("file-too-large");
  const text = textOfBytes(bytes);
  if (text === null) return unreadable("not-text");
  return format === "gift" ? readGift(text) : readMoodle(text);
}

/** What the format cannot say is named in `leftOut`. */
export function writeQuestions(format: QuestionFormat, paper: AuthoredPaper): WrittenFile {
  return format === "gift" ? writeGift(paper) : writeMoodle(paper);
}
