/** Provides keyboard shortcuts of the live player; those of YouTube where they exist. */

export type KeyActions = {
  readonly togglePlay: () => void;
  readonly toggleMute: () => void;
  readonly toggleFullScreen: () => void;
  readonly togglePictureInPicture: () => void;
  readonly changeVolume: (by: number) => void;
};

const VOLUME_STEP = 0.1;

/** The action of a key; null when it has none. */
export function keyAction(event: KeyboardEvent, actions: KeyActions): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const target = event.composedPath()[0];
  const isOnControl = target instanceof Element && target.matches("button, select, input");
  const byKey: { readonly [key: string]: () => void } = {
    k: actions.togglePlay,
    m: actions.toggleMute,
    f: actions.toggleFullScreen,
    i: actions.togglePictureInPicture,
    // A control uses the space bar and the arrows itself, or a page moves between controls by arrows, as on a television.
    ...(isOnControl
      ? {}
      : {
          " ": actions.togglePlay,
          ArrowUp: () => actions.changeVolume(VOLUME_STEP),
          ArrowDown: () => actions.changeVolume(-VOLUME_STEP),
        }),
  };
  return byKey[event.key] ?? null;
}
