/** Makes PDF files for tests (ISO 32000-1, 7.5): as small as they can be, with what a test says in them. */

export type PdfOptions = {
  /** In points. */
  readonly width?: number;
  readonly height?: number;
  /** Further keys of the catalog. */
  readonly catalog?: string;
  /** Further objects, from number 4 + 2 × pages on. */
  readonly objects?: readonly string[];
  /** Further keys of the first page. */
  readonly firstPage?: string;
  /** Content of each page, in place of its text. */
  readonly content?: string;
  readonly rotate?: number;
};

/** A page for each text, in Helvetica. */
export function pdfOf(texts: readonly string[], options: PdfOptions = {}): Buffer {
  const { width = 800, height = 450, catalog = "", objects: further = [], firstPage = "", rotate = 0 } = options;
  const pageOf = (i: number) => 4 + 2 * i;
  const kids = texts.map((_, i) => `${pageOf(i)} 0 R`).join(" ");
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${texts.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...texts.flatMap((text, i) => {
      const content = options.content ?? `BT /F1 36 Tf 60 ${Math.round(height / 2)} Td (${text.replace(/[()\\]/g, "\\$&")}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} /Resources << /Font << /F1 3 0 R >> >> ` +
          `/Contents ${pageOf(i) + 1} 0 R ${i === 0 ? firstPage : ""} >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
    ...further,
  ];
  let text = "%PDF-1.7\n";
  const places = objects.map((object, i) => {
    const place = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return place;
  });
  const start = text.length;
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}
