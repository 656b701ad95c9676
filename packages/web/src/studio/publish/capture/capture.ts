/**
 * Holds the camera, the microphone and the screen of a lesson: opens and changes them, notices when one is gone and takes the next best, and
 * makes of them the one stream that is published. Knows nothing of the page or of the server.
 */
import {
  type Device,
  type DeviceKind,
  devicesOf,
  type Facing,
  facingOf,
  fallBack,
  findRemembered,
} from "../devices/device-choice.ts";
import { deviceProblem } from "../devices/device-problem.ts";
import { type CornerName, readRemembered, remember, rememberDevice, type SourceKind } from "../devices/remembered.ts";
import { type CaptureNotice, type CaptureState, type Input, type InputKind, NO_INPUT } from "./capture-state.ts";
import { type MediaSource, openCamera, openMicrophone, openScreen, stopTracks } from "./inputs.ts";
import type { Output } from "./output.ts";

export type CaptureOptions = {
  readonly media: MediaSource;
  readonly output: Output;
  /** The text of the picture while the camera is off. */
  readonly placeholder: () => string;
};

export class Capture {
  private readonly options: CaptureOptions;
  private readonly listeners = new Set<() => void>();
  private readonly openings: Record<InputKind, number> = { camera: 0, microphone: 0, screen: 0 };
  private state: CaptureState;
  /** What was published before the screen was shared. */
  private beforeSharing: SourceKind = "camera";
  private isClosed = false;

