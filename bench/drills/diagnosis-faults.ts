/** Provides the faults of the drill "why", each made for real, with the place that the verdict must name. */
import type { FaultLocation } from "../../packages/server/src/school/insight/diagnosis/verdict.ts";
import { type DiagnosisLab, EDGE_MBPS, STREAM_KBPS } from "./diagnosis-lab.ts";

export type Fault = {
  readonly name: string;
  readonly place: FaultLocation;
  /** @returns the end of the fault */
  readonly make: (lab: DiagnosisLab) => Promise<() => Promise<void> | void>;
};

const streamMbps = STREAM_KBPS / 1000;
/** More than a home's line, so that the queue holds what is late instead of losing it. */
const LONG_QUEUE_MS = 2000;
/** With 18 % and 25 %, a viewer in five saw nothing of it: what is lost is sent again before players have used up what they keep. */
const LOSS_PERCENT = 32;
/** With 1.8 s, a viewer whose player keeps 2 s saw nothing of it. */
const DELAY_TURN_MS = 3000;
/** Of what the origin, or the page, used before. A share of one processor would say nothing: machines are differently fast, and one stream needs little of any. */
const ORIGIN_SHARE = 0.2;
const PAGE_SHARE = 0.2;
const DOWNLOADS = 8;

export const FAULTS: readonly Fault[] = [
  {
    name: "encoder drops 40 % of its frames",
    place: "uplink",
    make: async (lab) => {
      lab.dropFrames(0.4);
      return () => lab.dropFrames(0);
    },
  },
  {
    name: "uplink throttled to 60 %",
    place: "uplink",
    make: async ({ links }) => {
      links.uplink.setQuality({ rate: streamMbps * 0.6, queue: LONG_QUEUE_MS }, "b");
      return () => links.uplink.setQuality({ rate: 0, queue: 100 }, "b");
    },
  },
  {
    name: "origin's processor given to others",
    place: "origin",
    make: async (lab) => {
      await lab.limitOrigin(ORIGIN_SHARE);
      return () => lab.limitOrigin(null);
    },
  },
  {
    name: `link between servers loses ${LOSS_PERCENT} % of its packets`,
    place: "link",
    make: async ({ links }) => {
      links.relay.setQuality({ loss: LOSS_PERCENT });
      return () => links.relay.setQuality({ loss: 0 });
    },
  },
  {
    name: "link between servers with a delay that changes up to 2.6 s",
    place: "link",
    make: async ({ links }) => {
      let isLong = false;
      const turn = () => {
        isLong = !isLong;
        links.relay.setQuality({ delay: isLong ? 2600 : 200 });
      };
      turn();
      const timer = setInterval(turn, DELAY_TURN_MS);
      return () => {
        clearInterval(timer);
        links.relay.setQuality({ delay: 10 });
      };
    },
  },
  {
    name: "edge's exit full",
    place: "edge",
    make: async (lab) => {
      lab.links.egress.setQuality({ rate: EDGE_MBPS, queue: 300 }, "b");
      const end = lab.download(DOWNLOADS);
      return () => {
        end();
        lab.links.egress.setQuality({ rate: 0, queue: 100 }, "b");
      };
    },
  },
  {
    name: "one viewer throttled to 60 %",
    place: "viewer-line",
    make: async ({ links }) => {
      links.line1.setQuality({ rate: streamMbps * 0.6, queue: LONG_QUEUE_MS }, "b");
      return () => links.line1.setQuality({ rate: 0, queue: 100 }, "b");
    },
  },
  {
    name: `one viewer's device with ${PAGE_SHARE * 100} % of the processor time that the page needs`,
    place: "viewer-device",
    make: async (lab) => {
      const [page] = lab.pages;
      if (!page) throw new Error("there is no page");
      const devtools = await page.context().newCDPSession(page);
      const rate = 1 / (PAGE_SHARE * (await lab.usedByPage(devtools)));
      await devtools.send("Emulation.setCPUThrottlingRate", { rate });
      return async () => {
        await devtools.send("Emulation.setCPUThrottlingRate", { rate: 1 });
        await devtools.detach();
      };
    },
  },
];

export const NO_FAULT: Fault = { name: "no fault", place: "none", make: async () => () => {} };
