/** Replaces passwords, tokens, keys and other secrets in a request that is shown or copied. */

const SECRET_FIELD = /password|secret|token|current|credential|^passkey$|^key$|Key$|^code$|recoveryCode/i;
/** Parameters of signed addresses, besides. */
const SECRET_PARAMETER = /^(?:auth|hdnts|jwt|pass|policy|pwd|sid|sig|sign|signature|ticket|user|username)$|Signature$/i;
/** The part of an address after which a secret stands. */
const SECRET_SEGMENT = /\/(password-resets|calendars|invitations)\/[^/?#]+/g;
const HIDDEN = "…";
/** Their secrets are anywhere: the key of RTMP ends the path, SRT has it in its parameters. */
const MEDIA_ADDRESS = /^(?:rtmps?|srt|rtsp|udp):/i;

/** The body as it may be shown. A body that is not JSON, such as an imported file, is left out as a whole. */
export function bodyWithoutSecrets(body: string): string {
  if (body === "") return "";
  try {
    return JSON.stringify(withoutSecrets(JSON.parse(body)));
  } catch {
    return HIDDEN;
  }
}

export function urlWithoutSecrets(url: string): string {
  const address = new URL(url);
  for (const name of [...address.searchParams.keys()])
    if (SECRET_FIELD.test(name) || SECRET_PARAMETER.test(name)) address.searchParams.set(name, HIDDEN);
  return decodeHidden(withoutUserInfo(address).href.replace(SECRET_SEGMENT, `/$1/${HIDDEN}`));
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === "string" && MEDIA_ADDRESS.test(value)) return mediaWithoutSecrets(value);
  if (typeof value === "string")
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value) ? urlWithoutSecrets(value) : value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_FIELD.test(name) && inner !== null && typeof inner !== "boolean" ? HIDDEN : withoutSecrets(inner),
    ]),
  );
}

/** Not by the parts of a URL: stream ids of SRT begin with `#` and are seldom escaped. */
function mediaWithoutSecrets(address: string): string {
  return address
    .replace(/^([a-z]+:\/\/)[^/?#]*@/i, `$1${HIDDEN}@`)
    .replace(/^(rtmps?:\/\/[^?#]*\/)[^/?#]+/i, `$1${HIDDEN}`)
    .replace(/[?#].*$/s, `?${HIDDEN}`);
}

function withoutUserInfo(address: URL): URL {
  if (address.username === "" && address.password === "") return address;
  const copy = new URL(address);
  copy.username = HIDDEN;
  copy.password = "";
  return copy;
}

function decodeHidden(url: string): string {
  return url.replaceAll(encodeURIComponent(HIDDEN), HIDDEN);
}
