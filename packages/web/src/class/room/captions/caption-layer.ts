/**
 * Shows captions over a picture. The layer is in the player's own root, so that it is there in full screen too and never lies over the board. It takes no
 * clicks.
 */
import type { CaptionPreferences } from "./preferences.ts";

const CSS = `
:host { position: absolute; inset: 0; overflow: hidden; pointer-events: none; contain: strict; container-type: size; display: flex; flex-direction: column;
  justify-content: flex-end; align-items: center; gap: 2px; padding: 8px 4% 56px; box-sizing: border-box; }
:host(.top) { justify-content: flex-start; padding: 12px 4% 8px; }
p { margin: 0; max-width: 100%; padding: .1em .5em; border-radius: .2em; background: rgb(0 0 0 / .75); color: #fff; text-align: center; overflow-wrap: anywhere;
  font: 500 calc(var(--scale, 1) * clamp(13px, 3.2cqw, 30px))/1.35 system-ui, "PingFang SC", "Noto Sans CJK SC", "Segoe UI", sans-serif; }
`;
const SCALE = { small: "0.8", medium: "1", large: "1.4" } as const;

export class CaptionLayer {
  private readonly host = document.createElement("div");
  private readonly root: ShadowRoot;
  private shown = "";

  constructor(player: HTMLElement) {
    // Who does not see the picture hears what is said.
    this.host.setAttribute("aria-hidden", "true");
    this.host.dataset["captions"] = "";
    this.root = this.host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    this.root.adoptedStyleSheets = [sheet];
    const parent = player.shadowRoot;
    parent?.insertBefore(this.host, parent.querySelector(".controls"));
  }

  setPreferences({ size, place }: CaptionPreferences): void {
    this.host.className = place;
    this.host.style.setProperty("--scale", SCALE[size]);
  }

  show(lines: readonly string[], language: string): void {
    const text = lines.join("\n");
    if (text === this.shown) return;
    this.shown = text;
    this.root.replaceChildren(
      ...lines.map((line) => {
        const shown = document.createElement("p");
        shown.dir = "auto";
        shown.lang = language;
        shown.textContent = line;
        return shown;
      }),
    );
  }

  close(): void {
    this.host.remove();
  }
}
