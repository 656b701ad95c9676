/**
 * Provides the XML that GB/T 28181 writes: elements, text and character references. Attributes are left out, since nothing stands in them that is
 * needed.
 *
 * A reader of its own and not a library: there are no document types, no entities and no namespaces here to be attacked by, and cameras write what
 * strict parsers refuse, such as a bare `&` in a name.
 */

export type XmlElement = { readonly name: string; readonly text: string; readonly children: readonly XmlElement[] };
type Open = { name: string; text: string; children: XmlElement[] };

const MAX_DEPTH = 16;
const MAX_ELEMENTS = 20_000;
const NAMED: { readonly [name: string]: string } = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The root element; null: there is none, or it is not closed. */
export function readXml(text: string): XmlElement | null {
  const stack: Open[] = [];
  let count = 0;
  let at = 0;
  for (;;) {
    const open = text.indexOf("<", at);
    if (open === -1) return null;
    const parent = stack.at(-1);
    if (parent) parent.text += text.slice(at, open);
    if (text.startsWith("<![CDATA[", open)) {
      const end = text.indexOf("]]>", open);
      if (end === -1) return null;
      if (parent) parent.text += escaped(text.slice(open + 9, end));
      at = end + 3;
      continue;
    }
    const end = text.startsWith("<!--", open) ? text.indexOf("-->", open) + 2 : text.indexOf(">", open);
    if (end <= open) return null;
    const tag = text.slice(open + 1, end);
    at = end + 1;
    if (tag.startsWith("?") || tag.startsWith("!")) continue;
    if (tag.startsWith("/")) {
      const closed = stack.pop();
      if (!closed || closed.name !== tag.slice(1).trim()) return null;
      const element = { ...closed, text: unescaped(closed.text).trim() };
      const around = stack.at(-1);
      if (!around) return element;
      around.children.push(element);
      continue;
    }
    const name = /^[^\s/>]+/.exec(tag)?.[0];
    if (name === undefined || ++count > MAX_ELEMENTS || stack.length >= MAX_DEPTH) return null;
    if (!tag.endsWith("/")) stack.push({ name, text: "", children: [] });
    else if (parent) parent.children.push({ name, text: "", children: [] });
    else return { name, text: "", children: [] };
  }
}

/** The text of a child element; empty where there is none. */
export function childText({ children }: XmlElement, name: string): string {
  return children.find((child) => child.name === name)?.text ?? "";
}

function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return NAMED[String(name)] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}

/** Text of a section whose signs mean nothing, so that it can be read like other text. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;");
}
