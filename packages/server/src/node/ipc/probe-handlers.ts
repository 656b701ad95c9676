/** Passes what probes ask and tell on to a control process: this node's, or another node's. */
import type { ProbeMessages } from "../../platform/monitoring/probe-messages.ts";
import { askControl, type NodeContext } from "./node-context.ts";

export function probeHandlers(context: NodeContext): ProbeMessages {
  return {
    probeTargets: (of) => askControl(context, "probeTargets", of),
    probeAim: (of) => askControl(context, "probeAim", of),
    probeRun: (run) => askControl(context, "probeRun", run),
  };
}

export function probeNodeHandlers({ control }: NodeContext): ProbeMessages {
  return {
    probeTargets: (of) => control().call("probeTargets", of),
    probeAim: (of) => control().call("probeAim", of),
    probeRun: (run) => control().call("probeRun", run),
  };
}
