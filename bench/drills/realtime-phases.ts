/** Provides the phases of the drill "realtime": what is done to the lines of teacher and student, and what is promised meanwhile. */
import { type Seen, type SentSeen, sentAfter, shownAfter } from "./realtime-judgement.ts";
import { type End, GOOD_LINE, MAX_KBPS, type RealtimeLab } from "./realtime-lab.ts";
import { audioAfterVideo } from "./realtime-sound.ts";

export type Phase = {
  readonly name: string;
  /** Also with `--quick`. */
  readonly quick: boolean;
  readonly seconds: number;
  /** How the student's page watches, if the phase opens it again. */
  readonly query?: string;
  readonly begin: (lab: RealtimeLab) => void;
  readonly end: (lab: RealtimeLab) => void;
  readonly limits: { readonly p50?: number; readonly p99?: number; readonly stoodMs: number };
  /** What else is promised: what was seen of it, and whether it held. */
  readonly also?: (seen: SentSeen) => { readonly text: string; readonly held: boolean };
};

const SECONDS = 20;
const STOOD_MS = 2000;
const LATE_MS = 1000;
/** Of the link itself, which has 5 ms already. */
const LONG = { delay: 100, jitter: 30 } as const;
const NARROW_KBPS = 400;
const IN_SYNC_MS = 60;
const FOLLOWS_MS = 5000;
/** The browser's estimate grows by some per cent in a second. */
const RECOVERS_MS = 20_000;
const VIEWER_FALLS_MS = 4000;
const PUBLISHER_FALLS_MS = 6000;
const GONE_MS = 3000;
const BACK_MS = 3000;
const nothing = (): void => {};

const onGoodLine = (name: string, quick: boolean, query: string, limits: Phase["limits"]): Phase => ({
  name,
  quick,
  seconds: SECONDS,
  query,
  begin: nothing,
  end: nothing,
  limits,
  also: ({ frames, heard, from, to }) => {
    const ms = audioAfterVideo(heard, frames, from, to);
    return { text: ms === null ? "no sound" : `sound ${ms} ms after the picture`, held: ms !== null && Math.abs(ms) <= IN_SYNC_MS };
  },
});

const spoiled = (end: End, name: string, quick: boolean, quality: { loss?: number; delay?: number; jitter?: number }): Phase => ({
  name: `${name} on the ${end}'s line`,
  quick,
  seconds: SECONDS,
  begin: ({ links }) => links[end].setQuality(quality),
  end: ({ links }) => links[end].setQuality(GOOD_LINE),
  limits: { p99: LATE_MS, stoodMs: STOOD_MS },
});

const lossy = spoiled("teacher", "10 % loss", true, { loss: 10 });

/** Each lost packet of sound is a hole, for which browsers that watch by FLV make no room. */
const lossByFlv: Phase = {
  ...onGoodLine("FLV, 10 % loss on the teacher's line", false, "protocol=flv", { p99: 2500, stoodMs: STOOD_MS }),
  begin: lossy.begin,
  end: lossy.end,
};

const gone = (end: End): Phase => ({
  name: `no network for ${GONE_MS / 1000} s at the ${end}'s`,
  quick: end === "teacher",
  seconds: 12,
  begin: ({ links }) => {
    links[end].cut();
    setTimeout(() => links[end].restore(), GONE_MS);
  },
  end: nothing,
  limits: { stoodMs: GONE_MS + BACK_MS },
});

const narrow: Phase = {
  name: `${NARROW_KBPS} kbps from the teacher`,
  quick: true,
  seconds: 20,
  begin: ({ links }) => links.teacher.setQuality({ rate: NARROW_KBPS / 1000, queue: 500 }, "b"),
  end: ({ links }) => links.teacher.setQuality(GOOD_LINE),
  limits: { p99: LATE_MS, stoodMs: STOOD_MS },
  also: ({ figures, from, to }) => {
    const ms = sentAfter(figures, from, to, ({ kbps }) => kbps !== null && kbps <= NARROW_KBPS);
    return { text: `at most ${NARROW_KBPS} kbps are sent after ${told(ms)}`, held: ms !== null && ms <= FOLLOWS_MS };
  },
};

