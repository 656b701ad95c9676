/** Defines what a publisher is told, what it tells, and what can be done with it. */

/** How picture and sound travel: by WebRTC (WHIP, RFC 9725), or as FLV tags in a WebSocket where UDP does not pass. */
export type Way = "whip" | "websocket";

/**
 * - `connecting`: nothing has been published yet.
 * - `live`: the server has the stream.
 * - `reconnecting`: it was live, and comes back by itself.
 * - `refused`: the server or the browser does not allow it; it is over, and `reason` says why.
 * - `closed`: `close` was called.
 */
export type PublisherPhase = "connecting" | "live" | "reconnecting" | "refused" | "closed";

/**
 * Why a publisher is not live. `code` is the server's (`bad-key`, `publisher-present`, `full`, …: docs/errors.md), or one of the browser's own:
 * `network`: the server cannot be reached; `no-encoder`: the browser can neither WebRTC nor encode H.264; `no-tracks`: the stream has no track;
 * `revoked`: the server took the permission away.
 */
export type PublisherProblem = { readonly code: string; readonly detail: string };

export type PublisherState = {
  readonly phase: PublisherPhase;
  /** Null: none was chosen yet. */
  readonly way: Way | null;
  /** Null while it is live, and before anything went wrong. */
  readonly reason: PublisherProblem | null;
};

/** Each null where it is not known (yet). */
export type PublisherStatistics = {
  readonly way: Way | null;
  /** What was sent during the last seconds, kilobits per second. */
  readonly kbps: number | null;
  /** What the encoder of the picture is told to aim at, kilobits per second. */
  readonly targetKbps: number | null;
  /** Pictures sent per second. */
  readonly fps: number | null;
  /** Of the pictures that are sent, pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly rttMs: number | null;
  /** Packets that the server missed, percent; null by WebSocket. */
  readonly lossPercent: number | null;
  /** How long what is encoded now waits before it reaches the server, milliseconds; null by WHIP. */
  readonly queueMs: number | null;
  /** Pictures since the beginning that were not sent, because the uplink was too slow. */
  readonly droppedFrames: number;
  /** Of the sound that is sent: 0 (silence) to 1 (full scale), root mean square. */
  readonly audioLevel: number | null;
};

/**
 * - `main`: publishes, unless another publisher is live (`publisher-present`).
 * - `standby`: waits while another publisher is live, and publishes when it is gone.
 * - `takeover`: publishes, and ends the other publisher.
 */
export type PublisherRole = "main" | "standby" | "takeover";

/** What the picture has at most, however much the camera and the uplink give. */
export type VideoLimits = {
  /** Kilobits per second. Null: by its size, 2500 for 1280×720. */
  readonly maxKbps: number | null;
  /** Of its shorter side, pixels: 720 for 1280×720, and for 720×1280. Null: as captured. */
  readonly maxLines: number | null;
  /** Pictures per second. Null: as captured. */
  readonly maxFps: number | null;
};

export type PublisherOptions = {
  /** The stream's address: `https://HOST/APP/NAME`. */
  readonly address: string;
  /** Its publish key. */
  readonly key: string;
  /** Picture, sound or both. The publisher does not stop its tracks. */
  readonly stream: MediaStream;
  /** Default `auto`: WHIP, and by WebSocket where UDP does not pass. */
  readonly prefer?: "auto" | Way;
  /** Beside another publisher of the stream, such as OBS. Default `main`. A reconnect of a `takeover` is one of `main`. */
  readonly role?: PublisherRole;
  /** The picture's bitrate at most, kilobits per second. Default: by its size, 2500 for 1280×720. `setLimits` changes it. */
  readonly maxKbps?: number;
  /** Of the picture's shorter side, pixels. Default: as captured. */
  readonly maxLines?: number;
  /** Pictures per second. Default: as captured. */
  readonly maxFps?: number;
  /** Between key frames by WebSocket, seconds; by WHIP, the server asks for them. Fewer of them leave more of a small bitrate to the others. Default: 2. */
  readonly keyFrameSeconds?: number;
  /** What the picture shows, which decides what suffers when the uplink is slow: `motion` loses sharpness, `detail` (screens) pictures per second. Default: the track's `contentHint`. */
  readonly content?: "motion" | "detail";
  /** Called with each change. */
  readonly onState?: (state: PublisherState) => void;
};

export type Publisher = {
  readonly state: PublisherState;
  /** Publishes other tracks from now on, without a reconnect where the kinds of tracks are the same. Rejects when it is closed. */
  replaceStream(stream: MediaStream): Promise<void>;
  /** A muted microphone sends silence, a muted picture black. */
  setMuted(kind: "audio" | "video", muted: boolean): void;
  /** Sends a smaller or larger picture from now on, without a reconnect. Nothing happens when it is closed. */
  setLimits(limits: VideoLimits): void;
  statistics(): PublisherStatistics;
  /** Ends it; the server knows at once. May be called twice. */
  close(): Promise<void>;
};
