/** Hands pictures and sound of the paper to what shows questions and passages. */
import { createContext } from "react";
import type { SoundPlayer } from "./sound-player.ts";

export type ShownMedia = {
  /** Null: there is no such file. */
  readonly urlOf: (file: string) => string | null;
  /** Null: a preview, in which nothing is counted. */
  readonly player: SoundPlayer | null;
};

export const MediaContext = createContext<ShownMedia>({ urlOf: () => null, player: null });

export type MediaHooks = { readonly playsOf: (file: string) => number; readonly onPlayed: (file: string) => void };
export type OpenedMedia = {
  readonly shown: ShownMedia;
  /** The clock stands, or runs again. */
  readonly hold: (isHeld: boolean) => void;
  readonly close: () => void;
};
