/** Has the made-up sound of a browser's pages sent as it is: to take echoes and noise out of it is half of what a person costs. */
import type { Browser } from "playwright-core";

export function withPlainMicrophone(browser: Browser): Browser {
  return browser.on("context", (context) => void context.addInitScript(usePlainMicrophone));
}

/** Runs in a page. */
function usePlainMicrophone(): void {
  // Only a page with a secure address has devices.
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) return;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const plain = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  mediaDevices.getUserMedia = ({ audio, ...others } = {}) =>
    open(audio ? { ...others, audio: { ...(typeof audio === "object" ? audio : {}), ...plain } } : others);
}
