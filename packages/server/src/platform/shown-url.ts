/** Covers the secrets in an address, for logs, reports and API answers. The rest of the text stays as it was written. */

const COVER = "***";
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]+)@/i;
/** Names of parameters whose values are secrets: those of SRT, of signed addresses of CDNs and object storage, and of cameras. */
const SECRET_NAME =
  /token|secret|auth|credential|passphrase|streamid|hdnts|(?:key|sign|signature|sig|pass|password|passwd|pwd|user|username|jwt|policy|ticket|session|sessionid|sid)$/i;
/** A parameter without a name is a token when it is as long as one. */
const TOKEN_LENGTH = 16;
/** Shorter ones would cover words that have nothing to do with them. */
const LEAST_SECRET = 3;

/** An address with `***` for the user with the password, and for the values of parameters that are secrets. */
export function shownAddress(url: string): string {
  const [address = "", query] = splitQuery(url.replace(USER_INFO, `$1${COVER}@`));
  if (query === undefined) return address;
  return `${address}?${query.split("&").map(shownParameter).join("&")}`;
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
  const parameters = (splitQuery(url)[1] ?? "").split("&").flatMap((parameter) => {
    const at = parameter.indexOf("=");
    if (at === -1) return parameter.length > TOKEN_LENGTH ? [parameter] : [];
    return isSecret(parameter.slice(0, at)) ? [parameter.slice(at + 1)] : [];
  });
  const written = [user, password, ...parameters].filter((secret) => secret !== "");
  return [...written, ...written.map(decoded)].filter((secret) => secret.length >= LEAST_SECRET);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
