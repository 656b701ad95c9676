/**
 * Reads a session description (RFC 8866): its lines as they stand, in a session part and one part for each medium. What the attributes mean is
 * read by `offer.ts` and `fragment.ts`.
 */
import { Malformed } from "@lectern/media";

/** `a=NAME` or `a=NAME:VALUE`; the value of a flag is empty. */
export type Attribute = { readonly name: string; readonly value: string };

export type MediaDescription = {
  /** `audio`, `video`, `application` and others. */
  readonly kind: string;
  /** 0 where the medium is not used (RFC 8843 section 6). */
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly attributes: readonly Attribute[];
};

export type SessionDescription = {
  readonly attributes: readonly Attribute[];
  readonly media: readonly MediaDescription[];
};

/** Of UTF-16 units. An offer of Chromium with every codec has about 6000, and 169 lines. */
export const MAX_DESCRIPTION_LENGTH = 65_536;
const MAX_LINES = 2000;
const MAX_LINE_LENGTH = 4096;
const MAX_MEDIA = 16;
const MAX_FORMATS = 128;

/** @param needsVersion whether the first line must be `v=0`; a fragment (RFC 8840) has none */
export function readDescription(text: string, needsVersion = true): SessionDescription | Malformed {
  if (text.length > MAX_DESCRIPTION_LENGTH) return new Malformed("the description is too long");
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1) === "") lines.pop();
  if (lines.length > MAX_LINES) return new Malformed("the description has too many lines");
  if (needsVersion && lines[0] !== "v=0") return new Malformed("the description does not begin with v=0");
  const session: Attribute[] = [];
  const media: (MediaDescription & { readonly attributes: Attribute[] })[] = [];
  for (const line of lines) {
    if (line.length > MAX_LINE_LENGTH) return new Malformed("a line of the description is too long");
    if (!/^[a-z]=/.test(line)) return new Malformed("a line of the description is not TYPE=VALUE");
    const value = line.slice(2);
    if (line.startsWith("m=")) {
      if (media.length >= MAX_MEDIA) return new Malformed("the description has too many media");
      const medium = readMedium(value);
      if (medium instanceof Malformed) return medium;
      media.push({ ...medium, attributes: [] });
    } else if (line.startsWith("a=")) (media.at(-1)?.attributes ?? session).push(attribute(value));
  }
  return { attributes: session, media };
}

/** The value of the first attribute of a name; null: there is none. */
export function attributeOf(attributes: readonly Attribute[], name: string): string | null {
  return attributes.find((candidate) => candidate.name === name)?.value ?? null;
}

/** The values of all attributes of a name. */
export function attributesOf(attributes: readonly Attribute[], name: string): readonly string[] {
  return attributes.filter((candidate) => candidate.name === name).map(({ value }) => value);
}

/** RFC 8866 section 5.14: `KIND PORT[/COUNT] PROTOCOL FORMAT…` */
function readMedium(value: string): Omit<MediaDescription, "attributes"> | Malformed {
  const [kind = "", port = "", protocol = "", ...formats] = value.split(" ");
  if (!/^[a-z]{1,32}$/.test(kind)) return new Malformed("a medium has no kind");
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return new Malformed("a medium has no port");
  if (protocol === "" || formats.length === 0) return new Malformed("a medium has no formats");
  if (formats.length > MAX_FORMATS) return new Malformed("a medium has too many formats");
  return { kind, port: Number(port), protocol, formats };
}

function attribute(text: string): Attribute {
  const colon = text.indexOf(":");
  return colon < 0 ? { name: text, value: "" } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
}
