/** Provides keyboard shortcuts of the replay player; those of YouTube where they exist. */

export const JUMP_SECONDS = 10;
const ARROW_SECONDS = 5;

export type ReplayKeyActions = {
  readonly togglePlay: () => void;
  readonly skip: (seconds: number) => void;
  readonly toggleMute: () => void;
  readonly toggleFullScreen: () => void;
  readonly changeSpeed: (step: -1 | 1) => void;
};

/**
 * The action of a key; null when it has none.
 * @param isOnControl a button or a menu has the focus, which uses the space bar and the arrows itself
 */
export function replayKeyAction(event: KeyboardEvent, isOnControl: boolean, actions: ReplayKeyActions): (() => void) | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const byKey: { readonly [key: string]: () => void } = {
    k: actions.togglePlay,
    j: () => actions.skip(-JUMP_SECONDS),
    l: () => actions.skip(JUMP_SECONDS),
    m: actions.toggleMute,
    f: actions.toggleFullScreen,
    "<": () => actions.changeSpeed(-1),
    ">": () => actions.changeSpeed(1),
    ...(isOnControl
      ? {}
      : {
          " ": actions.togglePlay,
          ArrowLeft: () => actions.skip(-ARROW_SECONDS),
          ArrowRight: () => actions.skip(ARROW_SECONDS),
        }),
  };
  return byKey[event.key] ?? null;
}
