/** Provides the quality menu: automatic quality, the rungs of the stream, the data saver with what it saves, and sound alone. */
import { QUALITY_ICON } from "@lectern/ui/icons";
import type { PlayerMessages } from "../controls/messages.ts";
import { element, icon, setHidden, setText } from "../controls/widgets.ts";
import type { Quality } from "../engines/engine.ts";
import { type RungOption, SAVER, SOUND } from "../engines/rung-list.ts";

/** Value of the entry for automatic quality. */
const AUTO = "auto";

export class QualityMenu {
  readonly root = element("div", "quality");
  private readonly menu = document.createElement("select");
  /** What is chosen, in few words: the menu itself lies over it, and is transparent. */
  private readonly current = element("span", "");
  private readonly messages: PlayerMessages;
  /** The entries that it has, as one text. */
  private entries = "";

  /** @param choose called with the label of a rung; null for automatic */
  constructor(messages: PlayerMessages, choose: (label: string | null) => void) {
    this.messages = messages;
    const { root, menu, current } = this;
    menu.setAttribute("aria-label", messages.quality);
    menu.addEventListener("change", () => choose(menu.value === AUTO ? null : menu.value));
    current.setAttribute("aria-hidden", "true");
    root.hidden = true;
    root.append(icon(QUALITY_ICON), current, menu);
  }

  /** @param quality null while the stream has one rung */
  show(quality: Quality | null): void {
    // One entry is no choice.
    setHidden(this.root, quality === null || quality.rungs.length + Number(quality.hasSound) < 2);
    if (!quality) return;
    this.setEntries(quality);
    const { menu } = this;
    const value = quality.chosen ?? AUTO;
    if (menu.value !== value) menu.value = value;
    const auto = this.autoName(quality);
    const entry = menu.options[0];
    if (entry && entry.text !== auto) entry.text = auto;
    setText(this.current, quality.chosen === null ? auto : this.shortName(quality.chosen));
  }

  private setEntries({ rungs, hasSound }: Quality): void {
    const values = [...rungs.map(({ label }) => label), ...(hasSound ? [SOUND] : [])];
    const names = [...rungs.map((rung) => this.nameOf(rung)), ...(hasSound ? [this.messages.soundOnly] : [])];
    const entries = names.join("\n");
    if (entries === this.entries) return;
    this.entries = entries;
    this.menu.replaceChildren(new Option(this.messages.auto, AUTO), ...names.map((name, i) => new Option(name, values[i])));
  }

  /** Says which rung automatic quality plays. */
  private autoName({ rungs, chosen, playing }: Quality): string {
    const { auto, autoOf } = this.messages;
    return chosen !== null || playing === null || rungs.length < 2 ? auto : autoOf(this.shortName(playing));
  }

  private shortName(label: string): string {
    const { dataSaverName, soundOnly } = this.messages;
    return label === SAVER ? dataSaverName : label === SOUND ? soundOnly : label;
  }

  private nameOf({ label, saves }: RungOption): string {
    return saves === null ? label : this.messages.dataSaver(Math.round(saves * 100));
  }
}
