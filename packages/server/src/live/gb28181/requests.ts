/** Writes the requests that the server sends to devices, and its answers to theirs: RFC 3261 sections 8.1.1 and 8.2.6. */
import {
  header,
  headersOf,
  parameterOf,
  type SipHeader,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from "./sip-message.ts";

/** How a device is reached. */
export type SipPeer = {
  readonly protocol: "UDP" | "TCP";
  /** Where its messages come from. */
  readonly host: string;
  readonly port: number;
};

/** The server, as one device sees it. */
export type SipSelf = {
  readonly id: string;
  readonly realm: string;
  readonly host: string;
  readonly port: number;
};

export type RequestParts = {
  readonly method: string;
  /** Of the device or its channel. */
  readonly to: string;
  readonly peer: SipPeer;
  readonly self: SipSelf;
  readonly callId: string;
  readonly sequence: number;
  readonly fromTag: string;
  readonly toTag: string | null;
  readonly branch: string;
  readonly headers?: readonly SipHeader[];
  readonly body?: Uint8Array;
};

const USER_AGENT = "Lectern";
const NO_BODY = new Uint8Array(0);
const REASONS: { readonly [status: number]: string } = {
  200: "OK",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  405: "Method Not Allowed",
  481: "Call/Transaction Does Not Exist",
  503: "Service Unavailable",
};

export function writeRequest(parts: RequestParts): SipRequest {
  const { method, to, peer, self, callId, sequence, fromTag, toTag, branch, headers = [], body = NO_BODY } = parts;
  return {
    kind: "request",
    method,
    uri: `sip:${to}@${inUri(peer.host)}:${peer.port}`,
    headers: [
      { name: "via", value: `SIP/2.0/${peer.protocol} ${inUri(self.host)}:${self.port};rport;branch=${branch}` },
      { name: "from", value: `<sip:${self.id}@${self.realm}>;tag=${fromTag}` },
      { name: "to", value: `<sip:${to}@${self.realm}>${toTag === null ? "" : `;tag=${toTag}`}` },
      { name: "call-id", value: callId },
      { name: "cseq", value: `${sequence} ${method}` },
      { name: "contact", value: `<sip:${self.id}@${inUri(self.host)}:${self.port}>` },
      { name: "max-forwards", value: "70" },
      { name: "user-agent", value: USER_AGENT },
      ...headers,
    ],
    body,
  };
}

/**
 * The answer to a request: it goes back to where the request came from, whatever `Via` says, because cameras behind routers do not know their address.
 * @param toTag of a request that has none
 */
export function answerTo(
  request: SipRequest,
  status: number,
  { peer, toTag, headers = [] }: { readonly peer: SipPeer; readonly toTag: string; readonly headers?: readonly SipHeader[] },
): SipResponse {
  const [via = "", ...further] = headersOf(request, "via");
  const to = header(request, "to") ?? "";
  const copied = ["from", "call-id", "cseq"].map((name) => ({ name, value: header(request, name) ?? "" }));
  return {
    kind: "response",
    status,
    reason: REASONS[status] ?? "",
    headers: [
      { name: "via", value: withSource(via, peer) },
      ...further.map((value) => ({ name: "via", value })),
      ...copied,
      { name: "to", value: parameterOf(to, "tag") === null ? `${to};tag=${toTag}` : to },
      { name: "user-agent", value: USER_AGENT },
      ...headers,
    ],
    body: NO_BODY,
  };
}

/** The branch of the topmost `Via`, which names the transaction. */
export function branchOf(message: SipMessage): string | null {
  return parameterOf(header(message, "via"), "branch");
}

/** RFC 3581: where the request came from, also for cameras that do not ask for it. */
function withSource(via: string, { host, port }: SipPeer): string {
  const plain = via.replace(/;\s*(?:rport|received)(?:\s*=\s*[^;,\s]*)?/gi, "");
  return `${plain};rport=${port};received=${host}`;
}

function inUri(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
