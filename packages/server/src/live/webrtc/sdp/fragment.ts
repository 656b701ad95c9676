/** Reads a fragment of a description that a client sends while a session is open (RFC 8840 section 9, RFC 9725 section 4.3). */
import { Malformed } from "@lectern/media";
import { attributesOf, readDescription } from "./description.ts";
import { readIceCredentials } from "./transport.ts";

export type IceFragment = {
  /** Null where the fragment has no credentials. */
  readonly credentials: { readonly iceUfrag: string; readonly icePwd: string } | null;
  /** Values of `a=candidate`. */
  readonly candidates: readonly string[];
};

const MAX_CANDIDATES = 64;
/** RFC 8839 section 5.1, as far as it is the same for every transport. */
const CANDIDATE = /^[A-Za-z0-9+/]{1,32} \d{1,5} \S{1,8} \d{1,10} \S{1,255} \d{1,5} typ [a-z]+(?: .*)?$/;

export function readFragment(text: string): IceFragment | Malformed {
  const description = readDescription(text, false);
  if (description instanceof Malformed) return description;
  const all = [...description.attributes, ...description.media.flatMap(({ attributes }) => attributes)];
  const credentials = readIceCredentials(all);
  if (credentials instanceof Malformed) return credentials;
  const candidates = attributesOf(all, "candidate");
  if (candidates.length > MAX_CANDIDATES) return new Malformed("the fragment has too many candidates");
  if (!candidates.every((candidate) => CANDIDATE.test(candidate))) return new Malformed("the fragment has a wrong candidate");
  return { credentials, candidates };
}
