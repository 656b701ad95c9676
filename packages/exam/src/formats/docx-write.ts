/** Writes a Word document (.docx: ECMA-376 parts 1 and 2) of plain paragraphs in the styles that the template needs. */
import { strToU8, zipSync } from "fflate";
import { escaped } from "./html-text.ts";

export type WrittenParagraph = { readonly style: "title" | "heading" | "question" | "line" | "note"; readonly text: string };

export const DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
/** The same file for the same paper. */
const FILE_TIME = new Date("2000-01-01T00:00:00");

const STYLE_IDS = { title: "Title", heading: "Heading1", question: "Question", line: null, note: "Note" } as const;

const CONTENT_TYPES = `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${DOCX_TYPE}.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`;
const RELATIONSHIPS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>`;
const DOCUMENT_RELATIONSHIPS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`;

/** Sizes are half points, spaces twentieths of a point. */
const STYLES = `${XML}<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="SimSun"/><w:sz w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="60"/></w:pPr></w:pPrDefault></w:docDefaults>
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="36"/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="360"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Question"><w:name w:val="Question"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:customStyle="1" w:styleId="Note"><w:name w:val="Note"/><w:basedOn w:val="Normal"/><w:rPr><w:color w:val="595959"/></w:rPr></w:style>
</w:styles>`;

export function writeDocx(paragraphs: readonly WrittenParagraph[]): Uint8Array {
  const body = paragraphs.map(paragraphXml).join("\n");
  const files = {
    "[Content_Types].xml": CONTENT_TYPES,
    "_rels/.rels": RELATIONSHIPS,
    "word/document.xml": `${XML}<w:document xmlns:w="${WORD}"><w:body>\n${body}\n<w:sectPr/></w:body></w:document>`,
    "word/styles.xml": STYLES,
    "word/_rels/document.xml.rels": DOCUMENT_RELATIONSHIPS,
  };
  const packed = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  return zipSync(Object.fromEntries(packed), { mtime: FILE_TIME });
}

/** A line break of the text is one of the paragraph. */
function paragraphXml({ style, text }: WrittenParagraph): string {
  const id = STYLE_IDS[style];
  const properties = id === null ? "" : `<w:pPr><w:pStyle w:val="${id}"/></w:pPr>`;
  const lines = text.split(/\r\n?|\n/).map((line) => `<w:t xml:space="preserve">${escaped(line)}</w:t>`);
  return `<w:p>${properties}<w:r>${lines.join("<w:br/>")}</w:r></w:p>`;
}
