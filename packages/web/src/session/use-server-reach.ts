/** Tells since when the server of the page is not reached, for React. */
import { useSyncExternalStore } from "react";
import { serverReach } from "./server-reach.ts";

/** When the last answer came, milliseconds since 1970; null: the server is reached, and figures are of now. */
export function useServerReach(): number | null {
  return useSyncExternalStore(serverReach.listen, serverReach.unreachableSince);
}
