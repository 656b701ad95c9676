/** Passes requests for WebRTC sessions on to the worker that has the session, on this node or another one. */
import { homeOf } from "../../live/webrtc/session-id.ts";
import type { PassedAnswer, SessionCallMessages, SessionNodeMessages, SessionRequest } from "../../live/webrtc/session-messages.ts";
import { workerName } from "../process-names.ts";
import { askNode, type NodeContext } from "./node-context.ts";

const UNKNOWN: PassedAnswer = { refused: "no-such-session" };

export function webRtcHandlers(context: Pick<NodeContext, "cluster" | "here">): SessionCallMessages {
  return {
    webRtcSession: async (request) => {
      const home = homeOf(request.session);
      return home ? await askNode(context, home.node, "webRtcSession", request) : UNKNOWN;
    },
  };
}

export function webRtcNodeHandlers({ workers }: Pick<NodeContext, "workers">): SessionNodeMessages {
  return {
    webRtcSession: async (request: SessionRequest) => {
      const home = homeOf(request.session);
      const worker = home && workers.channel(workerName(home.worker));
      return worker ? await worker.call("webRtcSession", request) : UNKNOWN;
    },
  };
}
