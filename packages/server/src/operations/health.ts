/** Answers health checks of load balancers and service managers: `/healthz` while the process lives, `/readyz` while it accepts clients. */

import type { Door } from "../live/http/door.ts";
import { sendRefusal } from "../live/http/responses.ts";
import type { Refusal } from "../platform/refusal.ts";

type Check = "alive" | "ready";

const CHECKS: { readonly [url: string]: Check } = { "/healthz": "alive", "/readyz": "ready" };
const LONGEST = Math.max(...Object.keys(CHECKS).map((url) => url.length));

/**
 * @param process the name of this process, which the answer contains
 * @param refusal why no clients are accepted; null: they are
 */
export function healthDoor(process: string, refusal: () => Refusal | null): Door<Check> {
  return {
    name: "health",
    // A text of a request is expensive as a key, and most are longer.
    match: ({ address: { url } }) => (url.length > LONGEST ? null : (CHECKS[url] ?? null)),
    isWhole: () => true,
    handle: (request, response, status) => {
      const refused = status === "ready" ? refusal() : null;
      if (refused) return sendRefusal(request, response, refused);
      const body = Buffer.from(JSON.stringify({ status, process }));
      response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store", "content-length": body.length });
      if (request.method === "HEAD") response.end();
      else response.end(body);
    },
    close: () => {},
  };
}