const wideAgain: Phase = {
  name: "the teacher's line is free again",
  quick: true,
  seconds: 22,
  begin: nothing,
  end: nothing,
  limits: { p99: LATE_MS, stoodMs: STOOD_MS },
  also: ({ figures, from, to, baselineKbps }) => {
    const wanted = Math.min(MAX_KBPS, baselineKbps) * 0.75;
    const ms = sentAfter(figures, from, to, ({ kbps }) => kbps !== null && kbps >= wanted);
    return {
      text: `${Math.round(wanted)} kbps, three quarters of before, after ${told(ms)}`,
      held: ms !== null && ms <= RECOVERS_MS,
    };
  },
};

const studentBlocked: Phase = {
  name: "UDP blocked at the student's",
  quick: true,
  seconds: 15,
  begin: (lab) => lab.blockUdp("student"),
  end: (lab) => lab.letUdpPass("student"),
  limits: { stoodMs: VIEWER_FALLS_MS },
  also: ({ frames, from }) => {
    const ms = shownAfter(frames, "flv", from);
    return { text: `FLV after ${told(ms)}`, held: ms !== null && ms <= VIEWER_FALLS_MS };
  },
};

const studentFree: Phase = {
  name: "UDP passes again at the student's",
  quick: true,
  seconds: 25,
  begin: nothing,
  end: nothing,
  limits: { stoodMs: STOOD_MS },
  also: ({ frames, from }) => {
    const ms = shownAfter(frames, "whep", from);
    return { text: `WHEP after ${told(ms)}`, held: ms !== null };
  },
};

const teacherBlocked: Phase = {
  name: "UDP blocked at the teacher's",
  quick: true,
  seconds: 20,
  begin: (lab) => lab.blockUdp("teacher"),
  end: nothing,
  limits: { stoodMs: PUBLISHER_FALLS_MS },
  also: ({ figures, from, to }) => {
    const ms = sentAfter(figures, from, to, ({ way, phase }) => way === "websocket" && phase === "live");
    return { text: `live by WebSocket after ${told(ms)}`, held: ms !== null && ms <= PUBLISHER_FALLS_MS };
  },
};

/** One after the other; the last leaves the teacher without UDP. */
export const PHASES: readonly Phase[] = [
  onGoodLine("LL-HLS", false, "protocol=hls", { p99: 3000, stoodMs: STOOD_MS }),
  onGoodLine("FLV", false, "protocol=flv", { p99: 1500, stoodMs: STOOD_MS }),
  onGoodLine("FLV low", false, "protocol=flv&latency=low", { p99: 700, stoodMs: STOOD_MS }),
  lossByFlv,
  onGoodLine("WHEP", true, "latency=realtime", { p50: 300, p99: 600, stoodMs: STOOD_MS }),
  spoiled("teacher", "5 % loss", false, { loss: 5 }),
  lossy,
  spoiled("student", "5 % loss", false, { loss: 5 }),
  spoiled("student", "10 % loss", true, { loss: 10 }),
  spoiled("teacher", "100 ms and up to 30 ms more", true, LONG),
  spoiled("student", "100 ms and up to 30 ms more", false, LONG),
  narrow,
  wideAgain,
  gone("teacher"),
  gone("student"),
  studentBlocked,
  studentFree,
  teacherBlocked,
];

function told(ms: number | null): string {
  return ms === null ? "never" : `${(ms / 1000).toFixed(1)} s`;
}

/** @returns whether the limits of a phase were kept */
export function isWithin({ p50, p99, stoodMs }: Seen, limits: Phase["limits"]): boolean {
  return (p50 ?? 0) <= (limits.p50 ?? Infinity) && (p99 ?? 0) <= (limits.p99 ?? Infinity) && stoodMs <= limits.stoodMs;
}
