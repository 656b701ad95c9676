/** Defines what the frame shows: the live player, or, after a seek, the player of what was live before, which is loaded for that. */

import type { LecternPlayer } from "@lectern/player";
import type { LecternReplay } from "@lectern/player/replay";
import { serverClock } from "@lectern/player/server-clock";
import { rewoundSource } from "../player/media-address.ts";
import type { Command, Messages } from "./frame-messages.ts";

/** How often the page is told the time while something plays. */
const TIME_MS = 500;
/** A seek to less than this before now is one to the live picture. */
const LIVE_WITHIN_SECONDS = 2;
/** The picture of before may be so far from where it was wanted; the playlist begins at a segment. */
const APART_MS = 3000;

/** The events of both players that the page is told of, and their messages. */
const TOLD = {
  "lectern-state": "state",
  "lectern-quality": "quality",
  "lectern-volume": "volume",
  "lectern-problem": "error",
  "lectern-first-frame": "first-frame",
} as const;

export class ShownStream {
  private readonly place: HTMLElement;
  private readonly player: LecternPlayer;
  /** Path of HTTP-FLV, with the link. */
  private readonly media: string;
  private replay: LecternReplay | null = null;
  private messages: Messages = { send: () => {} };
  /** Counts seeks: a player that loads for an earlier one is left alone. */
  private seeks = 0;

  /** @param place the element that holds the player */
  constructor(place: HTMLElement, player: LecternPlayer, media: string) {
    this.place = place;
    this.player = player;
    this.media = media;
  }

  /** Tells the page around the frame what happens from now on. */
  tell(messages: Messages): void {
    this.messages = messages;
    for (const [event, type] of Object.entries(TOLD))
      this.place.addEventListener(event, (happened) => {
        if (happened instanceof CustomEvent) this.messages.send(type, happened.detail ?? {});
      });
    setInterval(() => this.tellTime(), TIME_MS);
    this.report();
  }

  follow(command: Command): void {
    const { shown } = this;
    switch (command.kind) {
      case "play":
        return shown.play();
      case "pause":
        return shown.pause();
      case "mute":
      case "unmute":
        shown.muted = command.kind === "mute";
        return;
      case "volume":
        shown.volume = command.volume;
        return;
      case "quality":
        return this.player.chooseQuality(command.label);
      case "live":
        return this.goLive();
      case "seek":
        return this.seek("at" in command ? command.at : serverClock.now() - command.behind * 1000);
      case "report":
        return this.report();
    }
  }

  private get shown(): LecternPlayer | LecternReplay {
    return this.replay ?? this.player;
  }

  /** @param at milliseconds since 1970 */
  private seek(at: number): void {
    const seek = ++this.seeks;
    if (serverClock.now() - at < LIVE_WITHIN_SECONDS * 1000) return this.goLive();
    const { replay } = this;
    const range = replay?.utcRange;
    if (replay && range && at >= range.from && at <= range.to) {
      replay.utc = at;
      return;
    }
    // Loaded by viewers who seek.
    void import("@lectern/player/replay").then(() => seek === this.seeks && this.showPast(at));
  }

  private showPast(at: number): void {
    const { shown } = this;
    const replay = document.createElement("lectern-replay");
    const { address, startSeconds } = rewoundSource(this.media, at, serverClock.now());
    for (const [name, value] of Object.entries({
      src: address,
      start: String(startSeconds),
      autoplay: "",
      lang: document.documentElement.lang,
    }))
      replay.setAttribute(name, value);
    replay.muted = shown.muted;
    replay.volume = shown.volume;
    replay.addEventListener("lectern-first-frame", () => {
      if (replay.utc !== null && Math.abs(replay.utc - at) > APART_MS) replay.utc = at;
    });
    this.replay = replay;
    shown.replaceWith(replay);
  }

  private goLive(): void {
    const { replay, player } = this;
    if (!replay) return player.play();
    player.muted = replay.muted;
    player.volume = replay.volume;
    this.replay = null;
    replay.replaceWith(player);
    player.play();
  }

  private report(): void {
    const { shown } = this;
    this.messages.send("ready", { isLive: this.replay === null });
    this.messages.send("state", { state: shown.state, problem: null });
    this.messages.send("volume", { muted: shown.muted, volume: shown.volume });
    if (this.player.currentQuality) this.messages.send("quality", this.player.currentQuality);
  }

  private tellTime(): void {
    const { replay, player } = this;
    if (replay) {
      if (replay.state !== "playing" || replay.utc === null) return;
      this.messages.send("time", { isLive: false, at: replay.utc, delay: (serverClock.now() - replay.utc) / 1000 });
    } else if (player.state === "live") {
      const { delay } = player.statistics;
      this.messages.send("time", { isLive: true, at: delay === null ? null : serverClock.now() - delay * 1000, delay });
    }
  }
}
