/** Names the conditions that need attention. */
export const ALARM_CODES = [
  "recording-stopped",
  "storage-away",
  "quota-reached",
  "node-gone",
  "clock-skew",
  "rung-dropped",
  "ladder-refused",
  "ladder-failed",
  "source-away",
  "forward-away",
] as const;
export type AlarmCode = (typeof ALARM_CODES)[number];
