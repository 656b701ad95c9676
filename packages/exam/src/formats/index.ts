/** Opens files of questions: reads and writes what other programs have. It loads parsers, so pages do not. */
import type { AuthoredPaper } from "../paper.ts";
import { readGift } from "./gift-read.ts";
import { writeGift } from "./gift-write.ts";
import { readMoodle } from "./moodle-read.ts";
import { writeMoodle } from "./moodle-write.ts";
import { readQti, writeQti } from "./qti-package.ts";
import { MAX_FILE_BYTES, type QuestionFile, textOfBytes, unreadable } from "./question-file.ts";
import { readWord } from "./word-read.ts";
import type { WordLanguage } from "./word-words.ts";
import { writeWord } from "./word-write.ts";
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
export { wordTemplate } from "./word-template.ts";
export { WORD_LANGUAGES, type WordLanguage } from "./word-words.ts";
export type { NotWritten, WrittenFile } from "./written-file.ts";

/** gift: Moodle's text. moodle: Moodle's XML. qti: IMS QTI 2.1, 2.2 and 3.0, an item or a package; 2.1 is written. word: .docx by a template. */
export const QUESTION_FORMATS = ["gift", "moodle", "qti", "word"] as const;
export type QuestionFormat = (typeof QUESTION_FORMATS)[number];

/** Reads any bytes without throwing. Questions with mistakes are named, and the others are read. */
export function readQuestions(format: QuestionFormat, bytes: Uint8Array): QuestionFile {
  if (bytes.length > MAX_FILE_BYTES) return unreadable("file-too-large");
  if (format === "qti") return readQti(bytes);
  if (format === "word") return readWord(bytes);
  const text = textOfBytes(bytes);
  if (text === null) return unreadable("not-text");
  return format === "gift" ? readGift(text) : readMoodle(text);
}

/** What the format cannot say is named in `leftOut`. @param language of the words of a Word document */
export function writeQuestions(format: QuestionFormat, paper: AuthoredPaper, language: WordLanguage): WrittenFile {
  if (format === "qti") return writeQti(paper);
  if (format === "word") return writeWord(paper, language);
  return format === "gift" ? writeGift(paper) : writeMoodle(paper);
}
