/**
 * Finds out what an uploaded file is, by its content; its name says nothing. Looks for what no converter should get: passwords, names that leave a
 * folder, files that unpack to very much, pictures of very many pixels.
 */
import { open } from "node:fs/promises";
import { readFrom } from "../files/disk.ts";
import { COMPOUND_FILE, compoundKind } from "./compound-file.ts";
import { HEAD_BYTES, type ImageFormat, type ImageSize, imageFormat, imageSize } from "./image-size.ts";
import { type OfficeFacts, type OfficeFormat, officeFacts } from "./office-facts.ts";
import { MaterialFailure } from "./problem.ts";
import { ZipFile } from "./zip.ts";

export type Inspected =
  | { readonly kind: "pdf" }
  | ({ readonly kind: "image"; readonly format: ImageFormat } & ImageSize)
  | ({ readonly kind: "office"; readonly format: OfficeFormat } & OfficeFacts);

export type FormatLimits = {
  /** A file of an office program unpacks to at most so much. */
  readonly unpackedBytes: number;
  readonly pixels: number;
};

const ZIP = Buffer.from("PK\x03\x04", "latin1");
/** A PDF may have bytes of a mail program before its head (ISO 32000-1, annex H, implementation note 13). */
const PDF_WITHIN = 1024;
const NOTHING: OfficeFacts = { notes: [], notices: [], fonts: [] };

/** @throws MaterialFailure */
export async function inspect(path: string, limits: FormatLimits): Promise<Inspected> {
  const head = await headOf(path);
  if (head.length === 0) throw new MaterialFailure("nothing-in-it", "an empty file");
  const format = imageFormat(head);
  if (format) return { kind: "image", format, ...checkedSize(head, format, limits) };
  if (head.subarray(0, PDF_WITHIN).includes("%PDF-")) return { kind: "pdf" };
  if (head.subarray(0, COMPOUND_FILE.length).equals(COMPOUND_FILE)) {
    return { kind: "office", format: await compoundKind(path), ...NOTHING };
  }
  if (!head.subarray(0, ZIP.length).equals(ZIP)) throw new MaterialFailure("unsupported", head.toString("hex", 0, 8));
  const zip = await ZipFile.open(path);
  try {
    await zip.check(limits.unpackedBytes);
    return { kind: "office", ...(await officeFacts(zip)) };
  } finally {
    await zip.close();
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    return await readFrom(file, 0, Buffer.alloc(HEAD_BYTES));
  } finally {
    await file.close();
  }
}

function checkedSize(head: Buffer, format: ImageFormat, { pixels }: FormatLimits): ImageSize {
  const size = imageSize(head, format);
  if (!size) throw new MaterialFailure("damaged", `the head of a ${format} file`);
  if (size.width === 0 || size.height === 0) throw new MaterialFailure("nothing-in-it", "no pixels");
  if (size.width * size.height > pixels) throw new MaterialFailure("picture-too-large", `${size.width} × ${size.height}`);
  return size;
}
