/** Provides the controls of the live player: buttons, volume, live badge, quality menu, status line. They know no engine and no network. */
import { GROW_ICON, PAUSE_ICON, PICTURE_IN_PICTURE_ICON, PLAY_ICON, SOUND_ICON, SOUND_OFF_ICON } from "@lectern/ui/icons";
import type { PlayerMessages } from "../controls/messages.ts";
import { element, iconButton, setHidden, setIcon, setLabel, setText, textButton } from "../controls/widgets.ts";
import type { Quality } from "../engines/engine.ts";
import { QualityMenu } from "./quality-menu.ts";
import type { SilenceCause } from "./silence-watch.ts";
import type { ConnectionRating } from "./stall-log.ts";

export type LiveControlActions = {
  readonly togglePlay: () => void;
  readonly toggleMute: () => void;
  readonly setVolume: (volume: number) => void;
  readonly toggleFullScreen: () => void;
  readonly togglePictureInPicture: () => void;
  readonly goLive: () => void;
  readonly retry: () => void;
  /** The label of a rung, or null for automatic. */
  readonly chooseQuality: (label: string | null) => void;
};

export type LiveControlState = {
  readonly playing: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly fullScreen: boolean;
  /** Seconds between the frame that is shown and the newest media; null when nothing plays. */
  readonly behind: number | null;
  /** Says so in tenths of a second, where a viewer answers to what is shown. */
  readonly showsDelay: boolean;
  /** Why the picture stands still; `unknown` for a stall that lasts. Null while it moves. */
  readonly standstill: SilenceCause | "unknown" | null;
  readonly connection: ConnectionRating | null;
  /** A line over the picture; null for none. */
  readonly status: string | null;
  readonly canRetry: boolean;
  readonly offersSound: boolean;
  readonly offersPictureInPicture: boolean;
  /** Null while the stream has one rung. */
  readonly quality: Quality | null;
};

function liveText(messages: PlayerMessages, { behind, showsDelay, standstill }: LiveControlState, isLive: boolean): string {
  if (standstill === "connection") return messages.liveReconnecting;
  if (standstill === "publisher") return messages.liveWithoutVideo;
  if (standstill === "unknown") return messages.buffering;
  if (behind === null) return messages.live;
  if (!isLive) return messages.behind(behind.toFixed(0));
  return showsDelay ? messages.liveDelay(Math.max(0.1, behind).toFixed(1)) : messages.live;
}

/** Playback within this of the newest media counts as live. */
const LIVE_WITHIN_SECONDS = 5;

export class LiveControls {
  readonly root: HTMLElement;
  private readonly messages: PlayerMessages;
  private readonly playButton: HTMLButtonElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly volume: HTMLInputElement;
  private readonly fullButton: HTMLButtonElement;
  private readonly pipButton: HTMLButtonElement;
  private readonly quality: QualityMenu;
  private readonly liveButton: HTMLButtonElement;
  private readonly bars: HTMLElement;
  private readonly status: HTMLElement;
  private readonly statusText: HTMLElement;
  private readonly retryButton: HTMLButtonElement;
  private readonly soundButton: HTMLButtonElement;

  constructor(messages: PlayerMessages, actions: LiveControlActions) {
    this.messages = messages;
    this.playButton = iconButton("play", PAUSE_ICON, actions.togglePlay);
    this.muteButton = iconButton("mute", SOUND_ICON, actions.toggleMute);
    this.fullButton = iconButton("full", GROW_ICON, actions.toggleFullScreen);
    this.fullButton.dataset["outline"] = "";
    this.pipButton = iconButton("pip", PICTURE_IN_PICTURE_ICON, actions.togglePictureInPicture);
    this.pipButton.dataset["outline"] = "";
    setLabel(this.pipButton, messages.pictureInPicture);

    this.volume = this.volumeSlider(actions);
    this.quality = new QualityMenu(messages, actions.chooseQuality);

    this.liveButton = textButton("live", "", actions.goLive);
    this.bars = element("span", "bars");
    this.bars.setAttribute("role", "img");
    this.bars.append(element("i", ""), element("i", ""), element("i", ""));

    this.statusText = element("span", "");
    this.statusText.setAttribute("role", "status");
    this.retryButton = textButton("retry", messages.retry, actions.retry);
    this.status = element("div", "status");
    this.status.append(this.statusText, this.retryButton);
    this.soundButton = textButton("sound", messages.tapForSound, actions.toggleMute);

    const bar = element("div", "bar");
    const space = element("span", "space");
    bar.append(
      this.playButton,
      this.muteButton,
      this.volume,
      this.liveButton,
      space,
      this.bars,
      this.quality.root,
      this.pipButton,
      this.fullButton,
    );
    this.root = element("div", "controls");
    this.root.append(this.status, this.soundButton, bar);
  }

  show(state: LiveControlState): void {
    const { messages } = this;
    setIcon(this.playButton, state.playing ? PAUSE_ICON : PLAY_ICON);
    setLabel(this.playButton, state.playing ? messages.pause : messages.play);
    setIcon(this.muteButton, state.muted ? SOUND_OFF_ICON : SOUND_ICON);
    setLabel(this.muteButton, state.muted ? messages.unmute : messages.mute);
    const volume = String(state.muted ? 0 : state.volume);
    if (this.volume.value !== volume) this.volume.value = volume;
    setLabel(this.fullButton, state.fullScreen ? messages.exitFullScreen : messages.fullScreen);
    const live = state.behind !== null && state.behind < LIVE_WITHIN_SECONDS && state.standstill === null;
    setHidden(this.liveButton, state.behind === null);
    this.liveButton.classList.toggle("at-edge", live);
    setText(this.liveButton, liveText(messages, state, live));
    setHidden(this.bars, state.connection === null);
    if (state.connection) {
      if (this.bars.dataset["quality"] !== state.connection) this.bars.dataset["quality"] = state.connection;
      setLabel(this.bars, messages.connection[state.connection]);
    }
    setHidden(this.status, state.status === null);
    setText(this.statusText, state.status ?? "");
    setHidden(this.retryButton, !state.canRetry);
    setHidden(this.soundButton, !state.offersSound);
    setHidden(this.pipButton, !state.offersPictureInPicture);
    this.quality.show(state.quality);
  }

  private volumeSlider({ setVolume }: LiveControlActions): HTMLInputElement {
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: "0", max: "1", step: "0.05", className: "volume" });
    slider.setAttribute("aria-label", this.messages.volume);
    slider.addEventListener("input", () => setVolume(slider.valueAsNumber));
    return slider;
  }
}
