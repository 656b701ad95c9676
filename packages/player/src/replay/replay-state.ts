/** The state of `<lectern-replay>`. */
export type ReplayState = "connecting" | "playing" | "paused" | "reconnecting" | "ended" | "failed";
