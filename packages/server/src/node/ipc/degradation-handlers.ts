/**
 * Keeps in the supervisor what this node does without: what operators have turned off, and what the node has decided by itself, each second, by how
 * pressed its processes and its machine are. Tells its processes each change, and other nodes what it decides.
 */
import {
  type AutomaticDegradation,
  Degradation,
  type DegradationState,
  type DegradationSwitch,
} from "../../contracts/degradation/degradation.ts";
import type {
  DegradationNodeMessages,
  PressureMessages,
  PressureReport,
} from "../../contracts/degradation/degradation-messages.ts";
import { SHEDDABLE_NAMES } from "../../contracts/degradation/sheddable.ts";
import { PressureController } from "../../operations/degradation/pressure-controller.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import type { Alarms } from "./alarm-messages.ts";

/** How full the machine is, in percent. */
export type MachineLoad = { readonly processorPercent: number; readonly memoryPercent: number };

export type DegradationHandlersOptions = {
  readonly self: string;
  readonly config: () => Config["degradation"];
  readonly log: Logger;
  readonly clock: Pick<Clock, "monotonic" | "utc">;
  readonly machine: () => MachineLoad;
  readonly tell: (state: DegradationState) => void;
  readonly tellNodes: (automatic: AutomaticDegradation) => void;
  readonly raise: (open: Alarms) => void;
};

/** A report is of the second before it; a process that is held sends none, and then a large one. */
const REPORT_MS = 2500;
/** A node repeats what it does without so often. */
const REPEAT_MS = 10_000;
/** A node that has not repeated it for so long is gone, or has ended it. */
const FORGET_MS = 30_000;

export class DegradationHandlers {
  /** What this node does without. */
  readonly current = new Degradation();
  private readonly options: DegradationHandlersOptions;
  private readonly reports = new Map<string, { readonly report: PressureReport; readonly at: number }>();
  private readonly others = new Map<string, { readonly automatic: AutomaticDegradation; readonly at: number }>();
  private controller = new PressureController();
  private known: readonly DegradationSwitch[] = [];
  private repeatedAt = 0;

  constructor(options: DegradationHandlersOptions) {
    this.options = options;
  }

  /** What each process of this node is told. */
  get state(): DegradationState {
    return this.current.state;
  }

  handlers(process: string): PressureMessages {
    return {
      pressure: (report) => this.reports.set(process, { report, at: this.options.clock.monotonic() }),
    };
  }

  nodeHandlers(): DegradationNodeMessages {
    return {
      nodeDegraded: ({ node, automatic }) => {
        this.others.set(node, { automatic, at: this.options.clock.monotonic() });
        this.update();
      },
    };
  }

  /** Takes what operators have turned off. */
  takeSwitches(switches: readonly DegradationSwitch[]): void {
    this.known = switches;
    this.update();
  }

  /** To be called each second. */
  poll(): void {
    const { config, clock } = this.options;
    const { automatic, loopDelayMs, storeMs, processorPercent, memoryPercent } = config();
    const before = this.controller.automatic;
    if (automatic) {
      const limits = { "loop-delay": loopDelayMs, database: storeMs, processor: processorPercent, memory: memoryPercent };
      this.controller.decide(this.sample(), limits, clock.utc());
    } else if (before.level > 0) this.controller = new PressureController();
    if (this.controller.automatic !== before) this.changed(before);
    else if (before.level > 0 && clock.monotonic() - this.repeatedAt >= REPEAT_MS) this.tellNodes();
    this.update();
  }

  private sample() {
    const { clock, machine } = this.options;
    const after = clock.monotonic() - REPORT_MS;
    for (const [process, { at }] of this.reports) if (at < after) this.reports.delete(process);
    const reports = [...this.reports.values()].map(({ report }) => report);
    const { processorPercent, memoryPercent } = machine();
    return {
      "loop-delay": Math.max(0, ...reports.map(({ lagMs }) => lagMs)),
      database: Math.max(0, ...reports.map(({ commitMs }) => commitMs)),
      processor: processorPercent,
      memory: memoryPercent,
    };
  }

  private changed(before: AutomaticDegradation): void {
    const { log, raise, self } = this.options;
    const { level, pressure } = this.controller.automatic;
    const off = SHEDDABLE_NAMES.slice(0, level);
    if (level > before.level) log.warn({ what: off.at(-1), pressure, off: off.join(" ") }, "load shedding increased");
    else log.info({ what: SHEDDABLE_NAMES[level], off: off.join(" ") }, "load shedding decreased");
    raise(level === 0 ? [] : [{ code: "load-shed", subject: self, detail: `It does without ${off.join(", ")} (${pressure}).` }]);
    this.tellNodes();
  }

  private tellNodes(): void {
    const { clock, tellNodes } = this.options;
    this.repeatedAt = clock.monotonic();
    tellNodes(this.controller.automatic);
  }

  /** Tells the processes, where something has changed. */
  private update(): void {
    const { clock, tell } = this.options;
    const after = clock.monotonic() - FORGET_MS;
    const now = clock.utc();
    const next: DegradationState = {
      switches: this.known.filter(({ until }) => until === null || until > now),
      automatic: this.controller.automatic,
      nodes: [...this.others].flatMap(([node, { automatic, at }]) =>
        automatic.level > 0 && at >= after ? [{ node, automatic }] : [],
      ),
    };
    if (JSON.stringify(next) === JSON.stringify(this.state)) return;
    this.current.take(next);
    tell(next);
  }
}
