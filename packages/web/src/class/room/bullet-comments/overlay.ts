/**
 * Provides bullet comments and reactions over a picture. The layer is in the player's own root, so that it is there in full screen too. It takes no
 * clicks, and its texts have no background, so that a watermark below stays readable.
 */
import { createLanes, type Lanes } from "./lanes.ts";
import type { BulletCommentPreferences } from "./preferences.ts";

const CSS = `
:host { position: absolute; inset: 0; overflow: hidden; pointer-events: none; contain: strict; }
span { position: absolute; top: 0; left: 100%; white-space: nowrap; font: 650 var(--size)/1.35 system-ui, "PingFang SC", "Noto Sans CJK SC", "Segoe UI", sans-serif;
  color: #fff; text-shadow: 0 0 2px #000, 0 1px 3px #000, 0 0 6px rgb(0 0 0 / .6); will-change: transform; }
span.own { text-decoration: underline; text-underline-offset: 4px; text-decoration-thickness: 2px; }
i { position: absolute; bottom: 64px; right: var(--right); font: normal 30px/1 system-ui, "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif; }
`;
/** Comments fly in the upper third. */
const SHARE = 1 / 3;
const LANE_SHARE = { few: 0.34, some: 0.67, many: 1 } as const;
const CROSSING_MS = { slow: 14_000, normal: 10_000, fast: 7000 } as const;
const OPACITY = { light: "0.45", medium: "0.7", full: "0.95" } as const;
const MAX_FLOATING = 12;
const FLOAT_MS = 2600;
const LINE = 1.35;

export class Overlay {
  private readonly host = document.createElement("div");
  private readonly root: ShadowRoot;
  private preferences: BulletCommentPreferences;
  private lanes: Lanes | null = null;
  private laneKey = "";
  private floating = 0;

  constructor(player: HTMLElement, preferences: BulletCommentPreferences) {
    this.preferences = preferences;
    this.host.setAttribute("aria-hidden", "true");
    this.root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    this.root.adoptedStyleSheets = [sheet];
    const parent = player.shadowRoot;
    parent?.insertBefore(this.host, parent.querySelector(".controls"));
  }

  /** From the next comment on; what flies goes on. */
  setPreferences(preferences: BulletCommentPreferences): void {
    this.preferences = preferences;
    if (!preferences.isShown) this.root.replaceChildren();
  }

  /** Lets a comment fly, if it is shown and there is room; one's own always finds room. */
  fly(text: string, color: string | null, isOwn: boolean): void {
    const { width, height } = this.host.getBoundingClientRect();
    if (!this.preferences.isShown || width === 0 || document.hidden) return;
    const size = Math.round(Math.min(30, Math.max(15, width / 42)));
    const comment = document.createElement("span");
    comment.textContent = text;
    if (isOwn) comment.className = "own";
    comment.style.setProperty("--size", `${size}px`);
    comment.style.opacity = OPACITY[this.preferences.opacity];
    if (color) comment.style.color = color;
    this.root.append(comment);
    const ownWidth = comment.getBoundingClientRect().width;
    const placed = this.lanesFor(width, height, size * LINE).place(ownWidth, performance.now(), isOwn);
    if (!placed) return comment.remove();
    comment.style.top = `${8 + placed.lane * size * LINE}px`;
    const flight = comment.animate([{ transform: "none" }, { transform: `translateX(${-width - ownWidth}px)` }], placed.durationMs);
    flight.onfinish = () => comment.remove();
  }

  /** Lets a reaction rise at the side. @param isStill it stays in its place and fades, for people who want less motion */
  float(emoji: string, isStill: boolean): void {
    if (this.floating >= MAX_FLOATING || document.hidden) return;
    this.floating++;
    const sign = document.createElement("i");
    sign.textContent = emoji;
    sign.style.setProperty("--right", `${12 + Math.random() * 48}px`);
    this.root.append(sign);
    const rise = isStill ? "none" : `translate(${Math.random() * 30 - 15}px, -160px)`;
    const frames = [
      { opacity: 1, transform: "none" },
      { opacity: 0.9, offset: 0.6 },
      { opacity: 0, transform: rise },
    ];
    sign.animate(frames, { duration: FLOAT_MS, easing: "ease-out" }).onfinish = () => {
      this.floating--;
      sign.remove();
    };
  }

  close(): void {
    this.host.remove();
  }

  private lanesFor(width: number, height: number, lane: number): Lanes {
    const { density, speed } = this.preferences;
    const available = Math.floor((height * SHARE) / lane);
    const count = Math.max(1, Math.round(available * LANE_SHARE[density]));
    const key = [count, Math.round(width), speed].join(" ");
    if (key !== this.laneKey || !this.lanes) {
      this.laneKey = key;
      this.lanes = createLanes({ count, width, crossingMs: CROSSING_MS[speed] });
    }
    return this.lanes;
  }
}
