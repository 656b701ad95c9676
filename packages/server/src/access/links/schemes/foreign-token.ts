/**
 * Takes the links of other systems from a request: the query parameters of their schemes, and the signature that two of Aliyun's schemes put
 * before the path. Nothing is verified here (`verify-foreign-link.ts`).
 */

/** The parameters of all schemes. `expires` is nginx's only beside `md5`, and otherwise that of our own links. */
const PARAMETERS = ["_upt", "auth_key", "txSecret", "txTime", "md5", "expires", "KEY1", "KEY2"] as const;
/** A request with one of these has a link. */
const SIGNATURES = ["_upt", "auth_key", "txSecret", "md5", "KEY1"] as const;
type LinkParameter = (typeof PARAMETERS)[number];

/** What stood before the path of the stream. */
export type SignedPrefix = {
  readonly scheme: "aliyun-b" | "aliyun-c";
  /** As it was sent: `YYYYMMDDHHMM` of type B, Unix seconds in 8 hexadecimal digits of type C. */
  readonly time: string;
  /** As it was sent: 32 hexadecimal digits. */
  readonly signature: string;
};

export type ForeignToken = {
  readonly parameters: Readonly<Partial<Record<LinkParameter, string>>>;
  readonly prefix: SignedPrefix | null;
};

const TYPE_B = /^\/(\d{12})\/([0-9a-fA-F]{32})(\/[^/]+\/.+)$/;
const TYPE_C = /^\/([0-9a-fA-F]{32})\/([0-9a-fA-F]{8})(\/[^/]+\/.+)$/;

/** The link of another system in a request; null where it has none. @param prefix of the path, where one was taken off */
export function foreignTokenOf(query: URLSearchParams, prefix: SignedPrefix | null): ForeignToken | null {
  if (prefix === null && !SIGNATURES.some((name) => query.has(name))) return null;
  const sent = PARAMETERS.flatMap((name) => {
    const value = query.get(name);
    return value === null ? [] : [[name, value]];
  });
  return { parameters: Object.fromEntries(sent), prefix };
}

/**
 * Takes the signature of Aliyun's types B and C off a path: of `/201508150800/MD5/live/math.flv`, `/live/math.flv` is left. Null where
 * a path has none. The path is neither decoded nor normalised.
 */
export function splitSignedPath(pathname: string): { readonly pathname: string; readonly token: SignedPrefix } | null {
  const [, minute, signatureB, restB] = TYPE_B.exec(pathname) ?? [];
  if (minute && signatureB && restB) return { pathname: restB, token: { scheme: "aliyun-b", time: minute, signature: signatureB } };
  const [, signatureC, time, restC] = TYPE_C.exec(pathname) ?? [];
  return time && signatureC && restC ? { pathname: restC, token: { scheme: "aliyun-c", time, signature: signatureC } } : null;
}
