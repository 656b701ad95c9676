/** Provides the HTTP requests of a WHIP client: RFC 9725. */
import { iceServersOf } from "@lectern/media";
import { type Failure, failure, networkFailure, refusedFailure } from "../supervise/failure.ts";

export type WhipSession = {
  /** The answer to the offer, SDP. */
  readonly answer: string;
  /** Where it is changed and ended. */
  readonly resource: string;
  readonly iceServers: RTCIceServer[];
};

const SDP = "application/sdp";
const FRAGMENT = "application/trickle-ice-sdpfrag";
const POST_MS = 6000;
const RESTART_MS = 2500;
/** The server has no WHIP, or nothing in common with this browser: the other way may do. */
const OTHER_WAY = {
  statuses: [405, 406, 415, 422, 501],
  codes: ["not-found", "no-common-codec", "bad-offer", "full", "switched-off"],
};

/** Opens a session. */
export async function postOffer(address: string, key: string, offer: string, signal: AbortSignal): Promise<WhipSession | Failure> {
  const response = await ask(address, { method: "POST", headers: headersOf(key, SDP), body: offer }, POST_MS, signal);
  if (!(response instanceof Response)) return response;
  if (response.status !== 201) return await refusalOf(response);
  const location = response.headers.get("location");
  if (location === null) return failure("bad-answer", "The server did not say where the session is.", "way");
  const answer = await response.text();
  return { answer, resource: new URL(location, address).href, iceServers: iceServersOf(response.headers.get("link")) };
}

/**
 * Restarts ICE with a whole offer, which is answered by a whole answer: the server may continue on another transport, which a fragment could not
 * describe.
 */
export async function patchOffer(resource: string, key: string, offer: string, signal: AbortSignal): Promise<string | Failure> {
  const headers = { ...headersOf(key, SDP), "if-match": "*" };
  const response = await ask(resource, { method: "PATCH", headers, body: offer }, RESTART_MS, signal);
  if (!(response instanceof Response)) return response;
  return response.status === 200 ? await response.text() : await refusalOf(response);
}

/** Tells the server candidates. It can do without: it learns them from the checks of ICE. */
export function patchCandidates(resource: string, key: string, fragment: string, signal: AbortSignal): void {
  const request = { method: "PATCH", headers: headersOf(key, FRAGMENT), body: fragment };
  void ask(resource, request, RESTART_MS, signal);
}

/** Ends a session, also while the page goes away. */
export function deleteSession(resource: string, key: string): void {
  void fetch(resource, { method: "DELETE", headers: { authorization: `Bearer ${key}` }, keepalive: true }).catch(() => {});
}

function headersOf(key: string, type: string): Record<string, string> {
  return { authorization: `Bearer ${key}`, "content-type": type };
}

async function ask(address: string, request: RequestInit, withinMs: number, signal: AbortSignal): Promise<Response | Failure> {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
  } catch (error) {
    return networkFailure(String(error));
  }
}

/** Problem details: RFC 9457. */
async function refusalOf(response: Response): Promise<Failure> {
  const problem: unknown = await response.json().catch(() => null);
  const { code = "refused", detail = `HTTP ${response.status}` } = Object(problem);
  const { statuses, codes } = OTHER_WAY;
  if (statuses.includes(response.status) || codes.includes(String(code))) return failure(String(code), String(detail), "way");
  const seconds = Number(response.headers.get("retry-after") ?? 0);
  return refusedFailure(response.status, String(code), String(detail), seconds > 0 ? seconds * 1000 : null);
}
