/** Shows the stage of a page: the camera, and the places for the board. It stays small, because every page with a picture loads it at once. */
import { type ReactNode, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type StageSlotName, stageSlots, WITH_BOARD } from "./stage-slots.ts";
import "./stage-frame.css";

type StageFrameProps = {
  readonly className?: string;
  /** What the board will show: nothing moves when it does. Null: nothing that is known. */
  readonly awaited?: AwaitedPage | null;
  /** Lies over what is large. */
  readonly over?: ReactNode;
  /** The camera, or the people. */
  readonly children: ReactNode;
};

/** A page that is shown until the board's code is loaded and the room has answered. */
export type AwaitedPage = {
  /** The address of a picture of all of it; null: there is none. */
  readonly picture: string | null;
};

/** A room that does not answer for so long leaves the stage to the camera. */
const AWAITED_MS = 8000;

export function StageFrame({ className = "", awaited = null, over, children }: StageFrameProps) {
  const [frame, board, swap] = [useSlot("frame"), useSlot("board"), useSlot("swap")];
  const page = useAwaited(awaited);
  return (
    <div className={`stage ${className}`.trim()} ref={frame}>
      <div className="stage-camera">{children}</div>
      <div className="stage-board" ref={board}>
        {page?.picture ? <img className="board-awaited" src={page.picture} alt="" draggable={false} /> : null}
      </div>
      <div className="stage-swap" ref={swap} />
      {over}
    </div>
  );
}

/** Lays the stage out for a page as long as the board does not know what it shows. Of several answers the first one counts. */
function useAwaited(awaited: AwaitedPage | null): AwaitedPage | null {
  const [first] = useState(awaited);
  const isKnown = useSyncExternalStore(stageSlots.subscribe, stageSlots.isKnown);
  const page = isKnown ? null : first;
  const isAwaited = page !== null;
  useLayoutEffect(() => {
    const slots = stageSlots.snapshot();
    if (!isAwaited || !slots) return;
    slots.frame.classList.add(WITH_BOARD);
    const timer = setTimeout(stageSlots.known, AWAITED_MS);
    return () => {
      clearTimeout(timer);
      // The board has filled its place by now, or there is none.
      if (!slots.board.querySelector(":scope > .board")) slots.frame.classList.remove(WITH_BOARD);
    };
  }, [isAwaited]);
  return page;
}

/** A place outside of the stage. */
export function StageSlot({ name }: { readonly name: "strip" | "tools" | "bar" }) {
  return <div className={`stage-${name}`} ref={useSlot(name)} />;
}

function useSlot(name: StageSlotName): (element: HTMLElement | null) => void {
  return useMemo(() => {
    let before: HTMLElement | null = null;
    return (element) => {
      stageSlots.set(name, element, before);
      before = element;
    };
  }, [name]);
}
