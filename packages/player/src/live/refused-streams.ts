/** Lets the page get what the server wants of a browser, such as a clearance, when it refuses a stream. */

/** True: what the server wants is there now, and the player tries again. @param url of the refused stream */
type OnRefused = (url: string) => Promise<boolean>;

let onRefused: OnRefused | null = null;

/** Sets what the players of this page do when the server refuses a stream. Default: they show that. */
export function handleRefusedStreams(handle: OnRefused): void {
  onRefused = handle;
}

/** Whether a refused stream should be tried again. Never rejects. */
export async function mayTryAgain(url: string): Promise<boolean> {
  try {
    return onRefused !== null && (await onRefused(url.replace(/^ws/, "http")));
  } catch {
    return false;
  }
}
