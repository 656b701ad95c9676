/** Keyboard shortcuts of the live player; those of YouTube where they exist. */

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
  const onButton = event.composedPath()[0] instanceof HTMLButtonElement;
  const byKey: { readonly [key: string]: () => void } = {
    k: actions.togglePlay,
    m: actions.toggleMute,
    f: actions.toggleFullScreen,
    i: actions.togglePictureInPicture,
    ArrowUp: () => actions.changeVolume(VOLUME_STEP),
    ArrowDown: () => actions.changeVolume(-VOLUME_STEP),
    // On a button, the space bar presses the button.
    ...(onButton ? {} : { " ": actions.togglePlay }),
  };
  return byKey[event.key] ?? null;
}
