/**
 * Reads and writes content packages of QTI (2.1, Integration Guide; IMS Content Packaging 1.1.4): a ZIP file with `imsmanifest.xml`, which lists the items. Also reads an
 * item by itself.
 */
import { strToU8, zipSync } from "fflate";
import type { AuthoredPaper } from "../paper.ts";
import { identifierOf, withQti2Names } from "./qti-names.ts";
import { readItem } from "./qti-read.ts";
import { writeItem } from "./qti-write.ts";
import { QuestionCollector, type QuestionFile, textOfBytes, unreadable } from "./question-file.ts";
import { unzip } from "./unzip.ts";
import { type WrittenFile, writeEach } from "./written-file.ts";
import { descendants, isElement, parseXml } from "./xml.ts";

const MANIFEST = "imsmanifest.xml";
const ZIP_BEGINNING = [0x50, 0x4b, 0x03, 0x04];
/** Of all XML files in a package, unpacked: a package of 4 MiB could unpack to 4 GiB. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;
const MAX_FILES = 2000;
/** The same package for the same paper. */
const FILE_TIME = new Date("2000-01-01T00:00:00");

export function readQti(bytes: Uint8Array): QuestionFile {
  if (ZIP_BEGINNING.every((byte, i) => bytes[i] === byte)) return readPackage(bytes);
  const collector = new QuestionCollector();
  const problem = readFile(collector, bytes);
  return problem ?? collector.read();
}

function readPackage(bytes: Uint8Array): QuestionFile {
  const isWanted = (name: string) => name.toLowerCase().endsWith(".xml");
  const files = unzip(bytes, { isWanted, maxFiles: MAX_FILES, maxBytes: MAX_UNPACKED_BYTES });
  if (files === "damaged") return unreadable("not-well-formed");
  if (files === "too-large") return unreadable("file-too-large");
  const manifest = files.get(MANIFEST);
  const collector = new QuestionCollector();
  const names = manifest ? itemsOf(manifest) : [...files.keys()];
  for (const file of names ?? []) {
    if (collector.isFull) break;
    const content = files.get(file);
    const problem = content ? readFile(collector, content, file) : null;
    if (!content) collector.mistake({ line: null, file, item: null }, "missing-file");
    for (const { line, code } of problem?.mistakes ?? []) collector.mistake({ line, file, item: null }, code);
  }
  return names === null ? unreadable("not-well-formed") : collector.read();
}

/** Files of the resources that are items, in their order; null: the manifest is no XML. */
function itemsOf(manifest: Uint8Array): readonly string[] | null {
  const root = parseXml(textOfBytes(manifest) ?? "");
  if (!isElement(root)) return null;
  return descendants(root, "resource")
    .filter((resource) => /^imsqti_item/.test(resource.attributes.get("type") ?? ""))
    .map((resource) => (resource.attributes.get("href") ?? "").replace(/^\.?\//, ""));
}

/** @returns what makes the file unreadable; null: it was read, or it is no item */
function readFile(collector: QuestionCollector, bytes: Uint8Array, file?: string): QuestionFile | null {
  const text = textOfBytes(bytes);
  if (text === null) return unreadable("not-text");
  const root = parseXml(text.replace(/^\uFEFF/, ""));
  if (!isElement(root)) return unreadable(root.code, root.line);
  const item = withQti2Names(root);
  if (item.name === "assessmentItem") readItem(collector, item, file);
  return null;
}

export function writeQti(paper: AuthoredPaper): WrittenFile {
  const { written, leftOut } = writeEach(paper, writeItem);
  const items = written.map(({ id, text }) => [`items/${id}.xml`, strToU8(text)] as const);
  const manifest = strToU8(manifestOf(written.map(({ id }) => id)));
  const content = zipSync(Object.fromEntries([[MANIFEST, manifest], ...items]), { mtime: FILE_TIME });
  return { content, contentType: "application/zip", extension: "zip", leftOut };
}

function manifestOf(ids: readonly string[]): string {
  const resources = ids.map((id) => {
    const href = `items/${id}.xml`;
    return `<resource identifier="R_${identifierOf(id)}" type="imsqti_item_xmlv2p1" href="${href}"><file href="${href}"/></resource>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="MANIFEST">
<metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>
<organizations/>
<resources>
${resources.join("\n")}
</resources>
</manifest>
`;
}
