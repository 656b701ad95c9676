/**
 * Defines what both players offer to a page: the sound as properties, and events. Frameworks set a property where an element has one of the name, so
 * no other field may be called as an attribute is.
 */
import type { PlayerEventDetails } from "./player-events.ts";

/** A server that renders pages has no elements: there the class is never used, but it can be imported. */
const Base: typeof HTMLElement = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

export abstract class PlayerElement extends Base {
  protected readonly video = document.createElement("video");

  constructor() {
    super();
    this.video.addEventListener("volumechange", () => this.tellVolume());
  }

  /** It is muted because the browser plays no sound before a touch. */
  get soundRefused(): boolean {
    return false;
  }

  protected tellVolume(): void {
    const { muted, volume, soundRefused: refused } = this;
    this.emit("lectern-volume", { muted, volume, refused });
  }

  get muted(): boolean {
    return this.video.muted;
  }

  /** An empty text is an attribute without a value, as frameworks give it: muted. */
  set muted(muted: boolean | "") {
    this.toggleAttribute("muted", muted === "" || muted);
    this.video.muted = muted === "" || muted;
  }

  /** 0 to 1. */
  get volume(): number {
    return this.video.volume;
  }

  set volume(volume: number) {
    this.video.volume = Math.min(1, Math.max(0, volume));
  }

  protected emit<Type extends keyof PlayerEventDetails>(type: Type, detail: PlayerEventDetails[Type]): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }
}
