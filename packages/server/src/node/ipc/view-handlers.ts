/** Passes what viewers tell on to a control process: this node's, or another node's. */
import type { ViewMessages } from "../../platform/views/view-messages.ts";
import { askControl, type NodeContext } from "./node-context.ts";

export function viewHandlers(context: NodeContext): ViewMessages {
  return { views: (batch) => askControl(context, "views", batch) };
}

export function viewNodeHandlers({ control }: NodeContext): ViewMessages {
  return { views: (batch) => control().call("views", batch) };
}