  constructor(options: CaptureOptions) {
    this.options = options;
    const { source, corner, noiseSuppression } = readRemembered();
    this.state = {
      // A screen is not shared again without being asked for.
      source: source === "sound" ? "sound" : "camera",
      corner,
      noiseSuppression,
      camera: NO_INPUT,
      microphone: NO_INPUT,
      screen: NO_INPUT,
      devices: { camera: [], microphone: [] },
      isMuted: false,
      isCameraOff: false,
      notice: null,
      output: null,
    };
    options.media.addEventListener("devicechange", this.onDeviceChange);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly snapshot = (): CaptureState => this.state;

  /** Opens what the chosen source needs and is not open yet: microphone, and camera. */
  async open(): Promise<void> {
    const { source, isCameraOff } = this.state;
    const wantsCamera = (source === "camera" || source === "both") && !isCameraOff;
    await Promise.all([
      this.state.microphone.status === "on" ? null : this.openDevice("microphone"),
      !wantsCamera || this.state.camera.status === "on" ? null : this.openDevice("camera"),
    ]);
  }

  /** Changes to a device of the list. */
  async changeDevice(kind: DeviceKind, id: string): Promise<void> {
    if (kind === "camera") this.change({ isCameraOff: false });
    await this.openDevice(kind, { id });
  }

  /** Changes to the other side of a phone. */
  async turnCamera(): Promise<void> {
    const { device, stream } = this.state.camera;
    const mode = stream?.getVideoTracks()[0]?.getSettings().facingMode ?? facingOf(device?.label ?? "");
    await this.openDevice("camera", { facing: mode === "environment" ? "user" : "environment" });
  }

  /** Chooses what is published. A screen is asked for at each choice; when the person does not give one, everything stays as it was. */
  async chooseSource(source: SourceKind): Promise<void> {
    const needsScreen = source === "screen" || source === "both";
    if (needsScreen && this.state.screen.status !== "on" && !(await this.openDevice("screen"))) return;
    const { source: before } = this.state;
    if (needsScreen && (before === "camera" || before === "sound")) this.beforeSharing = before;
    remember({ source });
    this.change({ source, notice: null });
    if (!needsScreen) this.closeInput("screen");
    if (source === "screen" || source === "sound") this.closeInput("camera");
    else if (!this.state.isCameraOff && this.state.camera.status !== "on") await this.openDevice("camera");
  }

  /** Goes back to what was published before the screen. */
  async stopSharing(): Promise<void> {
    await this.chooseSource(this.beforeSharing);
  }

  setCorner(corner: CornerName): void {
    remember({ corner });
    this.change({ corner });
  }

  setMuted(isMuted: boolean): void {
    this.change({ isMuted });
    // A disabled track sends silence; the sound of a shared screen goes on.
    for (const track of this.state.microphone.stream?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  async setCameraOff(isCameraOff: boolean): Promise<void> {
    this.change({ isCameraOff });
    if (isCameraOff) this.closeInput("camera");
    else await this.openDevice("camera");
  }

  async setNoiseSuppression(noiseSuppression: boolean): Promise<void> {
    remember({ noiseSuppression });
    this.change({ noiseSuppression });
    // Browsers change it for a microphone that is opened, not for one that is open.
    if (this.state.microphone.status === "on") await this.openDevice("microphone", { id: this.state.microphone.device?.id });
  }

  dismissNotice(): void {
    this.change({ notice: null });
  }

  /** After a sleep, browsers may have ended tracks without telling. */
  async revive(): Promise<void> {
    for (const kind of ["camera", "microphone"] as const) {
      const { stream, status } = this.state[kind];
      if (status === "on" && stream?.getTracks().some((track) => track.readyState === "ended")) await this.onEnded(kind, stream);
    }
  }

  /** Closes all devices; they can be opened again. May be called twice. */
  closeDevices(): void {
    for (const kind of ["camera", "microphone", "screen"] as const) if (this.state[kind].status !== "off") this.closeInput(kind);
  }

  /** Closes everything for good. May be called twice. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.options.media.removeEventListener("devicechange", this.onDeviceChange);
    for (const kind of ["camera", "microphone", "screen"] as const) stopTracks(this.state[kind].stream);
    this.options.output.close();
    this.listeners.clear();
  }

  /** @param which none: the remembered device, else the browser's choice. True when it is open. */
  private async openDevice(
    kind: InputKind,
    which: { readonly id?: string | undefined; readonly facing?: Facing } = {},
  ): Promise<boolean> {
    const turn = ++this.openings[kind];
    const before = this.state[kind];
    this.change({ [kind]: { ...before, status: "opening", problem: null } });
    let stream: MediaStream;
    try {
      stream = await this.request(kind, which, before.stream);
    } catch (error) {
      if (turn !== this.openings[kind] || this.isClosed) return false;
      const problem = deviceProblem(error, kind === "screen" ? "screen" : "device");
      // What was open before goes on.
      const isStillOpen = before.stream?.getTracks().some((track) => track.readyState === "live") ?? false;
      this.change({ [kind]: isStillOpen ? { ...before, status: "on", problem } : { ...NO_INPUT, status: "failed", problem } });
      return false;
    }
    if (turn !== this.openings[kind] || this.isClosed) {
      stopTracks(stream);
      return false;
    }
    const [track] = kind === "microphone" ? stream.getAudioTracks() : stream.getVideoTracks();
    const device = kind === "screen" || !track ? null : { id: track.getSettings().deviceId ?? which.id ?? "", label: track.label };
    if (device && kind !== "screen" && which.facing === undefined) rememberDevice(kind, device);
    track?.addEventListener("ended", () => void this.onEnded(kind, stream));
    if (kind === "microphone" && track) track.enabled = !this.state.isMuted;
    this.change({ [kind]: { status: "on", problem: null, stream, device } });
    if (before.stream !== stream) stopTracks(before.stream);
    if (kind !== "screen") await this.listDevices();
    return true;
  }

  private async request(
    kind: InputKind,
    which: { id?: string | undefined; facing?: Facing },
    before: MediaStream | null,
  ): Promise<MediaStream> {
    const { media } = this.options;
    if (kind === "screen") return await openScreen(media);
    const open = (id: string | undefined): Promise<MediaStream> =>
      kind === "camera"
        ? openCamera(media, { id, facing: which.facing })
        : openMicrophone(media, { id, noiseSuppression: this.state.noiseSuppression });
    const isOwnChoice = which.id !== undefined || which.facing !== undefined;
    const id = which.id ?? (isOwnChoice ? undefined : readRemembered().devices[kind]?.id);
    try {
      return await open(id);
    } catch (error) {
      const problem = deviceProblem(error);
      // Many phones open one camera at a time.
      if (problem === "in-use" && before !== null && isOwnChoice) {
        stopTracks(before);
        return await open(id);
      }
      // The remembered device is not here, or another program has it.
      if (!isOwnChoice && id !== undefined && (problem === "none" || problem === "in-use")) return await open(undefined);
      throw error;
    }
  }

  /** A track has ended by itself: the device was unplugged, or the share of the screen was ended outside of the page. */
  private async onEnded(kind: InputKind, stream: MediaStream): Promise<void> {
    const { stream: current, device } = this.state[kind];
    if (current !== stream || this.isClosed) return;
    if (kind === "screen") {
      this.closeInput("screen");
      if (this.state.source === "screen" || this.state.source === "both") await this.stopSharing();
      this.change({ notice: { kind: "screen-ended" } });
      return;
    }
    const remembered = readRemembered().devices[kind];
    this.change({ [kind]: NO_INPUT });
    await this.listDevices();
    const devices = this.state.devices[kind];
    // A sleep ends the tracks of devices that are still there.
    const same = devices.find(({ id }) => id === device?.id);
    if (same && (await this.openDevice(kind, { id: same.id }))) return;
    const next = fallBack(device?.id ?? null, remembered, devices);
    const isOpen = next !== null && (await this.openDevice(kind, { id: next.id }));
    // The other device only stands in: the lost one is the one to come back to.
    if (remembered) rememberDevice(kind, remembered);
    if (!isOpen) this.change({ [kind]: { ...NO_INPUT, status: "failed", problem: "none" } });
    const to = isOpen ? (this.state[kind].device?.label ?? next.label) : null;
    this.change({ notice: { kind: "lost", input: kind, from: device?.label ?? "", to } });
  }

  private readonly onDeviceChange = (): void => {
    void this.listDevices().then((added) => {
      for (const { kind, device } of added) {
        const { status, device: current } = this.state[kind];
        const isRemembered = findRemembered(readRemembered().devices[kind], [device]) !== null;
        if (status === "off" || !isRemembered || current?.id === device.id) continue;
        this.change({ notice: { kind: "back", input: kind, device } });
      }
    });
  };

  /** Reads the list again. Gives the devices that are new in it. */
  private async listDevices(): Promise<readonly { readonly kind: DeviceKind; readonly device: Device }[]> {
    const all = await this.options.media.enumerateDevices().catch(() => []);
    if (this.isClosed) return [];
    const before = this.state.devices;
    const devices = { camera: devicesOf("camera", all), microphone: devicesOf("microphone", all) };
    this.change({ devices });
    return (["camera", "microphone"] as const).flatMap((kind) =>
      devices[kind].filter(({ id }) => !before[kind].some((known) => known.id === id)).map((device) => ({ kind, device })),
    );
  }

  private closeInput(kind: InputKind): void {
    this.openings[kind] += 1;
    const { stream } = this.state[kind];
    this.change({ [kind]: NO_INPUT });
    stopTracks(stream);
  }

  private change(
    change: Partial<CaptureState> | { readonly [kind in InputKind]?: Input } | { readonly notice: CaptureNotice },
  ): void {
    if (this.isClosed) return;
    const next: CaptureState = { ...this.state, ...change };
    const { source, corner, camera, screen, microphone } = next;
    const isOpen = [camera, screen, microphone].some(({ stream }) => stream !== null);
    const parts = { source, corner, camera: camera.stream, screen: screen.stream, microphone: microphone.stream };
    const output = isOpen ? this.options.output.update({ ...parts, placeholder: this.options.placeholder() }) : null;
    this.state = { ...next, output };
    for (const listener of this.listeners) listener();
  }
}
