/** Checks the addresses of sources and forwards, and recognizes those that came back as they were shown. */
import { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";

const MAX_LENGTH = 2000;
/** What stands for a secret in a shown address. */
const COVER = "***";
const PULLED = ["rtmp:", "rtmps:", "http:", "https:", "srt:", "rtsp:", "udp:", "file:", "gb28181:"];
const PUSHED = ["rtmp:", "rtmps:", "srt:"];
/** A device, and one of its channels. */
const CAMERA = /^gb28181:\/\/\d{20}\/\d{20}$/i;
/** These address a host and port, or a file, and nothing on it. */
const WITHOUT_PATH = ["http:", "https:", "srt:", "rtsp:", "udp:"];

/** An address that a channel is pulled from. */
export const sourceAddress = z
  .string()
  .max(MAX_LENGTH, fieldText.key("too-long"))
  .refine(isSourceAddress, fieldText.key("source-address"));
/** An address that a stream is sent on to. */
export const forwardAddress = z
  .string()
  .max(MAX_LENGTH, fieldText.key("too-long"))
  .refine(isForwardAddress, fieldText.key("forward-address"));

export function isSourceAddress(address: string): boolean {
  const url = urlOf(address, PULLED);
  if (!url) return false;
  if (url.protocol === "gb28181:") return CAMERA.test(address);
  return url.protocol === "file:" ? isFile(address) : isReachable(url);
}

export function isForwardAddress(address: string): boolean {
  const url = urlOf(address, PUSHED);
  return url !== null && isReachable(url) && !isListener(address);
}

/** Whether an address is for operators: it reads this machine or its networks without a connection to somebody else. */
export function isForOperators(address: string): boolean {
  return /^(?:file|udp):/i.test(address) || isListener(address);
}

/**
 * Addresses as a request has them, where one that is as it was shown is the stored one.
 * @param show how an address is shown
 * @returns the addresses, or the index of one whose secret is covered and that is none of the stored ones
 */
export function withStored(
  sent: readonly string[],
  stored: readonly string[],
  show: (address: string) => string = shownAddress,
): readonly string[] | { readonly covered: number } {
  const whole = sent.map((address, i) => {
    const samePlace = stored[i];
    if (samePlace !== undefined && show(samePlace) === address) return samePlace;
    return stored.find((one) => show(one) === address) ?? address;
  });
  const covered = whole.findIndex((address) => address.includes(COVER) && !stored.includes(address));
  return covered === -1 ? whole : { covered };
}

/** An address came with its secret covered, and is not as it was shown. @param field of the body */
export function coveredAddress(field: string): RefusalError {
  const mistake = fieldText("covered-address");
  const message = platformText("field-mistake", { where: platformText("in-body"), field, mistake });
  return new RefusalError("bad-request", message, [{ path: field, message: mistake }]);
}

/** The address of a forward without its secrets. Many services take the key as the last part of the path. */
export function shownForward(address: string): string {
  return shownAddress(address.replace(/^(rtmps?:\/\/[^?#]*\/)[^/?#]+\/*(?:#[^?]*)?(\?.*)?$/i, `$1${COVER}$2`));
}

function urlOf(address: string, schemes: readonly string[]): URL | null {
  // URL would drop white space and control characters silently.
  if (/[\s\p{Cc}]/u.test(address) || !URL.canParse(address)) return null;
  const url = new URL(address);
  return schemes.includes(url.protocol) ? url : null;
}

/** A name below the folder of `sources.files`. */
function isFile(address: string): boolean {
  const path = address.slice("file:".length);
  return /[^/]$/.test(path) && !decoded(path).split(/[/\\]/).includes("..");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isReachable({ protocol, hostname, port, pathname }: URL): boolean {
  if (hostname === "") return false;
  if ((protocol === "srt:" || protocol === "udp:") && port === "") return false;
  return WITHOUT_PATH.includes(protocol) || pathname.length > 1;
}

/** SRT that waits for the other side, instead of calling it. A `#` ends no query here: stream ids begin with one. */
function isListener(address: string): boolean {
  if (!/^srt:/i.test(address)) return false;
  const parameters = address.split("?").slice(1).join("?").split("&").map(decoded);
  return parameters.some((parameter) => parameter.startsWith("mode=") && parameter !== "mode=caller");
}
