/** Makes an engine of a library that plays through Media Source Extensions, and is loaded on first use. */
import type { Engine, EngineStart } from "./engine.ts";

/** One playing of a stream. */
export type Playback = {
  readonly open: () => Promise<void>;
  readonly choose: (label: string | null) => void;
  /** As `Engine.receivedAt`. */
  readonly receivedAt: number | null;
  /** As `Engine.needsTime`. */
  readonly needsTime: boolean;
  /** As `Engine.mediaTime`. */
  readonly mediaTime: number | null;
  readonly close: () => void;
};

/**
 * @param load loads the library
 * @param play null where the browser cannot play with it
 */
export function mediaSourceEngine<Library>(
  load: () => Promise<Library>,
  play: (library: Library, options: EngineStart) => Playback | null,
): Engine {
  let playback: Playback | null = null;
  let closed = false;
  let chosen: string | null = null;

  const start = async (options: EngineStart): Promise<void> => {
    const library = await load();
    if (closed) return;
    playback = play(library, { ...options, chosen });
    if (playback) await playback.open();
    else options.events.onProblem("browser", "no Media Source Extensions");
  };

  return {
    keepsPace: false,
    start: (options) => {
      chosen = options.chosen;
      start(options).catch((error: unknown) => {
        if (!closed) options.events.onProblem("network", String(error));
      });
    },
    choose: (label) => {
      chosen = label;
      playback?.choose(label);
    },
    receivedAt: () => playback?.receivedAt ?? null,
    needsTime: () => playback?.needsTime ?? false,
    mediaTime: () => playback?.mediaTime ?? null,
    delay: () => null,
    close: () => {
      closed = true;
      playback?.close();
      playback = null;
    },
  };
}
