/**
 * Defines what pages may ask the browser for (Permissions Policy, W3C). Teachers publish from the studio, and students who are called on from the
 * class; candidates are filmed where their examination is supervised, and record their answers; no page needs anything else that a person would be asked for.
 */

const CAPTURE = ["camera", "microphone", "display-capture"] as const;
const NEVER = ["geolocation", "midi", "usb", "serial", "hid", "payment"] as const;

/** @param mayCapture whether the page may use camera, microphone and screens; frames in it may not */
export function permissionsPolicy(mayCapture: boolean): string {
  const capture = CAPTURE.map((name) => `${name}=${mayCapture ? "(self)" : "()"}`);
  return [...capture, ...NEVER.map((name) => `${name}=()`)].join(", ");
}
