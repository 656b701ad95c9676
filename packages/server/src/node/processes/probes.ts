/** Starts a node's probes, where it has the role: in the control process, or in that of node services. */
import type { Registry } from "prom-client";
import { type ProbeReport, type ProbeTask, probeReport } from "../../contracts/monitoring/probe-report.ts";
import { hasRole, type Member } from "../../network/membership.ts";
import { probeMetrics } from "../../operations/probe/probe-metrics.ts";
import { ProbeRunner } from "../../operations/probe/probe-runner.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import { runProgram } from "../../platform/jobs/run-process.ts";
import type { Logger } from "../../platform/log.ts";
import { entryFile } from "../../platform/program.ts";
import type { RpcChannel } from "../../platform/rpc-channel.ts";
import { nodeId } from "../cluster/node-identity.ts";
import type { AskControl } from "../ipc/control-questions.ts";
import type { SupervisorMethods } from "../ipc/messages.ts";

/** Beside the time that it watches: the start of the program, the steps before the media, and the decoder's end. */
const SPARE_MS = 45_000;
const MAX_REPORT_BYTES = 64 * 1024;

export type ProbesOptions = {
  readonly config: Config;
  readonly log: Logger;
  readonly supervisor: RpcChannel<SupervisorMethods>;
  readonly ask: AskControl;
  readonly registry: Registry;
};

/** Returns the function that ends them. */
export function startProbes({ config, log, supervisor, ask, registry }: ProbesOptions): () => void {
  if (!hasRole(config, "probe")) return () => {};
  const node = nodeId(config);
  const runner = new ProbeRunner({
    node,
    log,
    clock: systemClock,
    targets: () => ask("probeTargets", null),
    aim: (of) => ask("probeAim", of),
    tell: (run) => ask("probeRun", run),
    originOf: async (via) => originOf(await supervisor.call("nodes", undefined), via, node),
    run: (task) => runProbe(task, log),
    onReport: probeMetrics(registry),
  });
  runner.start();
  return () => runner.close();
}

/** Of a node, or of one with the role dispatch: this one, if it has it. */
function originOf(members: readonly Member[], via: string | null, self: string): string | null {
  if (via !== null) return members.find(({ id }) => id === via)?.http ?? null;
  const dispatchers = members.filter((member) => member.state === "up" && hasRole(member, "dispatch"));
  return (dispatchers.find(({ id }) => id === self) ?? dispatchers[0])?.http ?? null;
}

/** The task has a signed link, so it goes to the standard input, which no other user of the machine can read. */
async function runProbe(task: ProbeTask, log: Logger): Promise<ProbeReport | null> {
  const { output, stderr, stopped } = await runProgram({
    command: process.execPath,
    args: [entryFile("main"), "probe", "-", "--json"],
    input: Buffer.from(JSON.stringify(task)),
    withinMs: task.seconds * 1000 + SPARE_MS,
    maxBytes: MAX_REPORT_BYTES,
  });
  if (output) return probeReport.parse(JSON.parse(output.toString()));
  log.warn({ reason: stopped ?? stderr }, "probe did not run");
  return null;
}
