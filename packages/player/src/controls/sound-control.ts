/** Provides the sound of the live player: muted or not, how loud, and whether the browser has refused it without a touch. */
import * as media from "./media-actions.ts";

export class SoundControl {
  /** The browser refused sound without a touch, and nobody has touched since. */
  isRefused = false;
  private readonly video: HTMLVideoElement;
  private readonly onChange: () => void;

  constructor(video: HTMLVideoElement, onChange: () => void) {
    this.video = video;
    this.onChange = onChange;
  }

  readonly toggleMute = (): void => this.change(() => media.toggleMute(this.video));
  readonly setVolume = (volume: number): void => this.change(() => media.setVolume(this.video, volume));
  readonly changeVolume = (by: number): void => this.setVolume(this.video.volume + by);

  /** Plays, with sound if the browser allows it. @param onRefused the browser does not play without sound either */
  readonly play = async (onRefused: () => void): Promise<void> => {
    if (!(await media.playOrMute(this.video, onRefused))) return;
    this.isRefused = true;
    this.onChange();
  };

  private change(work: () => void): void {
    work();
    this.isRefused = false;
    this.onChange();
  }
}
