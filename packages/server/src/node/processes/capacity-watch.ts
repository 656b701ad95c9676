/**
 * Decides every few seconds how many nodes are wanted, for the API and the metrics. The leader tells the webhooks of the platform when that changes
 * (`capacity.wanted`).
 */
import { type SizedNode, type WantedGroup, WantedNodes } from "../../network/scaling/wanted-nodes.ts";
import type { CapacityReport } from "../../operations/capacity-routes.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Logger } from "../../platform/log.ts";
import { PeriodicWork } from "../../platform/periodic-work.ts";
import type { SchoolService } from "../../school/school.ts";

const DECIDE_MS = 5000;
/** The timetable is asked at every so many decisions. */
const DECISIONS_OF_TIMETABLE = 3;

const NOBODY = { people: 0, lessons: 0 } as const;

export type CapacityWatchOptions = {
  readonly config: () => Config;
  readonly log: Logger;
  readonly school: Pick<SchoolService, "expectedPeople" | "announceCapacity" | "isLeader">;
  /** All nodes of the cluster. */
  readonly members: () => readonly SizedNode[];
};

export class CapacityWatch {
  private readonly options: CapacityWatchOptions;
  private readonly decision: WantedNodes;
  private readonly work: PeriodicWork;
  private turn = 0;
  private latest: CapacityReport;
  /** What webhooks were told last, by role and region. */
  private readonly announced = new Map<string, number>();

  constructor(options: CapacityWatchOptions) {
    this.options = options;
    this.decision = new WantedNodes(() => options.config().scaling);
    this.latest = this.decide(NOBODY);
    this.work = new PeriodicWork({
      everyMs: DECIDE_MS,
      work: () => this.next(),
      log: options.log,
      failure: "wanted nodes not announced, trying again",
    });
    this.work.start();
  }

  get report(): CapacityReport {
    return this.latest;
  }

  async close(): Promise<void> {
    await this.work.close();
  }

  private async next(): Promise<void> {
    const isDue = this.turn++ % DECISIONS_OF_TIMETABLE === 0;
    this.latest = this.decide(isDue ? await this.expected() : this.latest.expected);
    await this.announce(this.latest.groups);
  }

  private async expected(): Promise<CapacityReport["expected"]> {
    const { config, school, members } = this.options;
    const { leadMinutes, groups } = config().scaling;
    // Nobody wants a second machine beside a node that is alone, unless the configuration says so.
    if (members().length < 2 && groups.length === 0) return NOBODY;
    // What was expected holds while the database is unreachable: nodes have to come then, too.
    return await school.expectedPeople(leadMinutes * 60_000).catch(() => this.latest.expected);
  }

  private decide(expected: CapacityReport["expected"]): CapacityReport {
    const { config, members } = this.options;
    const { people } = expected;
    const groups = this.decision.take(systemClock.monotonic(), members(), { people, mbps: config().dispatch.viewerMbps });
    return { decidedAt: systemClock.utc(), expected, groups };
  }

  private async announce(groups: readonly WantedGroup[]): Promise<void> {
    const { config, school } = this.options;
    // Of others nobody has said that something should grow or shrink them.
    const named = groups.filter((of) =>
      config().scaling.groups.some(({ role, region }) => role === of.role && region === of.region),
    );
    // A process that becomes the leader goes on where the one before has ended; at the first start, what differs from what is there is news.
    const told = ({ role, region, nodes }: WantedGroup) => this.announced.get(`${role} ${region}`) ?? nodes;
    const changed = school.isLeader() ? named.filter((group) => group.wanted !== told(group)) : [];
    if (changed.length > 0) await school.announceCapacity(changed);
    for (const { role, region, wanted } of named) this.announced.set(`${role} ${region}`, wanted);
  }
}
