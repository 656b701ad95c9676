/** Reads what is needed of the XML in office documents: attributes of elements, and the text between them. Linear in the text's length. */

export type XmlTag = {
  /** With its prefix; with `/` before it for an end tag. */
  readonly name: string;
  readonly attributes: string;
  readonly isEmpty: boolean;
  /** The text behind the tag, up to the next one. */
  readonly text: string;
};

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The tags in order. Comments, instructions and CDATA sections are left out; office programs write no CDATA. */
export function* xmlTags(xml: string): Generator<XmlTag> {
  // A name ends where no sign of it follows: else an open tag of a million signs would be read once for each of them.
  const pattern = /<(\/?[A-Za-z][\w:.-]*)(?![\w:.-])([^<>]*)>([^<]*)/g;
  for (const [, name = "", rest = "", text = ""] of xml.matchAll(pattern)) {
    const isEmpty = rest.endsWith("/");
    yield { name, attributes: isEmpty ? rest.slice(0, -1) : rest, isEmpty, text: unescapeXml(text) };
  }
}

export function attributeOf({ attributes }: Pick<XmlTag, "attributes">, name: string): string | null {
  const pattern = new RegExp(`\\s${name.replace(/[.]/g, "\\.")}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
  const found = pattern.exec(attributes);
  return found ? unescapeXml(found[1] ?? found[2] ?? "") : null;
}

/** Entities of a document type are left as they are. */
function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    const isLoneSurrogate = code >= 0xd800 && code <= 0xdfff;
    return code > 0 && code <= 0x10ffff && !isLoneSurrogate ? String.fromCodePoint(code) : "";
  });
}
