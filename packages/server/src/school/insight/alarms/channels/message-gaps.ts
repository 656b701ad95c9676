/**
 * Decides when a channel gets its next message. The first one goes out after a few seconds, in which alarms with the same cause come together.
 * While there is always more to tell, messages become rarer and longer: a fault that comes and goes all night wakes nobody every minute.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Alarms with the same cause come within this. */
export const SETTLE_MS = 5 * SECOND;
/** Between two messages, by level. */
const GAPS_MS = [30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE] as const;
/** Critical alarms that are new, and do not only come and go, wait no longer than this. */
const CRITICAL_GAP_MS = 5 * MINUTE;
/**
 * The end of what a channel was told of waits no longer than this, unless it only comes and goes: somebody may be up because of it. On the last level,
 * after many messages, it waits with the others.
 */
const ENDED_GAP_MS = MINUTE;
/** The level falls by one in this time. */
const FALL_MS = 30 * MINUTE;
/** After so long without a message, the next one comes at once again. */
const QUIET_MS = 2 * 60 * MINUTE;

export type GapState = { readonly level: number; readonly lastSentAt: number | null };

/** The most urgent thing that a message tells. */
export type Urgency = "ended" | "critical" | "usual";

/** When the next message may be sent, milliseconds since 1970. */
export function nextMessageAt({ level, lastSentAt }: GapState, urgency: Urgency): number {
  return lastSentAt === null ? 0 : lastSentAt + Math.min(gapOf(level), longestGap(level, urgency));
}

function longestGap(level: number, urgency: Urgency): number {
  if (urgency === "critical") return CRITICAL_GAP_MS;
  return urgency === "ended" && level < GAPS_MS.length - 1 ? ENDED_GAP_MS : Number.POSITIVE_INFINITY;
}

/**
 * The level after a message: one higher, and one lower for each half hour without a message. So messages become rarer too where there is something
 * to tell every few minutes, which is seldom beside the gaps of the first levels.
 */
export function levelAfter({ level, lastSentAt }: GapState, now: number): number {
  if (lastSentAt === null || now - lastSentAt > QUIET_MS) return 0;
  const released = Math.max(level - Math.floor((now - lastSentAt) / FALL_MS), 0);
  return Math.min(released + 1, GAPS_MS.length - 1);
}

function gapOf(level: number): number {
  return GAPS_MS[level] ?? GAPS_MS[GAPS_MS.length - 1] ?? QUIET_MS;
}
