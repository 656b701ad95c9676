/** Whether the server is there, and whether it takes people: for load balancers and service managers. */
import { type HttpRequest, type HttpResponse, sendRefusal } from "../live/http/answer.ts";
import { Refusal } from "../platform/refusal.ts";

/**
 * Answers a question for health. False when it is another one.
 * @param process the name of this process, which the answer tells
 */
export function answerHealth(request: HttpRequest, response: HttpResponse, process: string, draining: boolean): boolean {
  if (request.url !== "/healthz" && request.url !== "/readyz") return false;
  if (request.url === "/readyz" && draining) sendRefusal(request, response, new Refusal("draining"));
  else {
    const body = Buffer.from(JSON.stringify({ status: request.url === "/healthz" ? "alive" : "ready", process }));
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store", "content-length": body.length });
    if (request.method === "HEAD") response.end();
    else response.end(body);
  }
  return true;
}
