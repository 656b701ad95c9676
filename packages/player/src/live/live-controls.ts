/** The controls over the picture: buttons, volume, the live badge, the status line. They know no engine and no network. */

import type { PlayerMessages } from "../controls/messages.ts";
import { element, ICONS, iconButton, setIcon, setLabel, setText, textButton } from "../controls/widgets.ts";
import type { Quality } from "../engines/engine.ts";

export type ControlActions = {
  readonly togglePlay: () => void;
  readonly toggleMute: () => void;
  readonly setVolume: (volume: number) => void;
  readonly toggleFullScreen: () => void;
  readonly togglePictureInPicture: () => void;
  readonly goLive: () => void;
  readonly retry: () => void;
  /** A rung, or null to leave the choice to the player. */
  readonly chooseQuality: (rung: number | null) => void;
};

export type ControlState = {
  readonly playing: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly fullScreen: boolean;
  /** Seconds behind the newest picture that has come; null when nothing plays. */
  readonly behind: number | null;
  readonly connection: "good" | "fair" | "poor" | null;
  /** A line over the picture; null for none. */
  readonly status: string | null;
  readonly canRetry: boolean;
  readonly offerSound: boolean;
  /** Null while there is nothing to choose. */
  readonly quality: Quality | null;
};

/** The choice to leave the choice to the player. */
const AUTOMATIC = "auto";
/** Behind by less than this, it is live. */
const LIVE_WITHIN_SECONDS = 5;

export class Controls {
  readonly root: HTMLElement;
  private readonly words: PlayerMessages;
  private readonly playButton: HTMLButtonElement;
  private readonly muteButton: HTMLButtonElement;
  private readonly volume: HTMLInputElement;
  private readonly fullButton: HTMLButtonElement;
  private readonly quality: HTMLSelectElement;
  private readonly liveButton: HTMLButtonElement;
  private readonly bars: HTMLElement;
  private readonly status: HTMLElement;
  private readonly statusText: HTMLElement;
  private readonly retryButton: HTMLButtonElement;
  private readonly soundButton: HTMLButtonElement;

  constructor(words: PlayerMessages, actions: ControlActions) {
    this.words = words;
    this.playButton = iconButton("play", ICONS.pause, actions.togglePlay);
    this.muteButton = iconButton("mute", ICONS.sound, actions.toggleMute);
    this.fullButton = iconButton("full", ICONS.full, actions.toggleFullScreen);
    this.fullButton.dataset["outline"] = "";
    const pip = iconButton("pip", ICONS.pip, actions.togglePictureInPicture);
    pip.dataset["outline"] = "";
    setLabel(pip, words.pictureInPicture);
    pip.hidden = !document.pictureInPictureEnabled;

    this.volume = document.createElement("input");
    Object.assign(this.volume, { type: "range", min: "0", max: "1", step: "0.05", className: "volume" });
    this.volume.setAttribute("aria-label", words.volume);
    this.volume.addEventListener("input", () => actions.setVolume(this.volume.valueAsNumber));

    this.quality = document.createElement("select");
    this.quality.className = "quality";
    this.quality.setAttribute("aria-label", words.quality);
    this.quality.hidden = true;
    this.quality.addEventListener("change", () => {
      actions.chooseQuality(this.quality.value === AUTOMATIC ? null : Number(this.quality.value));
    });

    this.liveButton = document.createElement("button");
    this.liveButton.className = "live";
    this.liveButton.type = "button";
    this.liveButton.addEventListener("click", actions.goLive);
    this.bars = element("span", "bars");
    this.bars.setAttribute("role", "img");
    this.bars.append(element("i", ""), element("i", ""), element("i", ""));

    this.statusText = element("span", "");
    this.statusText.setAttribute("role", "status");
    this.retryButton = textButton("retry", words.again, actions.retry);
    this.status = element("div", "status");
    this.status.append(this.statusText, this.retryButton);
    this.soundButton = textButton("sound", words.tapForSound, actions.toggleMute);

    const bar = element("div", "bar");
    const space = element("span", "space");
    bar.append(
      this.playButton,
      this.muteButton,
      this.volume,
      this.liveButton,
      space,
      this.bars,
      this.quality,
      pip,
      this.fullButton,
    );
    this.root = element("div", "controls");
    this.root.append(this.status, this.soundButton, bar);
  }

  show(state: ControlState): void {
    const { words } = this;
    setIcon(this.playButton, state.playing ? ICONS.pause : ICONS.play);
    setLabel(this.playButton, state.playing ? words.pause : words.play);
    setIcon(this.muteButton, state.muted ? ICONS.silent : ICONS.sound);
    setLabel(this.muteButton, state.muted ? words.unmute : words.mute);
    this.volume.value = String(state.muted ? 0 : state.volume);
    setLabel(this.fullButton, state.fullScreen ? words.leaveFullScreen : words.fullScreen);
    const live = state.behind !== null && state.behind < LIVE_WITHIN_SECONDS;
    this.liveButton.hidden = state.behind === null;
    this.liveButton.classList.toggle("at-edge", live);
    setText(this.liveButton, live || state.behind === null ? words.live : words.behind(state.behind.toFixed(0)));
    this.bars.hidden = state.connection === null;
    if (state.connection) {
      this.bars.dataset["quality"] = state.connection;
      this.bars.title = words.connection[state.connection];
      this.bars.setAttribute("aria-label", words.connection[state.connection]);
    }
    this.status.hidden = state.status === null;
    setText(this.statusText, state.status ?? "");
    this.retryButton.hidden = !state.canRetry;
    this.soundButton.hidden = !state.offerSound;
    this.showQuality(state.quality);
  }

  private showQuality(quality: Quality | null): void {
    this.quality.hidden = quality === null;
    if (!quality) return;
    const rungs = quality.rungs.join();
    if (this.quality.dataset["rungs"] !== rungs) {
      this.quality.dataset["rungs"] = rungs;
      const options = quality.rungs.map((name, rung) => new Option(name, String(rung)));
      this.quality.replaceChildren(new Option(this.words.automatic, AUTOMATIC), ...options);
    }
    const value = quality.chosen === null ? AUTOMATIC : String(quality.chosen);
    if (this.quality.value !== value) this.quality.value = value;
  }
}
