/** Covers the secrets in an address, for logs, reports and API answers. The rest of the text stays as it was written. */

const COVER = "***";
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]+)@/i;
/**
 * Names of parameters whose values are secrets: those of SRT, of cameras, and of signed addresses of object storage, nginx and CDNs (Upyun `_upt`,
 * Aliyun `auth_key` and `KEY1`, Tencent `txSecret`, Wangsu `wsSecret`, Akamai `hdnts`, Baidu `md5hash`).
 */
const SECRET_NAME =
  /token|secret|auth|credential|passphrase|passcode|streamid|accesskey|hash|^_up[a-z]$|^hdn[a-z]+$|(?:key\d?|md5|hmac|digest|sign|signature|sig|pass|password|passwd|pwd|psw|user|username|jwt|policy|ticket|session|sessionid|sid)$/i;
/** The signature in a path beside its time: Aliyun's types B and C, lighttpd's mod_secdownload. */
const SIGNED_PATH = /(?<=\/\d{12}\/)[\da-f]{32}(?=\/)|(?<=\/)[\da-f]{32}(?=\/[\da-f]{8}\/)/gi;
/** A parameter without a name is a token when it is as long as one. */
const TOKEN_LENGTH = 16;
/** Shorter ones would cover words that have nothing to do with them. */
const LEAST_SECRET = 3;

/** An address with `***` for the user with the password, and for the values of parameters that are secrets. */
export function shownAddress(url: string): string {
  const [address, query] = splitQuery(url.replace(USER_INFO, `$1${COVER}@`));
  const path = address.replace(SIGNED_PATH, COVER);
  if (query === undefined) return path;
  return `${path}?${query.split("&").map(shownParameter).join("&")}`;
}

/** Gives a function that covers the secrets of an address wherever they stand in a text, such as what a program writes to its standard error. */
export function secretCover(url: string): (text: string) => string {
  const secrets = secretsOf(url).sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((covered, secret) => covered.replaceAll(secret, COVER), text);
}

/** A fragment counts as a part of the query: stream ids of SRT begin with `#!::`, and are seldom escaped. */
function splitQuery(url: string): readonly [string, string?] {
  const at = url.indexOf("?");
  return at === -1 ? [url] : [url.slice(0, at), url.slice(at + 1)];
}

function shownParameter(parameter: string): string {
  const at = parameter.indexOf("=");
  if (at === -1) return parameter.length > TOKEN_LENGTH ? COVER : parameter;
  return isSecret(parameter.slice(0, at)) ? `${parameter.slice(0, at)}=${COVER}` : parameter;
}

function isSecret(name: string): boolean {
  return SECRET_NAME.test(decoded(name));
}

function secretsOf(url: string): string[] {
  const [, , user = ""] = USER_INFO.exec(url) ?? [];
  const password = user.slice(user.indexOf(":") + 1);
  const [address, query = ""] = splitQuery(url);
  const parameters = query.split("&").flatMap((parameter) => {
    const at = parameter.indexOf("=");
    if (at === -1) return parameter.length > TOKEN_LENGTH ? [parameter] : [];
    return isSecret(parameter.slice(0, at)) ? [parameter.slice(at + 1)] : [];
  });
  const written = [user, password, ...(address.match(SIGNED_PATH) ?? []), ...parameters].filter((secret) => secret !== "");
  return [...written, ...written.map(decoded)].filter((secret) => secret.length >= LEAST_SECRET);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
