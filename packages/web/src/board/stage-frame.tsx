/** The stage of a page: the camera, and the places for the board. It stays small, because every page with a picture loads it at once. */
import { type ReactNode, useMemo } from "react";
import { type StageSlotName, stageSlots } from "./stage-slots.ts";
import "./stage-frame.css";

type StageFrameProps = {
  readonly className?: string;
  /** The camera, or the people. */
  readonly children: ReactNode;
};

export function StageFrame({ className = "", children }: StageFrameProps) {
  const [frame, board, swap] = [useSlot("frame"), useSlot("board"), useSlot("swap")];
  return (
    <div className={`stage ${className}`.trim()} ref={frame}>
      <div className="stage-camera">{children}</div>
      <div className="stage-board" ref={board} />
      <div className="stage-swap" ref={swap} />
    </div>
  );
}

/** A place outside of the stage. */
export function StageSlot({ name }: { readonly name: "strip" | "tools" }) {
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
