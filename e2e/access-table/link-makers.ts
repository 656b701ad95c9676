/** Makes the links of the table: those of this server, and those of every other scheme. */
import { FOREIGN_SCHEMES } from "../../packages/server/src/access/links/schemes/scheme-list.ts";
import { type LinkClaims, signLink } from "../../packages/server/src/access/links/signed-link.ts";
import type { Sign, Signed, Target } from "./row.ts";

export const OWN_SECRET = "link-secret-of-the-table";
export const OTHER_SECRET = "secret of the other CDN";

export const NOW = Math.floor(Date.now() / 1000);
export const SOON = NOW + 3600;

/** A link of this server. @param over what differs from a good link */
export function own(over: Partial<LinkClaims> = {}, secret = OWN_SECRET): Sign {
  return ({ app, name }) => ({ query: signLink({ app, name, expires: SOON, ...over }, secret).toString() });
}

export type Scheme = keyof typeof FOREIGN_SCHEMES;
export const SCHEMES = Object.keys(FOREIGN_SCHEMES) as readonly Scheme[];

export type ForeignOptions = {
  readonly ip?: string;
  /** Unix seconds. */
  readonly time?: number;
  readonly secret?: string;
  /** Behind the name that is signed. */
  readonly extension?: string;
  /** Another one than asked for. */
  readonly name?: string;
};

/** A link of another system. */
export function foreign(scheme: Scheme, { ip, time = SOON, secret = OTHER_SECRET, extension, name }: ForeignOptions = {}): Sign {
  return (target) => {
    const ending = extension ?? (target.app === "vod" ? ".m3u8" : ".flv");
    const path = `/${target.app}/${name ?? target.name}${ending}`;
    const { query, prefix } = FOREIGN_SCHEMES[scheme].sign({ path, ip: ip ?? null }, time, secret);
    return { query: new URLSearchParams(query).toString(), prefix };
  };
}

/** A link with one character changed, by its place in what was signed. @param alter gives another link */
export function altered(sign: Sign, alter: (signed: Signed) => Signed): Sign {
  return (target: Target) => alter(sign(target));
}

/** Another character of the same kind: a digit for a digit, a letter for a letter. */
export function otherCharacter(character: string): string {
  if (/\d/.test(character)) return character === "9" ? "0" : String(Number(character) + 1);
  const next = String.fromCharCode(character.charCodeAt(0) + 1);
  return /[a-z]/i.test(next) && character !== "f" && character !== "F" ? next : character === character.toUpperCase() ? "A" : "a";
}

/** The parameter's value with the character at a place changed. */
export function alterAt(name: string, at: number): (signed: Signed) => Signed {
  return ({ query, prefix = "" }) => {
    const parameters = new URLSearchParams(query);
    const value = parameters.get(name) ?? "";
    parameters.set(name, value.slice(0, at) + otherCharacter(value.charAt(at)) + value.slice(at + 1));
    return { query: parameters.toString(), prefix };
  };
}

/** The prefix of the path with the character at a place changed. */
export function alterPrefixAt(at: number): (signed: Signed) => Signed {
  return ({ query, prefix = "" }) => ({
    query,
    prefix: prefix.slice(0, at) + otherCharacter(prefix.charAt(at)) + prefix.slice(at + 1),
  });
}
