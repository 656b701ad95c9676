/**
 * Defines what pages may ask the browser for (Permissions Policy, W3C). Teachers publish from the studio, and students who are called on from the
 * class; candidates are filmed where their examination is supervised, and record their answers; supervisors talk with them; no page needs anything else that a person would be asked for.
 */

export const CAPTURE = ["camera", "microphone", "display-capture"] as const;
export type Capture = (typeof CAPTURE)[number];
const NEVER = ["geolocation", "midi", "usb", "serial", "hid", "payment"] as const;

/** @param captured what the page may use of camera, microphone and screens; frames in it may not */
export function permissionsPolicy(captured: readonly Capture[]): string {
  const capture = CAPTURE.map((name) => `${name}=${captured.includes(name) ? "(self)" : "()"}`);
  return [...capture, ...NEVER.map((name) => `${name}=()`)].join(", ");
}
