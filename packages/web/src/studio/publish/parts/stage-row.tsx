/** The stage of the studio, with the places for the board: the pages beside it, the tools below. */
import type { ReactNode } from "react";
import { StageFrame, StageSlot } from "../../../board/stage-frame.tsx";
import "./stage-row.css";

export function StageRow({ className = "", children }: { readonly className?: string; readonly children: ReactNode }) {
  return (
    <div className="stage-row">
      <StageSlot name="strip" />
      <StageFrame className={className}>{children}</StageFrame>
      <StageSlot name="tools" />
    </div>
  );
}
