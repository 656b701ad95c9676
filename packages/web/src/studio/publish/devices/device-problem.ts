/** Names why a device cannot be opened, so that the page can say in plain words what to do in this browser. */

/**
 * - `denied`: the person, or a setting of the browser, does not allow it.
 * - `denied-by-system`: the operating system does not allow it to the browser.
 * - `in-use`: another program has it.
 * - `none`: there is no such device.
 * - `cancelled`: the person closed the choice of a screen.
 * - `insecure`: browsers open devices on pages over HTTPS only.
 * - `unsupported`: the browser cannot do it.
 * - `failed`: anything else.
 */
export type DeviceProblem = "denied" | "denied-by-system" | "in-use" | "none" | "cancelled" | "insecure" | "unsupported" | "failed";

/** @param error of `getUserMedia` or `getDisplayMedia` */
export function deviceProblem(error: unknown, asked: "device" | "screen" = "device"): DeviceProblem {
  const { name, message } = namesOf(error);
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
    case "SecurityError":
      if (/system/i.test(message)) return "denied-by-system";
      return asked === "screen" ? "cancelled" : "denied";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "in-use";
    case "NotSupportedError":
    case "TypeError":
      return "unsupported";
    default:
      return "failed";
  }
}

function namesOf(error: unknown): { readonly name: string; readonly message: string } {
  const { name, message } = (typeof error === "object" && error !== null ? error : {}) as { name?: unknown; message?: unknown };
  return { name: String(name ?? ""), message: String(message ?? "") };
}

/** Browsers whose settings for devices are in different places. */
export const BROWSERS = ["wechat", "safari-phone", "safari", "firefox", "edge", "chrome-phone", "chrome", "other"] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** @param userAgent as the browser sends it @param touchPoints tells an iPad from a Mac, which name themselves alike */
export function browserOf(userAgent: string, touchPoints = 0): BrowserName {
  if (/MicroMessenger/i.test(userAgent)) return "wechat";
  const isApple = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
  if (isApple) return "safari-phone";
  if (/Firefox\//.test(userAgent)) return "firefox";
  if (/Edg(?:A|iOS)?\//.test(userAgent)) return "edge";
  if (/Chrome\//.test(userAgent)) return /Android/.test(userAgent) ? "chrome-phone" : "chrome";
  return /Safari\//.test(userAgent) ? "safari" : "other";
}
