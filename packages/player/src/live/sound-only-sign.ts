/** Says over a still picture that the sound plays alone, and why. */
import { SOUND_ICON } from "@lectern/ui/icons";
import type { PlayerMessages } from "../controls/messages.ts";
import { element, icon, setHidden, setText } from "../controls/widgets.ts";
import type { SoundOnly } from "../engines/engine.ts";

export class SoundOnlySign {
  readonly root = element("div", "sound-only");
  private readonly title = element("span", "");
  private readonly reason = element("p", "");

  constructor() {
    this.root.hidden = true;
    this.root.setAttribute("aria-live", "polite");
    const line = element("strong", "");
    line.append(icon(SOUND_ICON), this.title);
    this.root.append(line, this.reason);
  }

  /** @param why null while the picture plays */
  show(messages: PlayerMessages, why: SoundOnly | null): void {
    setHidden(this.root, why === null);
    if (why === null) return;
    setText(this.title, messages.soundOnly);
    const reason = why === "chosen" ? "" : messages.whySoundOnly[why];
    setHidden(this.reason, reason === "");
    setText(this.reason, reason);
  }
}
