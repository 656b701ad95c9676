/**
 * Defines what the lesson's own stream carries while people are on stage: the teacher's sound with theirs in one track, and the first of their
 * cameras in a corner of the teacher's picture. Without people on stage it is the teacher's stream, untouched. Knows nothing of React, the room or
 * the server.
 */
import type { ComposedStreams, MixedAudio } from "@lectern/publisher";

export type MixedMember = { readonly person: string; readonly stream: MediaStream; readonly isShown: boolean };

export type StageMixOptions = {
  readonly mixAudio: (streams: readonly MediaStream[]) => MixedAudio;
  readonly composeStreams: (options: {
    readonly camera: MediaStream | null;
    readonly screen: MediaStream | null;
  }) => ComposedStreams;
  readonly newStream: (tracks: readonly MediaStreamTrack[]) => MediaStream;
};

export type StageMixState = {
  /** What is to be published. Null: the teacher has nothing open. */
  readonly output: MediaStream | null;
  /** The teacher's own, for those on stage, who must not hear themselves. */
  readonly own: MediaStream | null;
  /** Whether this page publishes the lesson. */
  readonly isPublishing: boolean;
};

export class StageMix {
  private readonly options: StageMixOptions;
  private readonly listeners = new Set<() => void>();
  private state: StageMixState = { output: null, own: null, isPublishing: false };
  private members: readonly MixedMember[] = [];
  private audio: { readonly mixed: MixedAudio; readonly inputs: Set<MediaStream> } | null = null;
  private picture: { readonly composed: ComposedStreams; camera: MediaStream; screen: MediaStreamTrack | null } | null = null;

  constructor(options: StageMixOptions) {
    this.options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly snapshot = (): StageMixState => this.state;

  setOwn(own: MediaStream | null): void {
    if (own !== this.state.own) this.update({ own });
  }

  setPublishing(isPublishing: boolean): void {
    if (isPublishing !== this.state.isPublishing) this.update({ isPublishing });
  }

  /** Those who are heard. None: the mix is over. */
  setMembers(members: readonly MixedMember[]): void {
    this.members = members;
    this.update({});
  }

  private update(change: Partial<StageMixState>): void {
    const next = { ...this.state, ...change };
    const output = this.outputOf(next.own);
    const isSame = output === this.state.output && next.own === this.state.own && next.isPublishing === this.state.isPublishing;
    if (isSame) return;
    this.state = { ...next, output };
    for (const listener of this.listeners) listener();
  }

  private outputOf(own: MediaStream | null): MediaStream | null {
    if (this.members.length === 0 || own === null) {
      this.end();
      return own;
    }
    const tracks = [...this.mixSound(own), ...this.composePicture(own)];
    const before = this.state.output;
    const isSame =
      before !== null && before.getTracks().length === tracks.length && tracks.every((track) => before.getTracks().includes(track));
    return isSame ? before : this.options.newStream(tracks);
  }

  private mixSound(own: MediaStream): readonly MediaStreamTrack[] {
    const wanted = new Set([own, ...this.members.map(({ stream }) => stream)].filter((one) => one.getAudioTracks().length > 0));
    this.audio ??= { mixed: this.options.mixAudio([]), inputs: new Set() };
    const { mixed, inputs } = this.audio;
    for (const stream of [...inputs])
      if (!wanted.has(stream)) {
        inputs.delete(stream);
        mixed.remove(stream);
      }
    for (const stream of wanted)
      if (!inputs.has(stream)) {
        inputs.add(stream);
        mixed.add(stream);
      }
    return mixed.stream.getAudioTracks();
  }

  private composePicture(own: MediaStream): readonly MediaStreamTrack[] {
    const camera = this.members.find(({ stream, isShown }) => isShown && stream.getVideoTracks().length > 0)?.stream ?? null;
    if (!camera) {
      this.picture?.composed.close();
      this.picture = null;
      return own.getVideoTracks();
    }
    const [screen = null] = own.getVideoTracks();
    if (!this.picture) {
      const composed = this.options.composeStreams({ camera, screen: screen && own });
      this.picture = { composed, camera, screen };
      return composed.stream.getVideoTracks();
    }
    const { picture } = this;
    if (picture.camera !== camera) picture.composed.replace("camera", camera);
    if (picture.screen !== screen) picture.composed.replace("screen", screen && own);
    Object.assign(picture, { camera, screen });
    return picture.composed.stream.getVideoTracks();
  }

  private end(): void {
    this.audio?.mixed.close();
    this.audio = null;
    this.picture?.composed.close();
    this.picture = null;
  }
}
