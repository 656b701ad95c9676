/** Refuses requests that come too often, and says when the next one is let through. */
import { RefusalError } from "../../../platform/api/server.ts";
import type { Text } from "../../../platform/messages/message.ts";
import type { RateLimit } from "../../../platform/rate-limit.ts";
import { Refusal } from "../../../platform/refusal.ts";

/**
 * Counts a request of each of the keys.
 * @param message null: the text of the code
 * @throws RefusalError too-many, with the seconds until the next request is let through
 */
export function assertRate(limit: RateLimit, keys: readonly string[], message: Text | null = null): void {
  const seconds = limit.take(keys);
  if (seconds > 0) throw new RefusalError(new Refusal("too-many", message).after(seconds));
}
