/** Collects the open alarms of workers and nodes, and sends them to the control process. */

import type { JobReport } from "../../contracts/jobs/job-report.ts";
import { SKEW_MS } from "../../network/clock-offset.ts";
import type { Member } from "../../network/membership.ts";
import { systemClock } from "../../platform/clock.ts";
import type { OpenAlarm } from "../../school/school.ts";
import { jobAlarms } from "../cluster/job-alarms.ts";
import type { AlarmMessages, AlarmNodeMessages, Alarms } from "./alarm-messages.ts";
import type { NodeContext } from "./node-context.ts";

/** In the place of a process, for the alarms of jobs. */
const JOBS = "jobs";
/** In the place of a process, for what the node does without. */
const LOAD = "load";

export class AlarmHandlers {
  private readonly context: NodeContext;
  private readonly workers = new Map<string, Alarms>();
  private sentNodeAlarms = "";
  private sentJobAlarms = "[]";

  constructor(context: NodeContext) {
    this.context = context;
  }

  /** @param process the child process that sends the messages */
  handlers(process: string): AlarmMessages {
    const { cluster } = this.context;
    return {
      alarms: (open) => {
        this.workers.set(process, open);
        this.send();
      },
      alarmsOf: (open) => {
        const node = cluster.controlNode();
        if (node !== null) cluster.tell(node, "alarmsOf", { node: cluster.self, open });
      },
    };
  }

  nodeHandlers(): AlarmNodeMessages {
    return { alarmsOf: (of) => this.context.control().tell("alarmsOf", of) };
  }

  /** All open alarms of the workers. */
  get open(): Alarms {
    return [...this.workers.values()].flat();
  }

  /** Sends the alarms of this node's jobs when they have changed. */
  ofJobs(jobs: readonly JobReport[]): void {
    const open = jobAlarms(jobs, systemClock.utc());
    const text = JSON.stringify(open);
    if (text === this.sentJobAlarms) return;
    this.sentJobAlarms = text;
    this.workers.set(JOBS, open);
    this.send();
  }

  /** Sends the alarm of what this node does without. */
  ofLoad(open: Alarms): void {
    this.workers.set(LOAD, open);
    this.send();
  }

  workerGone(name: string): void {
    this.workers.delete(name);
    this.send();
  }

  /** Sends alarms about nodes when they have changed. */
  checkNodes(members: readonly Member[]): void {
    const open = nodeAlarms(members);
    const text = JSON.stringify(open);
    if (text !== this.sentNodeAlarms) this.context.control().tell("alarmsOf", { node: "", open });
    this.sentNodeAlarms = text;
  }

  private send(): void {
    this.context.control().tell("alarms", this.open);
  }
}

/** A node that was draining before it went was stopped on purpose, and raises no alarm. */
function nodeAlarms(members: readonly Member[]): Alarms {
  return members.flatMap(({ id, state, draining, clockErrorMs }): OpenAlarm[] => {
    if (state === "gone") return draining ? [] : [{ code: "node-gone", subject: id, detail: "It has not been heard for 3 s." }];
    if (Math.abs(clockErrorMs) <= SKEW_MS) return [];
    return [{ code: "clock-skew", subject: id, detail: `It is ${Math.round(clockErrorMs / 1000)} s off.` }];
  });
}
