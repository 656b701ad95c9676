/** Shows the stage of the studio, with the places for the board: the pages beside it, the tools below. The stage is as large as its cell lets it. */
import type { ReactNode } from "react";
import { StageFrame, StageSlot } from "../../../board/stage-frame.tsx";
import "./stage-row.css";

type StageRowProps = {
  readonly className?: string;
  /** Lies over what is large. */
  readonly over?: ReactNode;
  /** Lies over the lower edge of all of it. */
  readonly notes?: ReactNode;
  readonly children: ReactNode;
};

export function StageRow({ className = "", over, notes, children }: StageRowProps) {
  return (
    <div className="stage-row">
      <StageSlot name="strip" />
      <div className="stage-cell">
        <StageFrame className={className} over={over}>
          {children}
        </StageFrame>
        <div className="stage-notes">{notes}</div>
      </div>
      <StageSlot name="tools" />
    </div>
  );
}
