/**
 * Serves ACME challenges for automatic certificates: RFC 8555 section 8.3. An ACME client writes them below the data directory, as for any web
 * server (`certbot certonly --webroot -w DATA/acme`), and the certificate authority reads them here, without TLS.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Door } from "../../live/http/door.ts";
import type { MediaRequest, MediaResponse } from "../../live/http/media-request.ts";
import { sendRefusal } from "../../live/http/responses.ts";
import { Refusal } from "../../platform/refusal.ts";

const CHALLENGES = "/.well-known/acme-challenge/";
/** Section 8.3: base64url, so nothing that could leave the folder. */
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;

export type AcmeDoorOptions = {
  readonly dataDir: string;
  /** Passes the request on to a node that may have the challenge. False when there is none. */
  readonly passOn: (request: MediaRequest, response: MediaResponse) => boolean;
};

export function acmeDoor({ dataDir, passOn }: AcmeDoorOptions): Door<string> {
  return {
    name: "acme",
    match: ({ address: { path } }) => (path.startsWith(CHALLENGES) ? path.slice(CHALLENGES.length) : null),
    handle: (request, response, token) => {
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (!isRead || !TOKEN.test(token)) return sendRefusal(request, response, new Refusal("not-found"));
      readFile(join(dataDir, "acme", CHALLENGES, token)).then(
        (proof) => {
          response.writeHead(200, { "content-type": "application/octet-stream", "content-length": proof.length });
          if (request.method === "HEAD") response.end();
          else response.end(proof);
        },
        () => {
          // The authority may ask any node that the host name resolves to.
          if (!passOn(request, response)) sendRefusal(request, response, new Refusal("not-found"));
        },
      );
    },
    close: () => {},
  };
}
