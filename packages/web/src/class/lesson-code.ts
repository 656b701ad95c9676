/** Recognises lesson codes and stream names as people type them on the start page. */

const DEFAULT_RTMP_PORT = 1935;
const CODE = /^[2-9A-HJ-NP-Z]{8}$/;
/** The two patterns of the input field. */
export const NAME_PATTERN = "[A-Za-z0-9_\\-]{1,128}";
export const CODE_PATTERN = "[2-9A-HJ-NP-Za-hj-np-z\\- ]{8,12}";

/** The lesson code of an input, which may have small letters, dashes and spaces; null when it is none. */
export function lessonCode(input: string): string | null {
  const code = input.toUpperCase().replace(/[\s-]/g, "");
  return CODE.test(code) ? code : null;
}

export function isStreamName(text: string): boolean {
  return new RegExp(`^${NAME_PATTERN}$`).test(text);
}

/**
 * The addresses of a stream for other players.
 * @param origin of the server; @param rtmpPort null: the usual one; @param media path of HTTP-FLV with its parameters
 */
export function playerAddresses(
  origin: string,
  rtmpPort: number | null,
  name: string,
  media: string,
): readonly (readonly [label: string, address: string])[] {
  const { hostname } = new URL(origin);
  return [
    ["RTMP", `rtmp://${hostname}:${rtmpPort ?? DEFAULT_RTMP_PORT}/live/${name}`],
    ["HTTP-FLV", `${origin}${media}`],
    ["WebSocket-FLV", `${origin.replace(/^http/, "ws")}${media}`],
    ["HLS", `${origin}${media.replace(".flv", ".m3u8")}`],
  ];
}
