/** Provides the controls of the replay player: buttons, seek bar, clock, chapter, speed menu, status line. */
import { GROW_ICON, PAUSE_ICON, PLAY_ICON, SOUND_ICON, SOUND_OFF_ICON } from "@lectern/ui/icons";
import { formatDuration } from "../controls/format-duration.ts";
import type { PlayerMessages } from "../controls/messages.ts";
import { element, iconButton, setHidden, setIcon, setLabel, setText, textButton } from "../controls/widgets.ts";
import { type Chapter, chapterAt } from "./chapters.ts";
import { SPEEDS } from "./playback-speed.ts";
import { JUMP_SECONDS } from "./replay-keyboard.ts";
import { type PreviewSource, SeekPreview } from "./seek-preview.ts";

export type ReplayControlState = {
  readonly playing: boolean;
  readonly muted: boolean;
  readonly seconds: number;
  readonly duration: number;
  readonly speed: number;
  readonly chapters: readonly Chapter[];
  /** A line over the picture; null for none. */
  readonly status: string | null;
  readonly canRetry: boolean;
};

export type ReplayControlActions = PreviewSource & {
  readonly togglePlay: () => void;
  readonly skip: (seconds: number) => void;
  readonly seek: (seconds: number) => void;
  readonly setSpeed: (rate: number) => void;
  readonly toggleMute: () => void;
  readonly toggleFullScreen: () => void;
  readonly retry: () => void;
};

/** The events of the video after which the controls show something else. */
export const SHOWN_EVENTS = [
  "play",
  "pause",
  "volumechange",
  "ratechange",
  "seeking",
  "seeked",
  "durationchange",
  "waiting",
  "playing",
] as const;

export class ReplayControls {
  readonly root: HTMLElement;
  readonly seekBar: HTMLInputElement;
  private readonly messages: PlayerMessages;
  private readonly playButton: HTMLButtonElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly clock = element("span", "clock");
  private readonly speed: HTMLSelectElement;
  private readonly status = element("div", "status");
  private readonly statusText = element("span", "");
  private readonly retryButton: HTMLButtonElement;
  private readonly chapter = element("span", "chapter");
  private isDragging = false;

  constructor(messages: PlayerMessages, actions: ReplayControlActions) {
    this.messages = messages;
    this.playButton = iconButton("play", PLAY_ICON, actions.togglePlay);
    this.muteButton = iconButton("mute", SOUND_ICON, actions.toggleMute);
    const back = textButton("skip", "−10", () => actions.skip(-JUMP_SECONDS));
    setLabel(back, messages.back);
    const forward = textButton("skip", "+10", () => actions.skip(JUMP_SECONDS));
    setLabel(forward, messages.forward);
    const full = iconButton("full", GROW_ICON, actions.toggleFullScreen);
    full.dataset["outline"] = "";
    setLabel(full, messages.fullScreen);
    this.seekBar = this.createSeekBar(actions);
    this.speed = this.createSpeedMenu(actions);
    this.statusText.setAttribute("role", "status");
    this.retryButton = textButton("retry", messages.retry, actions.retry);
    this.status.append(this.statusText, this.retryButton);
    const row = element("div", "row");
    row.append(this.playButton, back, forward, this.muteButton, this.clock, this.chapter, this.speed, full);
    const bar = element("div", "bar tall");
    bar.append(new SeekPreview(this.seekBar, actions).root, this.seekBar, row);
    this.root = element("div", "controls");
    this.root.append(this.status, bar);
  }

  show({ playing, muted, seconds, duration, speed, chapters, status, canRetry }: ReplayControlState): void {
    const { messages } = this;
    setIcon(this.playButton, playing ? PAUSE_ICON : PLAY_ICON);
    setLabel(this.playButton, playing ? messages.pause : messages.play);
    setIcon(this.muteButton, muted ? SOUND_OFF_ICON : SOUND_ICON);
    setLabel(this.muteButton, muted ? messages.unmute : messages.mute);
    const time = `${formatDuration(seconds)} / ${formatDuration(duration)}`;
    this.seekBar.max = String(duration);
    if (!this.isDragging) this.seekBar.value = String(seconds);
    this.seekBar.setAttribute("aria-valuetext", time);
    setText(this.clock, time);
    setText(this.chapter, chapterAt(chapters, seconds)?.title ?? "");
    if (this.speed.value !== String(speed)) this.speed.value = String(speed);
    setHidden(this.status, status === null);
    setText(this.statusText, status ?? "");
    setHidden(this.retryButton, !canRetry);
  }

  private createSeekBar({ seek }: ReplayControlActions): HTMLInputElement {
    const bar = document.createElement("input");
    Object.assign(bar, { type: "range", min: "0", step: "0.1", className: "seek" });
    bar.setAttribute("aria-label", this.messages.seek);
    bar.addEventListener("pointerdown", () => {
      this.isDragging = true;
    });
    bar.addEventListener("change", () => {
      this.isDragging = false;
      seek(bar.valueAsNumber);
    });
    return bar;
  }

  private createSpeedMenu({ setSpeed }: ReplayControlActions): HTMLSelectElement {
    const menu = document.createElement("select");
    menu.className = "quality";
    menu.setAttribute("aria-label", this.messages.speed);
    menu.append(...SPEEDS.map((rate) => new Option(`${rate}×`, String(rate))));
    menu.addEventListener("change", () => setSpeed(Number(menu.value)));
    return menu;
  }
}
