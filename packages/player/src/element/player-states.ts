/** Defines what the players are doing. */

/** Of `<lectern-player>`. */
export type PlayerState = "idle" | "connecting" | "live" | "reconnecting" | "paused" | "failed";

/** Of `<lectern-replay>`. */
export type ReplayState = "connecting" | "playing" | "paused" | "reconnecting" | "ended" | "failed";
