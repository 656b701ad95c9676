/**
 * Provides the microphone, camera and screen of a person who is heard: opened when they are switched on, and made into the one stream that is
 * published. Knows nothing of React, the room or the server.
 */

export type OwnMediaState = {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly isSharing: boolean;
  /** What is published: a new object whenever its tracks change. Null: nothing is open. */
  readonly stream: MediaStream | null;
  /** The device that does not open. */
  readonly problem: { readonly kind: "microphone" | "camera" | "screen"; readonly isDenied: boolean } | null;
};

export type OwnMediaOptions = { readonly media: Pick<MediaDevices, "getUserMedia" | "getDisplayMedia"> };

const NOTHING: OwnMediaState = { microphone: false, camera: false, isSharing: false, stream: null, problem: null };
/** For who is shown large: less is sent while the picture is shown small (`video-limits.ts`). */
const CAMERA = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } };
/** The voices of the others come from the loudspeakers beside the microphone. */
const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

type Kind = "microphone" | "camera" | "screen";

export class OwnMedia {
  private readonly options: OwnMediaOptions;
  private readonly listeners = new Set<() => void>();
  private readonly tracks = new Map<Kind, MediaStreamTrack>();
  private state = NOTHING;
  private isClosed = false;

  constructor(options: OwnMediaOptions) {
    this.options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly snapshot = (): OwnMediaState => this.state;

  /** Opens the microphone at the first time. Later it is silent while it is off, and heard again at once. False: it did not open. */
  async setMicrophone(isOn: boolean): Promise<boolean> {
    if (isOn && !this.tracks.has("microphone") && !(await this.open("microphone"))) return false;
    const track = this.tracks.get("microphone");
    if (track) track.enabled = isOn;
    this.update({ microphone: isOn });
    return true;
  }

  /** The camera's light goes out with it. False: it did not open. */
  async setCamera(isOn: boolean): Promise<boolean> {
    if (!isOn) this.stop("camera");
    else if (!this.tracks.has("camera") && !(await this.open("camera"))) return false;
    this.update({ camera: isOn });
    return true;
  }

  /** Asks the person which screen. False: none was chosen. @param onEnd the browser's own bar has ended it */
  async shareScreen(onEnd: () => void): Promise<boolean> {
    if (!(await this.open("screen"))) return false;
    this.tracks.get("screen")?.addEventListener("ended", () => {
      this.stopSharing();
      onEnd();
    });
    return true;
  }

  stopSharing(): void {
    this.stop("screen");
    this.update({ isSharing: false });
  }

  /** Everything is off. */
  close(): void {
    this.isClosed = true;
    for (const kind of [...this.tracks.keys()]) this.stop(kind);
    this.update({ microphone: false, camera: false, isSharing: false });
  }

  private async open(kind: Kind): Promise<boolean> {
    const track = await this.request(kind).catch((error: unknown) => {
      const isDenied = error instanceof DOMException && error.name === "NotAllowedError";
      // A person who closes the question about a screen has decided.
      if (kind !== "screen" || !isDenied) this.update({ problem: { kind, isDenied } });
      return null;
    });
    if (!track) return false;
    if (this.isClosed) {
      track.stop();
      return false;
    }
    this.stop(kind);
    this.tracks.set(kind, track);
    // At once with its picture, which is published as a screen: sharp rather than fluent.
    this.update({ problem: null, ...(kind === "screen" ? { isSharing: true } : {}) });
    return true;
  }

  private async request(kind: Kind): Promise<MediaStreamTrack | null> {
    const { media } = this.options;
    if (kind === "microphone") return (await media.getUserMedia({ audio: MICROPHONE })).getAudioTracks()[0] ?? null;
    if (kind === "camera") return (await media.getUserMedia({ video: CAMERA })).getVideoTracks()[0] ?? null;
    const [track = null] = (await media.getDisplayMedia({ video: { frameRate: { max: 15 } }, audio: false })).getVideoTracks();
    if (track) track.contentHint = "detail";
    return track;
  }

  private stop(kind: Kind): void {
    this.tracks.get(kind)?.stop();
    this.tracks.delete(kind);
  }

  private update(change: Partial<OwnMediaState>): void {
    this.state = { ...this.state, ...change, stream: this.published() };
    for (const listener of this.listeners) listener();
  }

  /** A screen takes the place of the camera. */
  private published(): MediaStream | null {
    const picture = this.tracks.get("screen") ?? this.tracks.get("camera");
    const tracks = [this.tracks.get("microphone"), picture].filter((track) => track !== undefined);
    const before = this.state.stream;
    const isSame =
      before !== null && before.getTracks().length === tracks.length && tracks.every((track) => before.getTracks().includes(track));
    if (isSame) return before;
    return tracks.length === 0 ? null : new MediaStream(tracks);
  }
}
