/**
 * Makes office documents for tests with LibreOffice itself, from flat OpenDocument files that are written here. Each is kept in .cache under a hash of
 * what it is made from.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const CACHE = join(import.meta.dirname, "../.cache/office");

export type Slide = { readonly text: string; readonly notes?: string };
export type OfficeFormat = "pptx" | "ppt" | "odp" | "docx" | "doc" | "odt";

const NAMESPACES = [
  ["office", "office"],
  ["text", "text"],
  ["draw", "drawing"],
  ["presentation", "presentation"],
  ["style", "style"],
].map(([prefix, name]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`);
const COMPATIBLE = [
  ["svg", "svg-compatible"],
  ["fo", "xsl-fo-compatible"],
].map(([prefix, name]) => `xmlns:${prefix}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`);

/** A presentation of 16:9. @param font named for all of its text */
export async function presentation(slides: readonly Slide[], format: OfficeFormat, font?: string): Promise<Buffer> {
  const pages = slides.map(
    ({ text, notes }, i) => `<draw:page draw:name="page${i + 1}" draw:master-page-name="Default">
      <draw:frame draw:style-name="gr" svg:width="22cm" svg:height="3cm" svg:x="2cm" svg:y="4cm"><draw:text-box>
        <text:p><text:span text:style-name="T1">${text}</text:span></text:p></draw:text-box></draw:frame>
      ${notes === undefined ? "" : `<presentation:notes><draw:frame presentation:class="notes" svg:width="15cm" svg:height="10cm" svg:x="2cm" svg:y="14cm"><draw:text-box><text:p>${notes}</text:p></draw:text-box></draw:frame></presentation:notes>`}
    </draw:page>`,
  );
  const face = font === undefined ? "" : `fo:font-family="${font}"`;
  const styles = `<office:automatic-styles>
    <style:page-layout style:name="PM"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm"/></style:page-layout>
    <style:style style:name="T1" style:family="text"><style:text-properties fo:font-size="32pt" ${face}/></style:style>
  </office:automatic-styles>
  <office:master-styles><style:master-page style:name="Default" style:page-layout-name="PM"/></office:master-styles>`;
  return await convert(flat("presentation", styles, pages.join("")), "fodp", format);
}

export async function textDocument(paragraphs: readonly string[], format: OfficeFormat): Promise<Buffer> {
  const text = paragraphs.map((paragraph) => `<text:p>${paragraph}</text:p>`).join("");
  return await convert(flat("text", "", text), "fodt", format);
}

/** A PDF of one page that cannot be opened without its password. */
export async function protectedPdf(password: string): Promise<Buffer> {
  const options = {
    EncryptFile: { type: "boolean", value: "true" },
    DocumentOpenPassword: { type: "string", value: password },
  };
  return await convert(flat("text", "", "<text:p>Secret</text:p>"), "fodt", `pdf:writer_pdf_Export:${JSON.stringify(options)}`);
}

function flat(kind: "presentation" | "text", styles: string, body: string): string {
  const spaces = [...NAMESPACES, ...COMPATIBLE].join(" ");
  return `<?xml version="1.0" encoding="UTF-8"?>
<office:document ${spaces} office:mimetype="application/vnd.oasis.opendocument.${kind}" office:version="1.2">${styles}<office:body><office:${kind}>${body}</office:${kind}></office:body></office:document>`;
}

async function convert(xml: string, from: string, to: string): Promise<Buffer> {
  const hash = createHash("sha256").update([from, to, xml].join("\0")).digest("hex").slice(0, 20);
  const kept = join(CACHE, hash);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    // Another process may make the same.
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, await convertAnew(xml, from, to));
    renameSync(own, kept);
  }
  return readFileSync(kept);
}

async function convertAnew(xml: string, from: string, to: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-office-"));
  try {
    writeFileSync(join(folder, `file.${from}`), xml);
    const profile = `-env:UserInstallation=file://${folder}/profile`;
    await promisify(execFile)("soffice", [
      profile,
      "--headless",
      "--convert-to",
      to,
      "--outdir",
      folder,
      join(folder, `file.${from}`),
    ]);
    return readFileSync(join(folder, `file.${to.split(":")[0]}`));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
