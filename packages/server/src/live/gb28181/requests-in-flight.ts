/** Requests to devices that are answered at once, such as MESSAGE: sent again by UDP until an answer comes (RFC 3261 section 17.1.2). */
import type { Clock } from "../../platform/clock.ts";
import { branchOf, type SipPeer } from "./requests.ts";
import type { SipRequest, SipResponse } from "./sip-message.ts";

const T1_MS = 500;
const MOST_TRIES = 5;
/** By TCP nothing is sent again. */
const TCP_ANSWER_MS = 10_000;

type Flight = { readonly end: (answer: SipResponse | null) => void; cancel: () => void };

export class RequestsInFlight {
  private readonly clock: Clock;
  private readonly byBranch = new Map<string, Flight>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The final answer; null: none has come. */
  send(request: SipRequest, peer: SipPeer, transmit: (request: SipRequest) => void): Promise<SipResponse | null> {
    const branch = branchOf(request) ?? "";
    return new Promise((resolve) => {
      const flight: Flight = {
        end: (answer) => {
          flight.cancel();
          this.byBranch.delete(branch);
          resolve(answer);
        },
        cancel: () => {},
      };
      this.byBranch.set(branch, flight);
      const attempt = (tries: number): void => {
        if (tries > (peer.protocol === "UDP" ? MOST_TRIES : 1)) return flight.end(null);
        transmit(request);
        const ms = peer.protocol === "UDP" ? T1_MS * 2 ** (tries - 1) : TCP_ANSWER_MS;
        flight.cancel = this.clock.after(ms, () => attempt(tries + 1));
      };
      attempt(1);
    });
  }

  /** False: it answers none of these requests. */
  answered(response: SipResponse): boolean {
    const flight = this.byBranch.get(branchOf(response) ?? "");
    if (flight && response.status >= 200) flight.end(response);
    return flight !== undefined;
  }

  close(): void {
    for (const flight of [...this.byBranch.values()]) flight.end(null);
  }
}
