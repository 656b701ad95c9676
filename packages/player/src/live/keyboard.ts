/** What keys do while the player has the focus. */

export type KeyActions = {
  readonly togglePlay: () => void;
  readonly toggleMute: () => void;
  readonly toggleFullScreen: () => void;
  readonly togglePictureInPicture: () => void;
  readonly changeVolume: (by: number) => void;
};

/** What a key does; null: nothing. */
export function keyAction(event: KeyboardEvent, actions: KeyActions): (() => void) | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const onButton = event.composedPath()[0] instanceof HTMLButtonElement;
  const byKey: { readonly [key: string]: () => void } = {
    k: actions.togglePlay,
    m: actions.toggleMute,
    f: actions.toggleFullScreen,
    i: actions.togglePictureInPicture,
    ArrowUp: () => actions.changeVolume(0.1),
    ArrowDown: () => actions.changeVolume(-0.1),
    // On a button, the space bar presses it.
    ...(onButton ? {} : { " ": actions.togglePlay }),
  };
  return byKey[event.key] ?? null;
}
