/** Tells what a file of questions is, and reads where the server found mistakes in it. */

export const FILE_FORMATS = ["word", "gift", "moodle", "qti"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** What a file dialog offers. */
export const FILE_TYPES = ".docx,.txt,.gift,.xml,.zip";

const HEAD_LETTERS = 4000;
const QTI = /<(?:\w+:)?(?:assessmentItem|qti-assessment-item|manifest)\b/;

/** By what it begins with: Moodle, and programs that write QTI, both name their files `.xml`. @param head its beginning @returns null: it is none of them */
export function formatOf(name: string, head: string): FileFormat | null {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase();
  const text = head.slice(0, HEAD_LETTERS);
  // A ZIP file (APPNOTE.TXT 4.3.7) is a package of QTI, or what Word writes.
  if (text.startsWith("PK\u0003\u0004")) return extension === "docx" ? "word" : "qti";
  if (/<quiz\b/.test(text)) return "moodle";
  if (QTI.test(text)) return "qti";
  return extension === "gift" || extension === "txt" ? "gift" : null;
}

/** Where a mistake is. Each field that is not known is empty. */
export type Place = {
  /** In a package. */
  readonly file: string;
  readonly line: string;
  /** The question's number or title, as the file has it. */
  readonly item: string;
  /** Of the question, such as `question.options.0.text`. */
  readonly part: string;
};

const PLACE =
  /^(?:(?<file>[^\s(\d]\S*)(?: |$))?(?<line>\d+)?(?: ?\((?<item>.*)\))?(?: ?(?<part>(?:question|solution|explanation)\S*))?$/s;

/** @param path as the API names it: `items/a.xml 12 (Q3) solution.right` */
export function placeOf(path: string): Place {
  const { file = "", line = "", item = "", part = "" } = PLACE.exec(path)?.groups ?? { item: path };
  // What looks like a file alone is the part of a question.
  return line === "" && item === "" && /^(?:question|solution)\b/.test(file)
    ? { file: "", line, item, part: file }
    : { file, line, item, part };
}
