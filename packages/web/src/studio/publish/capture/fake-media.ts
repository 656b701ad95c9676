/** Provides devices for tests: cameras and microphones that are plugged in and out, and screens that are shared. */

type Listed = { kind: MediaDeviceKind; deviceId: string; label: string; groupId: string };

export class FakeTrack extends EventTarget {
  enabled = true;
  readyState: MediaStreamTrackState = "live";
  contentHint = "";
  readonly kind: string;
  readonly label: string;
  readonly settings: MediaTrackSettings;

  constructor(kind: string, label: string, settings: MediaTrackSettings) {
    super();
    this.kind = kind;
    this.label = label;
    this.settings = settings;
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** Ends it as an unplugged device does: with an event. */
  end(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

export class FakeStream {
  readonly tracks: readonly FakeTrack[];

  constructor(tracks: readonly FakeTrack[]) {
    this.tracks = tracks;
  }

  getTracks(): readonly FakeTrack[] {
    return this.tracks;
  }

  getVideoTracks(): readonly FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "video");
  }

  getAudioTracks(): readonly FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === "audio");
  }
}

type DeviceConstraints = { deviceId?: { exact: string }; facingMode?: { ideal: string } };

/** The browser's devices. What it opened is in `opened`, the newest last. */
export class FakeMedia extends EventTarget {
  readonly listed: Listed[] = [];
  readonly opened: FakeTrack[] = [];
  /** Throws instead of opening; null: does not. */
  refuse: ((kind: string, id: string | undefined) => Error | null) | null = null;
  screenSound = false;

  plugIn(kind: "camera" | "microphone", deviceId: string, label = deviceId): void {
    this.listed.push({ kind: kind === "camera" ? "videoinput" : "audioinput", deviceId, label, groupId: "" });
    this.dispatchEvent(new Event("devicechange"));
  }

  unplug(deviceId: string): void {
    const index = this.listed.findIndex((device) => device.deviceId === deviceId);
    this.listed.splice(index, 1);
    for (const track of this.opened) if (track.settings.deviceId === deviceId && track.readyState === "live") track.end();
    this.dispatchEvent(new Event("devicechange"));
  }

  async enumerateDevices(): Promise<Listed[]> {
    return [...this.listed];
  }

  async getUserMedia({ video, audio }: { video?: DeviceConstraints; audio?: DeviceConstraints }): Promise<FakeStream> {
    const [kind, listedKind, wanted] = video ? ["video", "videoinput", video] : ["audio", "audioinput", audio ?? {}];
    const id = wanted.deviceId?.exact;
    const error = this.refuse?.(kind, id);
    if (error) throw error;
    const device = this.listed.find((one) => one.kind === listedKind && (id === undefined || one.deviceId === id));
    if (!device) throw new DOMException("", "NotFoundError");
    const facing = kind === "video" && wanted.facingMode ? { facingMode: wanted.facingMode.ideal } : {};
    return this.open([new FakeTrack(kind, device.label, { deviceId: device.deviceId, ...facing })]);
  }

  async getDisplayMedia(): Promise<FakeStream> {
    const error = this.refuse?.("screen", undefined);
    if (error) throw error;
    const picture = new FakeTrack("video", "screen", {});
    return this.open(this.screenSound ? [picture, new FakeTrack("audio", "sound of the screen", {})] : [picture]);
  }

  private open(tracks: readonly FakeTrack[]): FakeStream {
    this.opened.push(...tracks);
    return new FakeStream(tracks);
  }
}
